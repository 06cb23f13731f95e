"""Whoever is away is not asked, but their colleague: each rung once, to one of the two, and none is lost.

Darren is released on Friday 12 March 2027. His offender manager is reminded of the referral on Wednesday 12 August, a
month before 12 September, and on Friday 28 August; the prison of its notice on Friday 12 June, a month before 12 July.
"""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from assurance.settings import AssuranceSettings
from casework.errors import RefusedError
from casework.hand_overs import colleagues, hand_over, take_back
from casework.loading import load_directory
from models.audit import AuditEntry
from models.audit_seals import verify
from models.hand_overs import HandOver
from models.obligations import Prompt
from models.record import Record
from models.settings import read
from tasks import deliver
from tasks.stage import run_stage
from tests.notifications.prompts.test_catching_up import DAYS, EVERYTHING, FIRST, OF_LADDERS, TICKS
from tests.support.opened import opened
from tests.support.smtp_sink import SmtpSink
from tests.support.story import CORA, DARREN, DIRECTORY, LIONEL, MONA, OLIVE, OPAL, SIMON, Story, at, post, write_csv

NINA, NED, CORIN = "nina@probation.example", "ned@prison.example", "corin@mappa.example"
MORE = [
    *DIRECTORY,
    post("probation", "representative", "Nina", NINA),
    post("prison", "prison_offender_management", "Ned", NED, "HMP Example") | {"from": "2020-01-01"},
    post("mappa_unit", "coordinator", "Corin", CORIN),
]
# Opal began later: she has the role, and Ned has it too.
OPAL_BEGAN = post("prison", "prison_offender_management", "Opal", OPAL, "HMP Example") | {"from": "2021-01-01"}
HOME = "probation.example,mappa.example,prison.example,smb.example"


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    told = Story(record, tmp_path, [*MORE, OPAL_BEGAN])
    told.load("2026-06-01", DARREN)
    told.tick("2026-06-01")
    return told


def away(record: Record, who: str, deputy: str, begins: str, until: str, on: str) -> int:
    with record.writing() as session:
        name = who.partition("@")[0].title()
        made = hand_over(session, who, name, deputy, date.fromisoformat(begins), date.fromisoformat(until),
                         as_at=at(on, 9))  # fmt: skip
        return made.id


def send(story: Story, sink: SmtpSink, day: str, minutes: int = 0) -> None:
    record = story.record.with_settings(sink.settings(allowed_domains=HOME), read(AssuranceSettings))
    run_stage(record, deliver.STAGE, at(day) + minutes * timedelta(minutes=1))


def arrived(sink: SmtpSink, word: str) -> list[tuple[str, bool]]:
    """Who got an e-mail with a word in its subject, and whether it says that it is for Olive."""
    return [
        (one.recipient, "For Olive, who is away until Friday 14 August." in str(one.message.get_body().get_content()))  # type: ignore[union-attr]
        for one in sink.received
        if word in str(one.message["Subject"]).lower()
    ]


def test_the_colleague_is_asked_for_the_time_and_then_the_owner_again(story: Story) -> None:
    away(story.record, OLIVE, NINA, "2026-08-10", "2026-08-14", "2026-06-01")
    with SmtpSink() as sink:
        for day in ("2026-08-12", "2026-08-28"):
            story.tick(day)
            send(story, sink, day)
    assert story.prompts("referral") == [
        ("-1 month", 1, NINA, "2026-08-12"), ("-2 weeks", 1, OLIVE, "2026-08-28"),
    ]  # fmt: skip
    assert arrived(sink, "referral") == [(NINA, True), (OLIVE, False)]
    with story.record.reading() as session:
        assert list(verify(session)) == []
        assert list(session.scalars(select(AuditEntry.actor).where(AuditEntry.action == "handed-over"))) == ["Olive"]


def test_a_message_that_has_not_left_goes_to_whoever_is_there_when_it_leaves(story: Story) -> None:
    """Raised for Olive, who then goes; raised for Nina, and then Olive is back: once each time."""
    story.tick("2026-08-12")
    number = away(story.record, OLIVE, NINA, "2026-08-12", "2026-08-14", "2026-08-12")
    with SmtpSink() as sink:
        send(story, sink, "2026-08-12")
        assert arrived(sink, "referral") == [(NINA, True)]
    with story.record.reading() as session:
        [prompt] = session.scalars(select(Prompt).where(Prompt.recipient == NINA))
        assert (prompt.first_recipient, prompt.hand_over_id) == (OLIVE, number)
    away(story.record, OLIVE, NINA, "2026-08-27", "2026-08-31", "2026-08-27")
    story.tick("2026-08-28")
    with story.record.writing() as session:
        [last] = session.scalars(select(HandOver.id).where(HandOver.id != number))
        take_back(session, last, OLIVE, "Olive", as_at=at("2026-08-28", 8))
    with SmtpSink() as sink:
        send(story, sink, "2026-08-28", 5)
        assert arrived(sink, "referral") == [(OLIVE, False)]
    assert [(rung, who) for rung, _, who, _ in story.prompts("referral")] == [("-1 month", NINA), ("-2 weeks", OLIVE)]
    with story.record.reading() as session:
        assert list(session.scalars(select(Prompt.hand_over_id).where(Prompt.recipient == OLIVE))) == [None]
        assert list(verify(session)) == []


def test_a_colleague_who_has_left_or_is_away_too_is_not_asked(story: Story) -> None:
    away(story.record, OPAL, NED, "2026-06-10", "2026-07-20", "2026-06-02")
    away(story.record, OLIVE, NINA, "2026-08-01", "2026-08-31", "2026-08-01")
    leaves = post("prison", "prison_offender_management", "Ned", NED, "HMP Example") | {"to": "2026-07-01"}
    story.tick("2026-06-12")
    load_directory(story.record, write_csv(story.folder / "d2.csv", [leaves]), as_at=at("2026-07-01"), actor="t")
    story.tick("2026-07-10")
    assert [(rung, who) for rung, _, who, _ in story.prompts("prison_notice")][:2] == [("-1 month", NED), ("due", OPAL)]
    # Past the checks of the desk, as when the two were made at once.
    with story.record.writing() as session:
        session.add(HandOver(email=NINA, name="Nina", deputy_email=SIMON, deputy_name="Simon",
                             begins_on=date(2026, 8, 5), until=date(2026, 8, 20), made_at=at("2026-08-05"),
                             made_by="Nina"))  # fmt: skip
    story.tick("2026-08-12")
    assert [(rung, who) for rung, _, who, _ in story.prompts("referral")] == [("-1 month", OLIVE)]


def test_news_is_told_once_though_its_reader_hands_over_and_comes_back(story: Story) -> None:
    """A referral that was received is told to the coordinator beside the ladders; told again, it tells nobody."""
    from notifications.prompts.notices import Notice, announce
    from policy.letters import MessageKind

    [owed] = story.timescales("level_setting")
    notice = Notice(owed.id, "identified again", MessageKind.DIGEST, ("coordinator",))
    [first] = [one.email for one in [*MORE_COORDINATORS(story)][:1]]
    other = CORIN if first == CORA else CORA
    number = away(story.record, first, other, "2026-06-02", "2026-06-05", "2026-06-02")
    for day in ("2026-06-03", "2026-06-08"):
        with story.record.writing() as session:
            raised = announce(session, [notice], at(day))
        assert raised == (1 if day == "2026-06-03" else 0)
    with story.record.reading() as session:
        query = select(Prompt.recipient, Prompt.hand_over_id).where(Prompt.rung == "identified again")
        assert [tuple(row) for row in session.execute(query)] == [(other, number)]


def MORE_COORDINATORS(story: Story):  # type: ignore[no-untyped-def]  # noqa: N802
    from notifications.recipients import Directory

    with story.record.reading() as session:
        found = Directory(session, ["London"], date(2026, 6, 2)).unit_contact("London")
    assert found is not None
    return [found]


@pytest.mark.parametrize(
    ("deputy", "begins", "until", "reason"),
    [
        (NINA, "2026-06-01", "2026-06-10", "begins_on: this day has passed"),
        (NINA, "2026-06-10", "2026-06-09", "until: this is before the first day"),
        (NINA, "2026-06-10", "2026-08-06", "until: Wednesday 5 August is the last day possible"),
        (NINA, "2026-07-30", "2026-08-02", "begins_on: you have handed over to Nina from Saturday 1 August"),
        (CORA, "2026-06-10", "2026-06-12", "deputy: choose a colleague from the list"),
        (OLIVE, "2026-06-10", "2026-06-12", "deputy: choose a colleague from the list"),
        (SIMON, "2026-07-20", "2026-07-25", "deputy: Simon is away in that time, too"),
    ],
)  # fmt: skip
def test_what_cannot_be_handed_over_is_refused(story: Story, deputy: str, begins: str, until: str, reason: str) -> None:
    away(story.record, OLIVE, NINA, "2026-08-01", "2026-08-31", "2026-06-02")
    with story.record.writing() as session:
        session.add(HandOver(email=SIMON, name="Simon", deputy_email=NINA, deputy_name="Nina",
                             begins_on=date(2026, 7, 25), until=date(2026, 7, 30), made_at=at("2026-06-02"),
                             made_by="Simon"))  # fmt: skip
    with pytest.raises(RefusedError) as refusal:
        away(story.record, OLIVE, deputy, begins, until, "2026-06-02")
    assert [one for one in refusal.value.reasons if one.startswith(reason)], refusal.value.reasons
    with story.record.reading() as session:
        assert len(list(session.scalars(select(HandOver.id)))) == 2


def test_who_may_stand_in_for_whom(story: Story) -> None:
    """The same role for what the directory gives; a colleague of the same agency where a case names somebody."""
    with story.record.reading() as session:
        on = date(2026, 6, 2)
        found = {who: [one.email for one in colleagues(session, who, on)] for who in (CORA, MONA, OPAL, OLIVE, SIMON)}
    # Lionel is named as the line manager on a case of the same agency.
    assert found == {CORA: [CORIN], MONA: [], OPAL: [NED], OLIVE: [NINA, SIMON], SIMON: []}
    assert LIONEL not in found[OLIVE]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ticks=TICKS,
    periods=st.lists(
        st.tuples(st.sampled_from([(OPAL, NED), (OLIVE, NINA), (CORA, CORIN), (CORIN, CORA)]), st.integers(0, DAYS),
                  st.integers(0, 56), st.integers(-1, 56)),
        max_size=6,
    ),
)  # fmt: skip
def test_whatever_is_handed_over_and_whenever_the_clock_ticks_every_rung_is_raised_once(
    away_record, tmp_path_factory, ticks, periods
):
    """Never lost, never twice: the rungs are those of a record in which nobody is ever away."""
    folder = tmp_path_factory.mktemp("away")
    path = folder / "record.db"
    shutil.copy(away_record, path)
    record = opened(f"sqlite:///{path}")
    story = Story(record, folder, directory=[])
    with record.writing() as session:
        for (who, deputy), begins, length, ended in periods:
            first = FIRST + timedelta(days=begins)
            session.add(HandOver(
                email=who, name=who, deputy_email=deputy, deputy_name=deputy, begins_on=first,
                until=first + timedelta(days=length), made_at=at(FIRST.isoformat()), made_by=who,
                ended_on=None if ended < 0 else first + timedelta(days=ended),
            ))  # fmt: skip
    for day, hour in [*sorted(ticks), (DAYS, 9)]:
        story.tick((FIRST + timedelta(days=day)).isoformat(), hour)
    pairs = {OPAL: OPAL, NED: OPAL, OLIVE: OLIVE, NINA: OLIVE, CORA: "coordinator", CORIN: "coordinator"}
    with record.reading() as session:
        found = [
            (p.timescale.kind, p.rung, pairs.get(p.recipient, p.recipient))
            for p in session.scalars(select(Prompt).where(*OF_LADDERS).order_by(Prompt.id))
        ]
        assert list(verify(session)) == []
    record.close()
    assert sorted((kind, rung) for kind, rung, _ in found) == sorted(EVERYTHING)


@pytest.fixture(scope="module")
def away_record(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """Darren, loaded and identified on the first day, with a colleague for everybody."""
    folder = tmp_path_factory.mktemp("darren")
    path = folder / "record.db"
    shutil.copy(sqlite_template, path)
    record = opened(f"sqlite:///{path}")
    story = Story(record, folder, [*MORE, OPAL_BEGAN])
    story.load(FIRST.isoformat(), DARREN)
    story.tick(FIRST.isoformat())
    record.close()
    return path
