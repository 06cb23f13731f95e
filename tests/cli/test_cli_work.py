"""The commands that work on the record: tick, simulate, messages, audit."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models.audit import AuditEntry, Change, append
from models.record import Record
from service import tick
from tasks.stage import Id, Outcome, Stage
from tests.support import rows
from tests.support.command_line import Mappa


def stage_of(name: str, waits: Sequence[Id], outcomes: dict[Id, Outcome] | None = None) -> Stage:
    """Return a stage in which ids wait whatever the moment, and that tells the outcomes it is given."""

    def waiting(_session: Session, _as_at: datetime, _area: str | None = None, _limit: int | None = None) -> list[Id]:
        return list(waits)

    def handle(_session: Session, ids: Sequence[Id], _as_at: datetime) -> list[Outcome]:
        return [(outcomes or {}).get(i, Outcome(f"LON-2026-{i}", "done")) for i in ids]

    return Stage(name, "cases", waiting, handle)


def broken_stage(name: str) -> Stage:
    """Return a stage that cannot say what waits."""

    def waiting(_session: Session, _as_at: datetime, _area: str | None = None, _limit: int | None = None) -> list[Id]:
        raise KeyError("Okonkwo")

    return Stage(name, "cases", waiting, lambda _session, _ids, _as_at: [])


class TestTick:
    """``mappa tick``."""

    def test_each_stage_is_a_line(self, mappa: Mappa, monkeypatch: pytest.MonkeyPatch) -> None:
        failed = {2: Outcome("LON-2026-000002", "failed", "KeyError; problem 1")}
        stages = (stage_of("identification", [1, 2], failed), stage_of("prompts", []))
        monkeypatch.setattr(tick, "stages", lambda: stages)
        answer = mappa("tick", "--as-at", "2026-03-30")
        assert answer.code == 0
        assert answer.out.splitlines() == [
            "identification: 2 waited, 1 done, 0 skipped, 1 failed",
            "prompts: 0 waited, 0 done, 0 skipped, 0 failed",
        ]
        assert answer.err.strip() == "identification: LON-2026-000002 failed: KeyError; problem 1"

    def test_json_has_every_outcome(self, mappa: Mappa, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tick, "stages", lambda: (stage_of("prompts", [1]),))
        assert mappa("tick", "--as-at", "2026-03-30", "--json").document == [
            {
                "stage": "prompts",
                "as_at": "2026-03-30T08:00:00+01:00",
                "dry_run": False,
                "waited": 1,
                "done": 1,
                "skipped": 0,
                "failed": 0,
                "outcomes": [{"subject": "LON-2026-1", "result": "done", "detail": ""}],
            }
        ]

    def test_a_broken_stage_does_not_stop_the_others_and_ends_with_1(
        self, mappa: Mappa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tick, "stages", lambda: (broken_stage("identification"), stage_of("prompts", [1])))
        answer = mappa("tick", "--as-at", "2026-03-30")
        assert answer.code == 1
        assert answer.out.strip() == "prompts: 1 waited, 1 done, 0 skipped, 0 failed"
        assert "identification could not run as at 2026-03-30 08:00: KeyError at cli/test_cli_work.py:" in answer.err
        assert "Okonkwo" not in answer.err

    def test_the_real_stages_have_nothing_to_do_on_an_empty_record(self, mappa: Mappa) -> None:
        answer = mappa("tick", "--json")
        assert answer.code == 0
        waited = {item["stage"]: item["waited"] for item in answer.document}
        assert waited.pop("assurance") > 0
        assert set(waited.values()) == {0}
        assert {"identification", "pre_release", "prompts", "deliver"} <= {item["stage"] for item in answer.document}


class TestSimulate:
    """``mappa simulate``."""

    @pytest.fixture
    def ticks(self, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
        """The moments at which a stage was asked what waits; on the first it raises a late prompt."""
        asked: list[datetime] = []
        handled: list[Id] = []

        def waiting(
            _session: Session, as_at: datetime, _area: str | None = None, _limit: int | None = None
        ) -> list[Id]:
            asked.append(as_at)
            return [] if handled else [1]

        def handle(session: Session, _ids: Sequence[Id], _as_at: datetime) -> list[Outcome]:
            handled.extend(_ids)
            case = rows.case(session, rows.person(session))
            rows.prompt(session, rows.timescale(session, case), rows.message(session), late_by_days=2)
            return [Outcome(case.reference, "done")]

        monkeypatch.setattr(tick, "stages", lambda: (Stage("prompts", "timescales", waiting, handle),))
        return asked

    def test_the_summary_counts_what_was_raised(self, mappa: Mappa, ticks: list[datetime]) -> None:
        answer = mappa(
            "simulate", "--from", "2026-03-01", "--to", "2026-03-31", "--outage", "2026-03-10:2026-03-12", "--json"
        )
        assert answer.code == 0
        assert answer.document == {
            "from": "2026-03-01",
            "to": "2026-03-31",
            "every": "day",
            "outage": {"from": "2026-03-10", "to": "2026-03-12"},
            "ticks": 28,
            "ticks_skipped": 3,
            "prompts": 1,
            "prompts_by_kind": {"referral": 1},
            "late": 1,
            "messages": {"pending": 1},
            "stages": [{"stage": "prompts", "done": 1, "failed": 0}],
        }
        assert len(set(ticks)) == 28

    def test_people_get_the_same_in_words(self, mappa: Mappa, ticks: list[datetime]) -> None:
        out = mappa("simulate", "--from", "2026-03-29", "--to", "2026-03-29", "--every", "hour").out
        assert "2026-03-29 to 2026-03-29, every hour: 23 ticks" in out
        assert "prompts raised: 1, late: 1" in out
        assert "messages by state: pending 1" in out

    @pytest.mark.parametrize(
        "arguments",
        [
            "--from 2026-04-01 --to 2026-03-01",
            "--from 2026-03-01",
            "--from 1.3.2026 --to 2026-04-01",
            "--from 2026-03-01 --to 2026-03-02 --outage 2026-03-01",
            "--from 2026-03-01 --to 2026-03-02 --every week",
            "--from 2026-03-01 --to 2026-03-09 --outage 2026-03-05:2026-03-02",
        ],
    )
    def test_impossible_spans_are_wrong_usage(self, mappa: Mappa, arguments: str) -> None:
        answer = mappa("simulate", *arguments.split())
        assert (answer.code, answer.out) == (2, "")

    def test_nobody_gets_simulated_mail(
        self, mappa: Mappa, ticks: list[datetime], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, value in {"TRANSPORT": "smtp", "SMTP_HOST": "mail.example", "ALLOWED_DOMAINS": "example.org"}.items():
            monkeypatch.setenv(f"MAPPA_{name}", value)
        answer = mappa("simulate", "--from", "2026-03-01", "--to", "2026-03-31")
        assert (answer.code, ticks, "MAPPA_TRANSPORT=folder" in answer.err) == (2, [], True)

    def test_a_broken_stage_stops_the_simulation_where_it_broke(
        self, mappa: Mappa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tick, "stages", lambda: (broken_stage("prompts"),))
        answer = mappa("simulate", "--from", "2026-03-01", "--to", "2026-03-31")
        assert (answer.code, "prompts could not run as at 2026-03-01 08:00" in answer.err) == (1, True)


class TestAudit:
    """``mappa audit verify``."""

    def test_an_untouched_trail_holds(self, mappa: Mappa, record: Record) -> None:
        write_trail(record)
        assert "the audit trail is intact: 3 entries in 1 chains" in mappa("audit", "verify").out
        told = mappa("audit", "verify", "--json").document
        # The record was sealed once, when it was made.
        assert told.pop("seal") is not None
        assert told == {"entries": 3, "chains": 1, "breaks": [], "seals": 1, "unproven": 0, "rows": None}
        # The one row of a record with nothing in it: the mark of the clock.
        assert mappa("audit", "verify", "--record", "--json").document["rows"] == 1
        assert "every row is as this program wrote it: " in mappa("audit", "verify", "--record").out

    def test_a_changed_entry_is_named_and_ends_with_1(self, mappa: Mappa, record: Record) -> None:
        write_trail(record)
        with record.writing() as session:
            session.execute(update(AuditEntry).where(AuditEntry.seq == 2).values(actor="nobody"))
        told = mappa("audit", "verify")
        assert (told.code, told.out) == (1, "")
        assert "case/1: entry 2 (noted) does not match its hash" in told.err
        listed = mappa("audit", "verify", "--json")
        assert (listed.code, len(listed.document["breaks"])) == (1, 1)


def write_trail(record: Record) -> None:
    """Append three entries to one chain."""
    with record.writing() as session:
        for number in range(3):
            append(
                session,
                [Change("case/1", "noted", "LON-2026-000001", after={"number": number})],
                actor="a.coordinator",
                at=rows.MORNING + timedelta(days=number),
            )


class TestMessages:
    """``mappa messages resend`` and ``mark-sent``."""

    @pytest.fixture(autouse=True)
    def outbox(self, record: Record) -> None:
        """One message of unknown fate, one that was sent."""
        with record.writing() as session:
            carried = rows.message(session, "m1", state="uncertain", reason="time-out after DATA", tries=3)
            rows.prompt(session, rows.timescale(session, rows.case(session, rows.person(session))), carried)
            rows.message(session, "m2", state="sent", sent_at=rows.MORNING)

    def states(self, mappa: Mappa) -> list[str]:
        """Return the states of both messages."""
        return [message["state"] for message in mappa("messages", "--json").document]

    def test_a_person_sends_one_again(self, mappa: Mappa) -> None:
        answer = mappa("messages", "resend", "m1", "--to", "other@probation.example")
        assert (answer.code, answer.out.strip()) == (0, "message m1 is now retry")
        assert self.states(mappa) == ["retry", "sent"]
        assert mappa("messages", "--recipient", "other@probation.example", "--json").document[0]["id"] == "m1"

    def test_a_person_sends_many_again(self, mappa: Mappa, record: Record) -> None:
        with record.writing() as session:
            for key, reason in (
                ("m3", "refused: 550 5.7.1"),
                ("m4", "refused: 550 5.7.1"),
                ("m5", "refused: 550 5.1.1"),
            ):
                rows.message(session, key, state="dead", reason=reason, recipient=f"{key}@probation.example")
        answer = mappa("messages", "resend", "--state", "dead", "--reason", "5.7.1", "--json")
        assert (answer.code, answer.document) == (0, [{"id": key, "state": "retry"} for key in ("m3", "m4")])
        again = mappa("messages", "resend", "--state", "dead", "--recipient", "M5@probation.example")
        assert (again.code, again.out) == (0, "1 message is now retry\n")
        assert mappa("messages", "resend", "--state", "dead").out == "0 messages are now retry\n"
        found = {message["id"]: message["state"] for message in mappa("messages", "--json").document}
        assert found == {"m1": "uncertain", "m2": "sent", "m3": "retry", "m4": "retry", "m5": "retry"}

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            ("", 2),
            ("--recipient m1@x.example", 2),
            ("m1 --state dead", 2),
            ("--state dead --to a@b.example", 2),
            ("--state sent", 1),
        ],
    )
    def test_what_to_send_again_is_said_clearly(self, mappa: Mappa, arguments: str, code: int) -> None:
        answer = mappa("messages", "resend", *arguments.split())
        assert (answer.code, answer.out) == (code, "")
        assert self.states(mappa) == ["uncertain", "sent"]

    def test_a_person_knows_that_one_arrived(self, mappa: Mappa) -> None:
        answer = mappa("messages", "mark-sent", "m1", "--as-at", "2026-03-31T09:00", "--by", "a.coordinator", "--json")
        assert (answer.code, answer.document) == (0, {"id": "m1", "state": "sent"})
        assert mappa("messages", "--json").document[0]["sent_at"] == "2026-03-31T09:00:00+01:00"

    @pytest.mark.parametrize("arguments", ["resend m2", "mark-sent m2", "resend m9", "resend m1 --to nobody"])
    def test_what_cannot_be_decided_is_a_sentence(self, mappa: Mappa, arguments: str) -> None:
        answer = mappa("messages", *arguments.split())
        assert (answer.code, answer.out, len(answer.err.splitlines())) == (1, "", 1)
        assert self.states(mappa) == ["uncertain", "sent"]
