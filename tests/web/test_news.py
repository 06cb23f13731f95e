"""Since you were last here: what others recorded meanwhile, counted and linked, of one's own cases alone."""

import time_machine

from tests.support.story import CORA, HANA, OPAL, Story, at
from tests.web.conftest import TODAY
from tests.web.visiting import Desk


def test_what_others_recorded_is_counted_and_leads_to_its_cases(desk: Desk, story: Story) -> None:
    desk.sign_in(CORA, at(TODAY, 10))
    assert "Since you were last here" not in desk.get("/today").text
    story.record_fact("circumstances", "2026-09-22", victim_contact=True)
    story.record_fact("circumstances", "2026-09-23", victim_contact=False)
    story.record_fact("level", "2026-09-23", level=1, reason="Ordinary management will do, with one agency.")
    with time_machine.travel(at("2026-09-24", 10), tick=False):
        page = desk.sign_in(CORA, at("2026-09-24", 10)).get("/today")
        assert "Circumstances: 2" in page.text
        assert "Level decided: 1" in page.text
        assert "/news?kind=circumstances" in page.links()
        page = desk.get("/news?kind=level")
        rows = [row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")]
        assert rows == ["LON-2026-000001 Level decided clerk Wednesday 23 September, 09:00"]
        assert len(desk.get("/news").soup.select("tbody tr")) == 3
        assert desk.get("/news?kind=no-such").soup.select("tbody tr") == []
        # Whoever was never here, or may not read the case, is told nothing of it.
        assert desk.sign_in(OPAL, at("2026-09-24", 10)).get("/news").soup.select("tbody tr") == []
        desk.sign_in(HANA, at("2026-09-22", 9))
        assert "LON-2026" not in desk.sign_in(HANA, at("2026-09-24", 10)).get("/news").text
    with time_machine.travel(at("2026-10-20", 10), tick=False):
        # After two weeks it is no news.
        assert "Circumstances: 2" not in desk.sign_in(CORA, at("2026-10-20", 10)).get("/today").text
