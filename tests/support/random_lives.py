"""Random lives of one person: sentences, moves, levels, pauses, refusals, late news and endings in any order.

A life is a Hypothesis state machine on a real record. Whatever is recorded, and however long nobody does anything,
somebody must be asked about the open case within the longest silence of the policy. What the record refuses changes
nothing and is left out.

Between two facts time goes on from one moment that matters to the next. A silence can only begin where the clock, or a
fact, has changed something: from there on the day by which somebody is to be asked moves away with each day. And while
a duty is stuck, it is raised again each week until a fact settles it, so the prompts of the others can wait.
``test_no_silence.py`` compares that with a clock that goes round every day.
"""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from assurance.silence import silent_cases
from casework.loading import load_directory
from casework.recording import Entry, record_many
from models.cases import Case
from models.meetings import Meeting
from models.obligations import Timescale
from policy.calendar import london_date
from policy.errors import MappaError
from policy.kinds import Endings, Identification, ThePerson
from policy.vocabulary import CUSTODIAL, Location, MeetingState, State
from tasks.stage import run_stage, stages_with_work
from tests.support.opened import opened
from tests.support.random_sentences import SENTENCES, imposed_on
from tests.support.story import CLERK, MEETING_DIRECTORY, MET, STAGES, Story, at, attended, form, minuted, write_csv

BEGINS = date(2026, 1, 5)
# The stored bank holidays end some years ahead; a life is over by then.
ENDS = date(2030, 6, 28)
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
AREAS = ("London", "Essex")
DIRECTORY = [row | {"area": area} for area in AREAS for row in MEETING_DIRECTORY]
DAYS = st.one_of(st.integers(0, 30), st.integers(31, 150), st.integers(151, 400))
LATE = st.sampled_from([0, 0, 0, 1, 9, 40])


def template(folder: Path, migrated: Path) -> Path:
    """Return a record with the directory loaded, to be copied for each life."""
    path = folder / "lives.db"
    shutil.copy(migrated, path)
    record = opened(f"sqlite:///{path}")
    load_directory(record, write_csv(folder / "directory.csv", DIRECTORY), as_at=at("2020-01-02"), actor="t")
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
        self.owed: Sequence[Any] = ()
        self.inside = self.in_custody = self.on_licence = False
        self.planned: datetime | None = None
        self.level: int | None = None

    def teardown(self) -> None:
        """Take the record away."""
        self.record.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @initialize(sentence=st.sampled_from(sorted(SENTENCES)), days=st.sampled_from([0, 1, 30]))
    def sentenced(self, sentence: str, days: int) -> None:
        """A sentence is loaded: in time, or late."""
        self.load(sentence, days)

    @rule(sentence=st.sampled_from(sorted(SENTENCES)), days=st.sampled_from([0, 1, 30]))
    def sentenced_again(self, sentence: str, days: int) -> None:
        """A further sentence: it joins the open case, or opens one after the last was closed."""
        self.load(sentence, days)

    @rule(days=DAYS)
    def nothing_is_recorded(self, days: int) -> None:
        """Time goes by; somebody is asked in time on every day of it."""
        until = min(self.today + timedelta(days=days), ENDS)
        while (moment := self.next_moment()) is not None and london_date(moment) <= until:
            self.today = max(self.today, london_date(moment))
            self.tick(max(moment, self.now))
        self.today = until
        self.tick(self.now)

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

    @precondition(lambda self: self.case is not None)
    @rule(event=st.sampled_from(["absconded", "returned", "temporary_release", "hospital_leave", "further_charge"]),
          late=LATE)  # fmt: skip
    def went_or_came(self, event: str, late: int) -> None:
        """The person has leave, is gone, comes back, or is charged."""
        began = self.today - timedelta(days=late)
        more: dict[str, Any] = {}
        if event in ("temporary_release", "hospital_leave"):
            more = {"starts_on": str(began + timedelta(days=1)), "until": str(began + timedelta(days=3))}
        if event == "hospital_leave":
            more["coordinator_told_on"] = str(began)
        if event == "further_charge":
            more = {"offence": "Wounding with intent", "serious": self.level == 2}
        self.put("custody-event", late, event=event, what="As it was told on the day.", by="Opal", **more)

    @precondition(lambda self: self.case is not None)
    @rule(decision=st.sampled_from([None, "accepted", "accepted", "declined"]), after=st.integers(0, 30))
    def moved_to_another_area(self, decision: str | None, after: int) -> None:
        """Another area is asked to take the case, and answers some days later, or not at all."""
        assert self.case is not None
        [to] = [area for area in AREAS if area != self.case.area]
        self.put("transfer-proposal", 0, to_area=to, reason="The person has moved there for good.", by="Cora")
        if decision is not None:
            self.nothing_is_recorded(after)
            self.put("transfer-answer", 0, **form("transfer-answer", decision=decision))

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
        self.put("level", late, **form("level", level=level, thresholds=MET if level > 1 else None))

    @precondition(lambda self: self.level == 1)
    @rule(agencies=st.sampled_from([["probation"], ["police"], ["probation", "police"]]),
          outcome=st.sampled_from(["retain", "retain", "refer"]), late=LATE)  # fmt: skip
    def reviewed_at_level_1(self, agencies: list[str], outcome: str, late: int) -> None:
        """A level 1 review is recorded."""
        self.put("level-1-review", late, **form("level-1-review", agencies=agencies, outcome=outcome))

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
        if self.planned is None:
            self.put("meeting-plan", 0, **form("meeting-plan", starts_at=f"{self.today + timedelta(days=ahead)}T10:00"))
        if self.planned is not None and level is not None:
            held = london_date(self.planned)
            self.nothing_is_recorded(max(0, (held - self.today).days))
            next_on = str(held + timedelta(days=40)) if level > 1 else None
            record = minuted(*EVERYBODY, level=level, next_on=next_on, salt=f"on {held}", **AT_LEVEL_3)
            self.put("meeting", (self.today - held).days, **record)

    @precondition(lambda self: self.planned is not None)
    @rule(ahead=st.integers(1, 150))
    def meeting_is_off(self, ahead: int) -> None:
        """A planned meeting is moved, or is cancelled."""
        if ahead < 100:
            self.put("meeting-move", 0, **form("meeting-move", starts_at=f"{self.today + timedelta(days=ahead)}T10:00"))
        else:
            self.put("meeting-cancel", 0, **form("meeting-cancel"))

    @precondition(lambda self: self.owed)
    @rule(which=st.integers(0, 30), days=st.sampled_from([5, 13, 60, 182]), stop=st.booleans())
    def paused(self, which: int, days: int, stop: bool) -> None:
        """Somebody puts a duty off, or stops its clock."""
        more = {"way": "stop_clock", "authority": "Mona, head of the unit"} if stop else {"way": "snooze"}
        until = str(self.today + timedelta(days=days))
        self.put("pause", 0, **self.duty(which), until=until, reason="A report is waited for.", by="Olive", **more)

    @precondition(lambda self: any(one.state == State.PAUSED for one in self.owed))
    @rule(which=st.integers(0, 30))
    def resumed(self, which: int) -> None:
        """A pause is over before its day."""
        self.put("resume", 0, **self.duty(which), reason="The report has come early.", by="Olive")

    @precondition(lambda self: self.case is not None and self.case.category is None)
    @rule(answer=st.sampled_from([1, 2, None]), ahead=st.sampled_from([30, 900]))
    def question_was_answered(self, answer: int | None, ahead: int) -> None:
        """A question of eligibility is answered."""
        more = {"category": answer, "until": str(self.today + timedelta(days=ahead))} if answer else {}
        decision = "eligible" if answer else "not_eligible"
        self.put("identification", 0, decision=decision, reason="The indictment tells which offence it was.", **more)

    @precondition(lambda self: self.case is not None)
    @rule(why=st.sampled_from(["risk_reduced", "died", "left_the_country", "recorded_in_error"]), late=LATE)
    def closed(self, why: str, late: int) -> None:
        """The case is closed for another reason than an end."""
        told = {"despite_open": "Nothing of it can be done any more.", "victims_told": "Vera was told, and tells her."}
        self.put("closure", late, **form("closure", why=why, **told))

    @precondition(lambda self: self.end_to_check is not None)
    @rule(outcome=st.sampled_from(["stays_open", "category_3_referral", "handed_to_iom", "deregistered"]), late=LATE)
    def end_checked(self, outcome: str, late: int) -> None:
        """What becomes of the case at an end that has come is decided."""
        more: dict[str, Any] = {"ends_on": str(self.end_to_check), "outcome": outcome}
        if outcome in ("deregistered", "handed_to_iom"):
            more["despite_open"] = "Each of them goes on with it."
        if outcome == "handed_to_iom":
            more["to_whom"] = "IOM team North"
        self.put("end-of-sentence-check", late, **form("end-of-sentence-check", **more))

    # What every step comes to

    @property
    def now(self) -> datetime:
        """The moment of today at which people record."""
        return at(self.today.isoformat(), 9)

    def put(self, kind: str, late: int, /, **data: Any) -> None:
        """Record a fact that happened some days ago; what is refused changes nothing."""
        if not self.taken(kind, late, data):
            return
        type(self).steps += 1
        self.tick(self.now)
        self.see_to_what_is_routine()

    def taken(self, kind: str, late: int, data: Mapping[str, Any]) -> bool:
        """Record a fact; tell whether the record took it."""
        entry = Entry(kind, "X320741", {"date": (self.today - timedelta(days=late)).isoformat(), **data})
        try:
            with self.record.writing() as session:
                record_many(session, [entry], actor=CLERK, as_at=self.now)
        except MappaError:
            return False
        return True

    def see_to_what_is_routine(self) -> None:
        """Tell the person of their level, and put ViSOR right.

        Nobody waits with that. Left undone it would be asked for each week, for ever, and hide every silence.
        """
        forms = {
            ThePerson.STATUS_TOLD: form("status-told"),
            Identification.VISOR_RECORD: form("visor-record", level=self.level),
        }
        done = [self.taken(kind.value.replace("_", "-"), 0, data) for kind, data in forms.items()
                if any(one.kind == kind for one in self.owed)]  # fmt: skip
        if any(done):
            self.tick(self.now)

    def load(self, sentence: str, days: int) -> None:
        """Load a sentence that was imposed some days ago."""
        row = imposed_on(sentence, self.today - timedelta(days=days + 7))
        self.on_licence = self.on_licence or row["disposal"] in CUSTODIAL
        assert not self.story.load(self.today.isoformat(), row).rejects
        self.tick(self.now)
        self.see_to_what_is_routine()

    def tick(self, moment: datetime) -> None:
        """Let the clock go round until nothing waits, and refuse a silent case."""
        while names := stages_with_work(self.record, STAGES, moment):
            for stage in STAGES:
                if stage.name in names:
                    report = run_stage(self.record, stage, moment)
                    assert report.count("failed") == 0, report
        with self.record.reading() as session:
            self.stand(session)
            silent = session.scalars(silent_cases(session, moment)).all()
        assert not silent, f"nobody is asked about {', '.join(silent)} on {self.today}: {self.standing()}"

    def next_moment(self) -> datetime | None:
        """Return the next moment at which the clock can change whether somebody is asked in time."""
        if self.case is None:
            return None
        moments = [self.case.review_at, self.case.end_at]
        if not any(one.stuck_since and one.state == State.OPEN for one in self.owed):
            moments += [one.next_prompt_at for one in self.owed]
        return min((moment for moment in moments if moment is not None), default=None)

    def stand(self, session: Session) -> None:
        """Note where the case stands: what can happen next hangs on it."""
        self.case = session.scalar(select(Case).where(Case.closed_on.is_(None)))
        self.level = self.case.level if self.case else None
        self.inside = self.case is not None and self.case.location != Location.COMMUNITY
        self.in_custody = self.case is not None and self.case.location == Location.CUSTODY
        meetings = select(Meeting.starts_at).where(Meeting.state == MeetingState.PLANNED)
        self.planned = session.scalar(meetings.order_by(Meeting.starts_at).limit(1))
        columns = (Timescale.kind, Timescale.due_on, Timescale.label, Timescale.anchor_on, Timescale.state,
                   Timescale.next_prompt_at, Timescale.stuck_since)  # fmt: skip
        owed = select(*columns).where(
            Timescale.case_id == (self.case.id if self.case else None),
            Timescale.state.in_((State.OPEN, State.PAUSED)),
        )
        self.owed = session.execute(owed.order_by(Timescale.due_on, Timescale.id)).all()

    @property
    def end_to_check(self) -> date | None:
        """Return the first end that has come and waits for a decision."""
        checks = (one.anchor_on for one in self.owed if one.kind == Endings.END_OF_SENTENCE_CHECK)
        return min((end for end in checks if end <= self.today), default=None)

    def duty(self, which: int) -> dict[str, Any]:
        """Return the fields of a form that say which duty it is about."""
        duty = self.owed[which % len(self.owed)]
        return {"kind": duty.kind, "due_on": str(duty.due_on), "about": duty.label}

    def standing(self) -> list[tuple[Any, ...]]:
        """Return how the case stands and what it asks for, for whoever reads a failure."""
        case = self.case
        stands = [(case.location, case.level, case.category, case.release_date)] if case else []
        return [*stands, *((one.kind, one.due_on, one.state, one.next_prompt_at) for one in self.owed)]
