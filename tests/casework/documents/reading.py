"""How tests of documents write one and read it: as text, as a page, and against what the record holds."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import select

from casework.documents.minutes import write_minutes
from casework.documents.papers import write_papers
from models.meetings import Meeting
from tests.support.story import Story, attended, form, minuted

# What stands in the record as a word of the vocabulary, an address or a date: the document says it in other words.
SAID_OTHERWISE = {"agency", "status", "level", "decision", "position", "email", "starts_at", "date", "on", "due_on"}
EVERYBODY = (
    attended("probation", "Olive Example"),
    attended("police", "Priya Example"),
    attended("prison", "Opal Example"),
    attended("childrens_social_care", "Ruth Example"),
    attended("victim_liaison", "Vera Example"),
    attended("approved_premises", "Anna Example"),
    attended("neighbourhood_policing", "Nell Example"),
)


def minutes(story: Story, number: int, version: int = 1) -> tuple[str, str]:
    with story.record.reading() as session:
        return write_minutes(session, meeting(session, number), version)


def papers(story: Story, number: int) -> tuple[str, str]:
    with story.record.reading() as session:
        return write_papers(session, meeting(session, number))


def meeting(session: Any, number: int) -> Meeting:
    return session.scalars(select(Meeting).where(Meeting.number == number)).one()


class Reader(HTMLParser):
    """What a reader of the page sees, the headings, and the cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.headings: list[str] = []
        self.blank: list[str] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag != "meta":
            self._open.append((tag, []))

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] not in ("style", "title"):
            self.seen.append(data)
        for _, words in self._open:
            words.append(data)

    def handle_endtag(self, tag: str) -> None:
        name, parts = self._open.pop()
        assert name == tag, f"<{name}> is closed by </{tag}>"
        words = "".join(parts).strip()
        if tag == "h2":
            self.headings.append(words)
        if tag in ("p", "td", "th", "dt", "dd", "h1", "h2", "h3", "caption") and words in ("", "None", "[]"):
            self.blank.append(tag)


def squeezed(text: str) -> str:
    """Return a text without what wraps its lines."""
    return " ".join(text.split())


def both(written: tuple[str, str]) -> tuple[str, str]:
    """Return what a reader of the text and a reader of the page see, in one line each."""
    text, page = written
    return squeezed(text), squeezed(" ".join(Reader(page).seen))


def leaves(found: Any, name: str = "") -> Iterator[str]:
    """Yield every text of a record that a document must give word for word."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from leaves(value, key)
    elif isinstance(found, list):
        for value in found:
            yield from leaves(value, name)
    elif isinstance(found, str) and name not in SAID_OTHERWISE:
        yield squeezed(found)


def full_meeting(story: Story) -> dict[str, Any]:
    """Return the record of a level 3 meeting with something in every section, and record it on 2027-01-27."""
    inspector = attended("police", "Priya Example", grade="Inspector", grade_reason="The superintendent is on leave.")
    data = minuted(
        EVERYBODY[0],
        inspector,
        *EVERYBODY[2:6],
        attended("neighbourhood_policing", "Nell Example", "apologies_with_report", report="The street is known."),
        level=3,
        next_on="2027-03-17",
        salt="Written in January.",
        meeting=2,
        visits=[
            {"on": "2027-01-05", "agency": "police", "by": "Priya Example", "announced": False},
            {"on": "2026-12-01", "agency": "probation", "by": "Olive Example", "announced": True},
        ],
        previous_actions=[
            {
                "action": 1,
                "position": "done",
                "outcome": "He lives in Leeds, and has had no contact for three years.",
                "plan_effect": "The exclusion zone in Leeds is dropped.",
            }
        ],
        critical_public_protection_case={"decision": "no", "reason": "No exceptional resources are needed."},
        media_strategy="One line, from the police press office.",
        links="He is known to the MARAC of Camden.",
        actions=[
            {
                "text": "Find a bed outside Leeds",
                "agency": "approved_premises",
                "owner": {"name": "Clare Example"},
                "delegation": "Only the Chair can pay for it.",
                "due_on": "2027-02-10",
            }
        ],
    )
    data["next_meeting"]["place"] = "Leeds Town Hall"
    data["disclosure"] = {
        "decision": "disclose",
        "reason": "The landlord has tenants with children.",
        "to_whom": "The housing officer",
        "what": "The conviction and the curfew",
        "how": "At the housing office, by the two of them",
        "by": {"name": "Paula Example", "email": "paula@police.example"},
        "agency": "police",
        "due_on": "2027-02-17",
        "proposed_by": "Petra Example",
        "approved_by": "Clare Example",
    }
    data["previous_disclosures"] = [
        {
            "disclosure": 1,
            "position": "made",
            "outcome": "He was calm, and asked whom to call.",
            "undertaking": "Signed on 12 November; it is on the police file.",
        }
    ]
    data["plan"]["supervision"] = form("meeting")["plan"]["supervision"]
    data["carried_forward"] = {
        "plan.supervision": {"confirmed_by": "Olive Example", "because": "She keeps to it until the release."}
    }
    data["struck"] = {"information.police": "The neighbour has moved away."}
    move_to_level_3(story)
    approved_disclosure(story)
    story.record_fact("meeting", "2027-01-27", **data)
    return data


def move_to_level_3(story: Story) -> None:
    """Have the planned second meeting held at level 3."""
    with story.record.writing() as session:
        meeting(session, 2).level = 3


def approved_disclosure(story: Story) -> None:
    """Propose the disclosure of the examples, and have it approved."""
    story.record_fact("disclosure", "2026-11-02", **form("disclosure"))
    story.record_fact("disclosure-approval", "2026-11-04", **form("disclosure-approval"))
