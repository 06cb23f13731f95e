"""What a load of a file did."""

from pathlib import Path

from pydantic import Field

from casework.loading import LoadReport
from views.model import View


class RejectView(View, title="Reason for a rejected row"):
    """One reason why a row did not go in."""

    line: int = Field(description="The line in the file.", examples=[4])
    column: str = Field(description="The column.", examples=["crn"])
    reason: str = Field(description="What is wrong with it.")


class LoadView(View, title="What a load did"):
    """What a load of a file did, row by row as far as it can be shown."""

    kind: str = Field(description="The kind of file.", examples=["sentences"])
    file: str = Field(description="The file, as it was named.", examples=["sentences.csv"])
    dry_run: bool = Field(description="Whether it was a rehearsal.")
    read: int = Field(description="Rows read.")
    added: int = Field(description="Rows that were new.")
    changed: int = Field(description="Rows that changed what was known.")
    unchanged: int = Field(description="Rows that were known already.")
    in_question: int = Field(
        description="Rows that give another release date than a person recorded: it is asked which is right."
    )
    rejected: int = Field(description="Rows that did not go in.")
    rejects_file: str | None = Field(description="Where they are; null where there are none.")
    rejects: list[RejectView] = Field(description="The reasons of the first thousand.")
    changes: list[str] = Field(description="What changed, in words, of the first thousand.")
    warnings: list[str] = Field(description="What a person should know of the file.")


def load_view(kind: str, file: Path, report: LoadReport, dry_run: bool, written: Path | None) -> LoadView:
    """Return what a load did; ``written``: where the rejected rows went."""
    return LoadView(
        kind=kind,
        file=str(file),
        dry_run=dry_run,
        read=report.read,
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        in_question=report.in_question,
        rejected=report.rejected,
        rejects_file=str(written) if written else None,
        rejects=[RejectView.model_validate(reason) for reason in report.rejects],
        changes=report.changes,
        warnings=report.warnings,
    )
