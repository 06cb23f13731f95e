"""The JSON objects of the running program: what a stage did, what a backup holds, whether all is well."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field

from service.upkeep.backup import Contents, Restored
from service.upkeep.doctor import Check
from tasks.stage import StageReport
from views.model import Moment, View


class OutcomeView(View, title="Outcome"):
    """What a stage made of one thing that waited."""

    subject: str = Field(description="A case reference, or a number of the record.", examples=["LON-2026-000001"])
    result: Literal["done", "skipped", "failed"] = Field(description="How it ended.")
    detail: str = Field(description="What was done, or why not.")


class StageRunView(View, title="What a stage did"):
    """What one run of a stage did."""

    stage: str = Field(description="The stage.", examples=["identification"])
    as_at: Moment = Field(description="The moment of the work.")
    dry_run: bool = Field(description="Whether it was a rehearsal.")
    waited: int = Field(description="How many waited.")
    done: int = Field(description="How many were done.")
    skipped: int = Field(description="How many were skipped.")
    failed: int = Field(description="How many failed.")
    outcomes: list[OutcomeView] = Field(description="What came of each.")


class TrailHeadView(View, title="Head of the audit trail"):
    """By what the audit trail of a backup is known."""

    chains: int = Field(description="The chains of the audit trail.")
    head: str = Field(description="One hash over the heads of all chains.")


class BackupView(View, title="What a backup holds"):
    """What a backup holds."""

    file: str = Field(description="The backup, as it was named.", examples=["backup.db"])
    schema_: str = Field(serialization_alias="schema", description="The version of the schema.")
    rows: dict[str, int] = Field(description="How many rows each table has.")
    audit: TrailHeadView = Field(description="The audit trail.")


class RestoreView(BackupView, title="What a restore did"):
    """What was restored, and what is in doubt since."""

    kept: str | None = Field(description="Where the record is kept that it replaced; null where there was none.")
    in_doubt: int = Field(description="How many messages may have left after the backup was made.")


class CheckView(View, title="Check"):
    """One thing that was looked at."""

    check: str = Field(description="What was looked at.", examples=["disk"])
    state: Literal["ok", "warning", "wrong"] = Field(description="How it stands.")
    said: str = Field(description="What was seen.")
    to_do: str = Field(description='What to do about it; "" where nothing has to be done.')


class ExaminationView(View, title="Whether all is well"):
    """Everything that the doctor looked at."""

    ok: bool = Field(description="Whether nothing is wrong; a warning is not wrong.")
    checks: list[CheckView] = Field(description="Each check.")


def stage_run(report: StageReport, dry_run: bool) -> StageRunView:
    """Return what a run of a stage did."""
    return StageRunView(
        stage=report.stage,
        as_at=report.as_at,
        dry_run=dry_run,
        waited=report.waited,
        done=report.count("done"),
        skipped=report.count("skipped"),
        failed=report.count("failed"),
        outcomes=[OutcomeView.model_validate(outcome) for outcome in report.outcomes],
    )


def backup_view(file: Path, contents: Contents) -> BackupView:
    """Return what a backup holds."""
    audit = TrailHeadView(chains=contents.chains, head=contents.head)
    return BackupView(file=str(file), schema_=contents.schema, rows=contents.rows, audit=audit)


def restore_view(file: Path, restored: Restored) -> RestoreView:
    """Return what a restore did."""
    return RestoreView(
        **dict(backup_view(file, restored.contents)),
        kept=str(restored.kept) if restored.kept else None,
        in_doubt=restored.doubted.messages,
    )


def examination_view(checks: Sequence[Check]) -> ExaminationView:
    """Return what the doctor found."""
    return ExaminationView(
        ok=all(check.state != "wrong" for check in checks),
        checks=[CheckView.model_validate(check) for check in checks],
    )
