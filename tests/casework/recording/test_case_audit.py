"""What the board found when it looked at a case (joint inspection 2015, 4.22 and 7.12; MAPPA guidance 2012, forms)."""

from tests.casework.recording.test_refusals import refused
from tests.support.story import Story, form


def test_nobody_audits_their_own_case_and_the_sample_is_of_level_1(story: Story) -> None:
    told = form("case-audit", audit="level_1_sample", by="Olive")
    assert refused(story, "case-audit", "2026-11-02", **told) == (
        "audit: the case is at level 2: the sample is of cases at level 1\n"
        "by: Olive manages the case: somebody else looks at it"
    )
    story.record_fact("case-audit", "2026-11-02", **form("case-audit"))
