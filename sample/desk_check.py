"""The desk of the demo, looked at as browsers look: somebody of each role comes, and sees their day and a case."""

import re

import httpx

from models.record import Record
from policy.errors import FailedError
from policy.roles import DIRECTORY_ROLES
from sample.desk_people import PAGES
from service.desk import Desk
from service.settings import Settings
from service.stopping import say

CHOICE = re.compile(r'type="radio" value="([^"]+)"')
FIRST_CASE = re.compile(r'href="(/cases/[A-Z]+-[0-9]+-[0-9]+)"')


def refuse_a_desk_that_fails(record: Record, settings: Settings) -> None:
    """Raise ``FailedError`` where the desk does not show somebody of each role their day, or a case, as a browser does.

    It listens on its port for as long as that takes.
    """
    desk = Desk(record, settings, PAGES)
    desk.start()
    try:
        with httpx.Client(base_url=settings.desk.address, follow_redirects=True, trust_env=False) as browser:
            choices = CHOICE.findall(browser.get("/demo").text)
            wrong = [f"the desk does not let {who} in" for who in choices if not comes_to_the_desk(browser, who)]
    finally:
        desk.stop()
    if len(choices) < len(DIRECTORY_ROLES):
        wrong.append(f"the desk offers {len(choices)} people to be")
    if wrong:
        raise FailedError("; ".join(wrong), reasons=wrong)
    say(f"  {len(choices)} people saw their day; those who have cases opened one")


def comes_to_the_desk(browser: httpx.Client, email: str) -> bool:
    """Tell whether somebody gets in, sees Today, and can open the first case of their list, if they have one."""
    browser.cookies.clear()
    today = browser.post("/demo", data={"email": email})
    cases = browser.get("/cases")
    case = FIRST_CASE.search(cases.text)
    opened = browser.get(case[1]) if case else cases
    return today.status_code == cases.status_code == opened.status_code == 200 and "<h1" in today.text
