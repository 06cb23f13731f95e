"""Random lives of one case: sentences, moves, levels, refusals, late news and endings in any order, on a real record.

A life is a Hypothesis state machine. Whatever is recorded, and however long nobody does anything, somebody must be
asked about the open case within the longest silence of the policy. What the record refuses changes nothing and is
left out. Between two facts time goes on from prompt to prompt, as the clock of the program would.
"""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assurance.silence import silent_cases
from casework.loading import load_directory
from casework.recording import Entry, record_many
from models.cases import Case
from models.meetings import Meeting
from models.obligations import Timescale
from policy.calendar import london_date
from policy.errors import MappaError
from policy.kinds import Endings
from policy.vocabulary import CUSTODIAL, Location, MeetingState, State
from tasks.stage import run_stage
from tests.support.opened import opened
from tests.support.story import (
    CLERK,
    DARREN,
    MEETING_DIRECTORY,
    STAGES,
    Story,
    at,
    attended,
    form,
    minuted,
    write_csv,
)

BEGINS = date(2026, 1, 5)
# The stored bank holidays end some years ahead; a life is over by then.
ENDS = date(2030, 6, 28)
IN_CUSTODY = DARREN | {"sentence_date": "2025-12-29", "location": "custody"}
OUTSIDE = DARREN | {
    "sentence_date": "2025-12-29",
    "location": "community",
    "prison": "",
    "conditional_release_date": "",
}
LONG = {"licence_expiry_date": "2033-06-01"}
SENTENCES: dict[str, dict[str, str]] = {
    "determinate": IN_CUSTODY | LONG | {"conditional_release_date": "2027-09-10"},
    "short": IN_CUSTODY | LONG | {"conditional_release_date": "2026-03-06"},
    "home detention curfew": IN_CUSTODY
    | LONG
    | {"conditional_release_date": "2027-03-12", "hdc_approved_date": "2026-12-03"},
    "life": IN_CUSTODY
    | {
        "disposal": "life",
        "term_months": "",
        "conditional_release_date": "",
        "licence_expiry_date": "",
        "parole_eligibility_date": "2027-02-01",
    },
    "life without a date": IN_CUSTODY
    | {"disposal": "life", "term_months": "", "conditional_release_date": "", "licence_expiry_date": ""},
    "suspended": OUTSIDE | {"disposal": "suspended", "term_months": "24", "licence_expiry_date": "2029-12-28"},
    "hospital order": OUTSIDE
    | {
        "disposal": "hospital_order",
        "term_months": "",
        "location": "hospital",
        "restriction_order": "yes",
        "licence_expiry_date": "",
        "lead_agency": "mental_health",
    },
    "community order with registration": OUTSIDE
    | {
        "offence_code": "SX03001",
        "disposal": "community_order",
        "term_months": "",
        "order_end_date": "2028-12-28",
        "licence_expiry_date": "",
    },
    "caution with registration": OUTSIDE
    | {"offence_code": "SX03001", "disposal": "caution", "term_months": "", "licence_expiry_date": ""},
    "registered, in custody": IN_CUSTODY | LONG | {"offence_code": "SX03001", "conditional_release_date": "2026-11-06"},
}
EVERYBODY = [
    attended(agency, name, grade="Chief Inspector")
    for agency, name in (
        ("probation", "Olive"),
        ("police", "Rae"),
        ("prison", "Opal"),
        ("neighbourhood_policing", "Nell"),
        ("mental_health", "Max"),
        ("victim_liaison", "Vera"),
        ("approved_premises", "Anna"),
        ("childrens_social_care", "Ruth"),
    )
]
# What a meeting at level 3 is asked besides.
AT_LEVEL_3 = {"critical_public_protection_case": {"decision": "no", "reason": "No national resources are needed."}}
DAYS = st.integers(0, 150)
LATE = st.sampled_from([0, 0, 0, 1, 9, 40])


def template(folder: Path, migrated: Path) -> Path:
    """Return a record with the directory loaded, to be copied for each life."""
    path = folder / "lives.db"
    shutil.copy(migrated, path)
    record = opened(f"sqlite:///{path}")
    load_directory(record, write_csv(folder / "directory.csv", MEETING_DIRECTORY), as_at=at("2020-01-02"), actor="t")
    record.close()
    return path


class RandomLife(RuleBasedStateMachine):
    """One life. ``made_from`` is the record to begin with."""

    made_from: Path
    steps = 0

    def __init__(self) -> None:
        """Begin with a record of its own."""
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="life-", dir=self.made_from.parent))
        path = self.folder / "record.db"
        shutil.copy(self.made_from, path)
        self.record = opened(f"sqlite:///{path}")
        self.story = Story(self.record, self.folder, directory=[])
        self.today = BEGINS
        self.case: Case | None = None
        self.inside = self.in_custody = self.meeting_planned = self.on_licence = False
        self.level: int | None = None
        self.end_has_come: date | None = None

    def teardown(self) -> None:
        """Take the record away."""
        self.record.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @initialize(sentence=st.sampled_from(sorted(SENTENCES)), days=st.sampled_from([0, 1, 30]))
    def sentenced(self, sentence: str, days: int) -> None:
        """A sentence is loaded: in time, or late."""
        self.today += timedelta(days=days)
        self.on_licence = SENTENCES[sentence]["disposal"] in CUSTODIAL
        self.story.load(self.today.isoformat(), SENTENCES[sentence])
        self.tick(self.now)
        self.look()

    @rule(days=DAYS)
    def nothing_is_recorded(self, days: int) -> None:
        """Time goes by, from prompt to prompt; somebody is asked in time on every day of it."""
        until = min(self.today + timedelta(days=days), ENDS)
        while (moment := self.next_moment()) is not None and london_date(moment) <= until:
            self.today = max(self.today, london_date(moment))
            self.tick(max(moment, self.now))
            self.look()
        self.today = until
        self.look()

    @precondition(lambda self: self.inside)
    @rule(late=LATE)
    def released(self, late: int) -> None:
        """The person leaves custody or hospital; the news may be weeks late."""
        self.put("custody-event", late, event="release", what="Let go at nine.", by="Opal")

    @precondition(lambda self: self.case is not None and not self.inside and self.on_licence)
    @rule(late=LATE, ahead=st.sampled_from([None, 20, 200, 500]))
    def recalled(self, late: int, ahead: int | None) -> None:
        """The person is recalled, with or without a date of the next release."""
        more = {} if ahead is None else {"release_date": (self.today + timedelta(days=ahead)).isoformat()}
        self.put("custody-event", late, event="recall", what="Licence revoked.", by="Olive", prison="HMP North", **more)

    @precondition(lambda self: self.in_custody)
    @rule(event=st.sampled_from(["transfer", "hospital_transfer"]), late=LATE)
    def moved_inside(self, event: str, late: int) -> None:
        """The person is moved to another prison, or to hospital."""
        more = {"prison": f"HMP {self.today:%d %B}"} if event == "transfer" else {}
        self.put("custody-event", late, event=event, what="As it was told on the day.", by="Opal", **more)

    @precondition(lambda self: self.in_custody)
    @rule(decision=st.sampled_from(["release_directed", "refused", "adjourned"]), ahead=st.integers(10, 400))
    def parole_was_decided(self, decision: str, ahead: int) -> None:
        """The Parole Board decides."""
        which = "release_date" if decision == "release_directed" else "next_review_on"
        more = {which: (self.today + timedelta(days=ahead)).isoformat()}
        self.put("custody-event", 0, event="parole_outcome", what="Heard today.", by="Opal", decision=decision, **more)

    @precondition(lambda self: self.in_custody)
    @rule(which=st.sampled_from(["conditional_release_date", "hdc_approved_date", "parole_eligibility_date",
                                 "post_recall_release_date"]),
          ahead=st.sampled_from([None, 5, 90, 300, 700]))  # fmt: skip
    def release_date_moved(self, which: str, ahead: int | None) -> None:
        """A release date is moved, or taken away."""
        day = None if ahead is None else (self.today + timedelta(days=ahead)).isoformat()
        self.put("release-date", 0, which=which, release_date=day, reason="The prison tells of it.")

    @precondition(lambda self: self.in_custody)
    @rule(what=st.sampled_from(["dates-check", "prison-notice"]))
    def prison_spoke(self, what: str) -> None:
        """The prison confirms the dates, or gives notice."""
        self.put(what, 0, **({"by": "Opal"} if what == "dates-check" else {}))

    @precondition(lambda self: self.case is not None)
    @rule(level=st.sampled_from([1, 2, 3]), late=LATE)
    def level_set(self, level: int, late: int) -> None:
        """A level is set."""
        self.put("level", late, **form("level", level=level))

    @precondition(lambda self: self.level == 1)
    @rule(agencies=st.sampled_from([["probation"], ["police"], ["probation", "police"]]),
          outcome=st.sampled_from(["retain", "retain", "refer"]))  # fmt: skip
    def reviewed_at_level_1(self, agencies: list[str], outcome: str) -> None:
        """A level 1 review is recorded."""
        self.put("level-1-review", 0, **form("level-1-review", agencies=agencies, outcome=outcome))

    @precondition(lambda self: self.case is not None)
    @rule(late=LATE, decision=st.sampled_from([None, "level_2", "level_3", "remain_level_1", "more_information"]),
          after=st.integers(0, 20))  # fmt: skip
    def referred(self, late: int, decision: str | None, after: int) -> None:
        """A referral comes in, and is screened some days later, or not at all."""
        before = (self.today - timedelta(days=late + 5)).isoformat()
        data = form("referral", countersigned_on=before)
        data["risk_assessment"] = data["risk_assessment"] | {"on": before}
        self.put("referral", late, **data)
        if decision is None:
            return
        self.nothing_is_recorded(after)
        more: dict[str, Any] = {"thresholds": {"high_risk": True}}
        if decision == "more_information":
            more["wanted"] = ["What has become of the programme begun in custody"]
        if decision == "remain_level_1":
            more["need"] = {"answer": "no", "reason": "The lead agency can act by itself."}
        if decision == "level_3":
            more["thresholds"] |= {"senior_representation": "A bed is to be found at short notice."}
        self.put("screening", 0, **form("screening", decision=decision, **more))

    @precondition(lambda self: self.level in (2, 3))
    @rule(ahead=st.integers(1, 60), level=st.sampled_from([None, 1, 2, 3]))
    def met(self, ahead: int, level: int | None) -> None:
        """A meeting is arranged and held on its day, with a level decided; or it is never recorded."""
        day = self.today + timedelta(days=ahead)
        if not self.meeting_planned:
            self.put("meeting-plan", 0, **form("meeting-plan", starts_at=f"{day}T10:00"))
        with self.record.reading() as session:
            query = select(func.min(Meeting.starts_at)).where(Meeting.state == MeetingState.PLANNED)
            planned = session.scalar(query)
        if planned is not None and level is not None:
            self.nothing_is_recorded(max(0, (london_date(planned) - self.today).days))
            held = london_date(planned)
            next_on = str(held + timedelta(days=40)) if level > 1 else None
            record = minuted(*EVERYBODY, level=level, next_on=next_on, salt=f"on {held}", **AT_LEVEL_3)
            self.put("meeting", (self.today - held).days, **record)

    @precondition(lambda self: self.end_has_come is not None)
    @rule(outcome=st.sampled_from(["stays_open", "category_3_referral", "handed_to_iom", "deregistered"]))
    def end_checked(self, outcome: str) -> None:
        """What becomes of the case at an end that has come is decided."""
        more: dict[str, Any] = {"ends_on": str(self.end_has_come), "outcome": outcome}
        if outcome in ("deregistered", "handed_to_iom"):
            more["despite_open"] = "Each of them goes on with it."
        if outcome == "handed_to_iom":
            more["to_whom"] = "IOM team North"
        self.put("end-of-sentence-check", 0, **form("end-of-sentence-check", **more))

    # What every step comes to

    @property
    def now(self) -> datetime:
        """The moment of today at which people record."""
        return at(self.today.isoformat(), 9)

    def put(self, kind: str, late: int, /, **data: Any) -> None:
        """Record a fact that happened some days ago; what is refused changes nothing."""
        entry = Entry(kind, "X320741", {"date": (self.today - timedelta(days=late)).isoformat(), **data})
        try:
            with self.record.writing() as session:
                record_many(session, [entry], actor=CLERK, as_at=self.now)
        except MappaError:
            return
        type(self).steps += 1
        self.tick(self.now)
        self.look()

    def tick(self, moment: datetime) -> None:
        """Let the clock go round."""
        for stage in STAGES:
            report = run_stage(self.record, stage, moment)
            assert report.count("failed") == 0, report

    def next_moment(self) -> datetime | None:
        """Return the next moment at which the clock has something to do on the case."""
        with self.record.reading() as session:
            found = [
                session.scalar(
                    select(func.min(Timescale.next_prompt_at)).where(
                        Timescale.state.in_((State.OPEN, State.PAUSED)), Timescale.next_prompt_at.is_not(None)
                    )
                ),
                session.scalar(select(func.min(Case.review_at)).where(Case.closed_on.is_(None))),
                session.scalar(select(func.min(Case.end_at)).where(Case.closed_on.is_(None))),
            ]
        return min((moment for moment in found if moment is not None), default=None)

    def look(self) -> None:
        """Refuse a silent case."""
        with self.record.reading() as session:
            self.stand(session)
            silent = session.scalars(silent_cases(session, self.now)).all()
            assert not silent, f"nobody is asked about {', '.join(silent)} on {self.today}: {self.standing(session)}"

    def stand(self, session: Session) -> None:
        """Note where the case stands: what can happen next hangs on it."""
        self.case = session.scalar(select(Case).where(Case.closed_on.is_(None)))
        self.level = self.case.level if self.case else None
        self.inside = self.case is not None and self.case.location != Location.COMMUNITY
        self.in_custody = self.case is not None and self.case.location == Location.CUSTODY
        planned = select(Meeting.id).where(Meeting.state == MeetingState.PLANNED)
        self.meeting_planned = session.scalar(planned.limit(1)) is not None
        ends = select(func.min(Timescale.anchor_on)).where(
            Timescale.kind == Endings.END_OF_SENTENCE_CHECK, Timescale.state == State.OPEN
        )
        end = session.scalar(ends)
        self.end_has_come = end if end is not None and end <= self.today else None

    @staticmethod
    def standing(session: Session) -> Sequence[tuple[Any, ...]]:
        """Return how the case and its timescales stand, for whoever reads a failure."""
        cases = session.execute(select(Case.location, Case.level, Case.category, Case.release_date)).all()
        columns = (Timescale.kind, Timescale.due_on, Timescale.state, Timescale.next_prompt_at)
        return [*map(tuple, cases), *map(tuple, session.execute(select(*columns).order_by(Timescale.due_on)).all())]
