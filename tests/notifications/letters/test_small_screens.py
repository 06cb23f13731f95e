"""Every e-mail can be read on a telephone: none of the samples of the reference is wider than a small screen."""

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser

from docs.messages import LETTERS, letter_samples, line_of, mail
from docs.sample_letters import steps_of
from policy.kinds import Release
from policy.letters import MessageKind
from policy.take_on import TAKE_ON
from tests.web.at_work import NO_CHROMIUM, chromium

pytestmark = NO_CHROMIUM
SMALL = 320
SAMPLES = [
    (kind, lines, content) for kind in LETTERS for lines, content in letter_samples(kind)
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def width_of(browser: Browser, message: EmailMessage) -> int:
    """Return how many pixels an e-mail takes on a small screen."""
    page = browser.new_page(viewport={"width": SMALL, "height": 700})
    page.set_content(message.get_body(("html",)).get_content())  # type: ignore[union-attr]
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    page.close()
    return int(wide)


@pytest.mark.parametrize(
    ("kind", "lines", "content"), SAMPLES, ids=[f"{kind.value}-{n}" for n, (kind, _, _) in enumerate(SAMPLES)]
)
def test_a_letter_fits(browser: Browser, kind: MessageKind, lines: list, content: object) -> None:  # type: ignore[type-arg]
    assert width_of(browser, mail(lines, content, kind=kind.value)) == SMALL  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [MessageKind.DIGEST, MessageKind.ESCALATION, MessageKind.STUCK_LIST])
@pytest.mark.parametrize("rung", ["", TAKE_ON])
def test_a_list_fits(browser: Browser, kind: MessageKind, rung: str) -> None:
    lines = [line_of(one, steps_of(one)[1][-1], timescale_id=n)
             for n, one in enumerate((Release.PRISON_NOTICE, Release.REFERRAL))]  # fmt: skip
    lines = [replace(one, rung=rung or one.rung, weight="reminder") for one in lines]
    assert width_of(browser, mail(lines, kind=kind.value)) == SMALL
