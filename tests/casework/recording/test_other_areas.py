"""Two areas at one meeting: the victim liaison officer where the victim lives, and the other area's coordinator.

Joint inspection 2015, 6.24: no victim liaison officer came, since the victim was "not from the local area".
"""

from sqlalchemy import select

from casework.loading import load_directory
from models.meetings import Meeting, Participant
from tests.casework.documents.reading import both, papers
from tests.support.story import VERA, Story, at, form, post, write_csv

VERITY, WENDY = "verity@victims.example", "wendy@mappa.example"
THERE = [
    post("victim_liaison", "representative", "Verity", VERITY) | {"area": "West Yorkshire"},
    post("mappa_unit", "coordinator", "Wendy", WENDY) | {"area": "West Yorkshire"},
]


def listed(story: Story) -> dict[str, tuple[str, bool, str]]:
    with story.record.reading() as session:
        rows = session.scalars(select(Participant).join(Meeting).order_by(Participant.id))
        return {one.email or "": (one.agency, one.required, one.reason or "") for one in rows}


def test_each_is_invited_from_the_directory_of_their_own_area(story: Story) -> None:
    load_directory(story.record, write_csv(story.folder / "there.csv", THERE), as_at=at("2026-09-20"), actor="t")
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    story.tick("2026-09-21")
    assert VERA in listed(story)
    assert WENDY not in listed(story)
    story.record_fact("circumstances", "2026-09-22", victim_area="West Yorkshire", other_area="West Yorkshire")
    story.tick("2026-09-22")
    now = listed(story)
    assert now[VERITY][:2] == ("victim_liaison", True)
    assert VERA not in now
    assert now[WENDY] == ("mappa_unit", False, "another area has a part in the case: West Yorkshire")
    story.tick("2026-09-23")
    assert listed(story) == now, "nobody is listed twice"
    assert {message.recipient for message in story.messages() if message.kind == "invitation"} >= {VERITY, WENDY}
    for seen in both(papers(story, 1)):
        assert "West Yorkshire" in seen


def test_where_nobody_is_known_there_a_person_is_asked(story: Story) -> None:
    story.record_fact("circumstances", "2026-09-20", victim_area="Essex")
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    story.tick("2026-09-21")
    assert "meeting 1: nobody is known to invite for victim_liaison" in story.problems()
