"""Who is asked is looked up again at every try: a rung is never lost with the person who held the role.

Darren is released on Friday 12 March 2027. The prison is reminded of its notice on Friday 12 June 2026, a month before
the day eight months before release; his offender manager of the referral on Wednesday 12 August, a month before 12
September, six months before release.
"""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from assurance.settings import AssuranceSettings
from casework.loading import load_directory
from models.audit import AuditEntry
from models.audit_seals import verify
from models.cases import Case
from models.obligations import Prompt, Timescale
from models.record import Record
from models.settings import read
from tasks import deliver
from tasks.stage import run_stage
from tests.support import rows
from tests.support.factories import EIGHT, messages, queue
from tests.support.opened import opened
from tests.support.smtp_sink import SmtpSink
from tests.support.story import CORA, DARREN, DIRECTORY, OLIVE, OPAL, Story, at, post, write_csv

MINUTE = timedelta(minutes=1)
NED, NINA = "ned@prison.example", "nina@probation.example"
HANA, HENRY = "hana@probation.example", "henry@probation.example"
POST = ("prison", "prison_offender_management")
LEAVES = post(*POST, "Opal", OPAL, "HMP Example") | {"to": "2026-06-11"}
FOLLOWS = post(*POST, "Ned", NED, "HMP Example") | {"from": "2026-06-12"}


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    told = Story(record, tmp_path)
    told.load("2026-06-01", DARREN)
    told.tick("2026-06-01")
    return told


def send(story: Story, sink: SmtpSink, day: str, minutes: int = 0) -> None:
    """Let what waits leave."""
    allowed = "probation.example,mappa.example,prison.example,smb.example"
    record = story.record.with_settings(sink.settings(allowed_domains=allowed), read(AssuranceSettings))
    run_stage(record, deliver.STAGE, at(day) + minutes * MINUTE)


def arrived(sink: SmtpSink, word: str) -> list[str]:
    """Return who got an e-mail with a word in its subject."""
    return [one.recipient for one in sink.received if word in str(one.message["Subject"]).lower()]


def asked(record: Record, rung: str) -> list[tuple[str, str | None]]:
    """Return who was asked in the end, and who first, by a rung."""
    with record.reading() as session:
        query = select(Prompt.recipient, Prompt.first_recipient).where(Prompt.rung == rung, Prompt.withdrawn.is_(None))
        return [(end, first) for end, first in session.execute(query.order_by(Prompt.id))]


def change_directory(story: Story, day: str, *rows: dict[str, str]) -> None:
    load_directory(story.record, write_csv(story.folder / "d2.csv", rows), as_at=at(day), actor="t")


def test_a_leaver_is_not_written_to_and_who_follows_is(story: Story) -> None:
    with SmtpSink() as sink:
        story.tick("2026-06-12")
        sink.refusals = {OPAL: "451 4.2.1 mailbox busy"}
        send(story, sink, "2026-06-12")
        change_directory(story, "2026-06-12", LEAVES, FOLLOWS)
        sink.refusals = {}
        send(story, sink, "2026-06-12", 5)
    assert arrived(sink, "notice") == [NED]
    assert asked(story.record, "-1 month") == [(NED, OPAL)]
    with story.record.reading() as session:
        assert list(verify(session)) == []
        actions = list(session.scalars(select(AuditEntry.action)))
    assert actions.count("prompt-readdressed") == 1


def test_a_new_offender_manager_hears_of_the_rung(story: Story) -> None:
    story.tick("2026-06-12")
    with SmtpSink() as sink:
        send(story, sink, "2026-06-12")
        story.tick("2026-08-12")
        sink.refusals = {OLIVE: "451 4.2.1 mailbox busy"}
        send(story, sink, "2026-08-12")
        story.load("2026-08-12", DARREN | {"offender_manager": "Nina", "offender_manager_email": NINA})
        sink.refusals = {}
        send(story, sink, "2026-08-12", 5)
    assert arrived(sink, "referral") == [NINA]
    assert (NINA, OLIVE) in asked(story.record, "-1 month")


def test_nobody_follows_and_the_line_above_is_asked(story: Story) -> None:
    story.tick("2026-06-12")
    change_directory(story, "2026-06-12", LEAVES)
    with SmtpSink() as sink:
        send(story, sink, "2026-06-12")
    assert arrived(sink, "notice") == [CORA]


def test_nobody_at_all_is_left_and_the_message_is_withheld_with_its_reason(story: Story) -> None:
    story.tick("2026-06-12")
    gone = [row | {"to": "2026-06-11"} for row in DIRECTORY]
    change_directory(story, "2026-06-12", *gone)
    with SmtpSink() as sink:
        send(story, sink, "2026-06-12")
    assert arrived(sink, "notice") == []
    assert {(m.state, m.reason) for m in story.messages() if m.recipient == ""} == {
        ("withheld", "nobody on the whole line has an address")
    }
    # Once somebody is known, a person sends it again, and it goes there.


def test_of_a_digest_only_that_part_goes_elsewhere_and_nobody_is_asked_twice(record: Record) -> None:
    """Two referrals wait in one digest; one case has another offender manager since, who was asked of it before."""
    with record.writing() as session:
        queue(session, "m1", prompts=2, recipient=OLIVE)
        cases = session.scalars(select(Case).order_by(Case.id)).all()
        for case in cases:
            case.offender_manager_email = OLIVE
        cases[1].offender_manager_email = NINA
    with SmtpSink() as sink:
        moved = record.with_settings(sink.settings(), read(AssuranceSettings))
        run_stage(moved, deliver.STAGE, EIGHT)
        run_stage(moved, deliver.STAGE, EIGHT + MINUTE)
    assert [one.recipient for one in sink.received] == [OLIVE, NINA]
    assert asked(record, "-2 weeks") == [(OLIVE, None), (NINA, OLIVE)]
    assert {message.state for message in messages(record).values()} == {"sent"}


def test_the_address_that_a_person_gave_stands(record: Record) -> None:
    with record.writing() as session:
        queue(session, "m1", recipient=OLIVE)
        session.execute(update(Case).values(offender_manager_email=NINA))
        session.flush()
        session.execute(update(Prompt).values(recipient="typo@probation.example"))
    with SmtpSink() as sink:
        run_stage(record.with_settings(sink.settings(), read(AssuranceSettings)), deliver.STAGE, EIGHT)
    assert [one.recipient for one in sink.received] == [OLIVE]


def test_whoever_follows_an_owner_of_an_action_who_has_left_is_asked(record: Record) -> None:
    """Hana of housing owns an action and leaves; Henry represents housing now. He is asked, once, and at every try."""
    with record.writing() as session:
        queue(session, "m1", recipient=HANA)
        session.execute(update(Prompt).values(recipient_role="action_owner"))
        session.execute(update(Timescale).values(named={"action_owner": [[HANA, "Hana"], [OLIVE, "Olive"]]}))
        area = session.scalars(select(Case.area)).one()
        rows.directory_entry(session, area=area, agency="housing", role="representative", email=HANA,
                             valid_to=EIGHT.date() - timedelta(days=1))  # fmt: skip
        rows.directory_entry(session, area=area, agency="housing", role="representative", email=HENRY)
    with SmtpSink() as sink:
        sink.everybody = "451 4.7.1 later"
        moved = record.with_settings(sink.settings(), read(AssuranceSettings))
        for minutes in (0, 1):
            run_stage(moved, deliver.STAGE, EIGHT + minutes * MINUTE)
        sink.everybody = ""
        for hours in (2, 8):
            run_stage(moved, deliver.STAGE, EIGHT + hours * 60 * MINUTE)
    assert [one.recipient for one in sink.received] == [HENRY]
    assert asked(record, "-2 weeks") == [(HENRY, HANA)]


def test_an_owner_of_an_action_who_is_there_is_asked_whatever_the_directory_says_of_others(record: Record) -> None:
    with record.writing() as session:
        queue(session, "m1", recipient=HANA)
        session.execute(update(Prompt).values(recipient_role="action_owner"))
        session.execute(update(Timescale).values(named={"action_owner": [[HANA, "Hana"]]}))
        area = session.scalars(select(Case.area)).one()
        rows.directory_entry(session, area=area, agency="housing", role="representative", email=HENRY)
    with SmtpSink() as sink:
        run_stage(record.with_settings(sink.settings(), read(AssuranceSettings)), deliver.STAGE, EIGHT)
    assert [one.recipient for one in sink.received] == [HANA]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([OLIVE, NINA, "nora@probation.example"]), st.booleans()), min_size=1, max_size=6
    ),
    kind=st.sampled_from(["digest", "escalation"]),
)
def test_who_holds_the_role_when_it_leaves_is_asked_and_nobody_else(
    sqlite_template: Path, steps: list[tuple[str, bool]], kind: str
) -> None:
    """At each try somebody else may hold the role, and the server may refuse."""
    with tempfile.TemporaryDirectory() as folder, SmtpSink() as sink:
        shutil.copy(sqlite_template, Path(folder) / "record.db")
        plain = opened(f"sqlite:///{folder}/record.db")
        record = plain.with_settings(sink.settings(), read(AssuranceSettings))
        with record.writing() as session:
            queue(session, "m1", kind, recipient=OLIVE)
        left_to = None
        for number, (holder, refused) in enumerate([*steps, (steps[-1][0], False)]):
            with record.writing() as session:
                values = dict.fromkeys(("offender_manager_email", "line_manager_email"), holder)
                session.execute(update(Case).values(values))
            sink.everybody = "451 4.7.1 later" if refused else ""
            run_stage(record, deliver.STAGE, EIGHT + number * timedelta(hours=1))
            if not refused and left_to is None:
                left_to = holder
        assert [one.recipient for one in sink.received] == [left_to]
        [(end, first)] = asked(record, "+1W" if kind == "escalation" else "-2 weeks")
        assert end == left_to
        assert first in (None, OLIVE)
        assert first == OLIVE or end == OLIVE
        plain.close()
