"""``mappa policy try`` and ``adopt``: a change of policy, seen before it is made, and made."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsAt, By, Json, Limit, actor_of, as_at_or_now, settings
from cli.policy import book_with
from policy.errors import ConflictError, SettingsError
from service.output import ROWS_SHOWN, print_view, say, show_table

if TYPE_CHECKING:
    from casework.policy_trial import Trial

ChangeFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="The TOML file with your changes.", exists=True, dir_okay=False, readable=True),
]
Recompute = Annotated[
    bool, typer.Option("--recompute", help="Re-date what runs already. Without it only new duties follow the change.")
]


def try_out(file: ChangeFile, as_at: AsAt = None, limit: Limit = ROWS_SHOWN, json: Json = False) -> None:
    """Show what a change would do to the duties that run, as if it were in force today. Changes nothing.

    Lists each duty that would be due on another day or prompt its readers more or less often in the next 30 days, and
    counts the prompts of those days before and after.
    """
    from casework.policy_trial import in_force_now, try_policy
    from policy.calendar import london_date
    from service.open_record import record_of
    from views.policy_trial import trial_view

    record = record_of(settings())
    book, base = book_with(file, settings().record.policy_dir)
    policy, when = book.policies[-1], as_at_or_now(as_at)
    tried = in_force_now(book, policy, london_date(when))
    trial = try_policy(record, tried, when, "policy try", policy.area)
    if json:
        print_view(trial_view(policy, base, trial))
        return
    print_trial(trial, limit)
    say(f"To put it in force: mappa policy adopt {file} --recompute")


def print_trial(trial: "Trial", limit: int) -> None:
    """Print what a policy would change, for people."""
    from casework.policy_trial import DAYS_AHEAD

    rows = [
        (one.now.case, one.now.kind, one.now.label or "", "" if one.was is None else str(one.was.due_on),
         str(one.now.due_on), f"{one.days:+d}" if one.days else "", f"{one.now.prompts}")
        for one in trial.changed
    ]  # fmt: skip
    heads = ("case", "duty", "about", "due now", "would be due", "days", f"prompts in {DAYS_AHEAD} days")
    show_table(heads, rows, nothing="no duty would change", limit=limit)
    say(
        f"{len(trial.changed):,} of {trial.duties:,} open duties on {trial.cases:,} cases would change",
        f"prompts in the next {DAYS_AHEAD} days: {trial.prompts_before:,} now, {trial.prompts_after:,} then",
    )


def adopt(
    file: ChangeFile, recompute: Recompute = False, by: By = None, as_at: AsAt = None, json: Json = False
) -> None:
    """Put a change in force: copy it to the folder of policies, and re-date what runs where you say so.

    Each case on which something changes has one entry in the audit trail. No ladder is climbed for the past: of a
    duty that falls due earlier only the prompts still to come go out. Restart mappa serve afterwards: it reads the
    policies when it starts.
    """
    from casework.policy_trial import note_adoption
    from casework.recompute import recompute as derive
    from policy.calendar import london_date
    from policy.words import long_date
    from service.open_record import record_of
    from views.policy_trial import AdoptedView

    record, folder = record_of(settings()), folder_for(file)
    book, base = book_with(file, folder)
    policy, when, actor = book.policies[-1], as_at_or_now(as_at), actor_of(by)
    record = record.with_policies(book)
    # What is in force has its entry in the trail: the file gets the name by which it counts only after that.
    waiting = folder / f"{file.name}.new"
    shutil.copyfile(file, waiting)
    with record.writing() as session:
        note_adoption(session, policy, base.version, when, actor)
    waiting.replace(folder / file.name)
    begun = policy.in_force_from <= london_date(when)
    changed = sum(1 for _ in derive(record, when, actor, policy.area)) if recompute and begun else 0
    if json:
        print_view(AdoptedView(version=policy.version, area=policy.area, in_force_from=policy.in_force_from,
                               cases_changed=changed))  # fmt: skip
        return
    say(f"{policy.version} is adopted for {policy.area or 'every area'}, in force from {policy.in_force_from}.")
    if recompute and not begun:
        say(f"It begins on {long_date(policy.in_force_from)}: run mappa recompute on that day.")
    elif recompute:
        say(f"Re-dated: {changed:,} cases.")
    say("Restart mappa serve: it reads the policies when it starts.")


def folder_for(file: Path) -> Path:
    """Return the folder of policies; refuse where there is none, or another file of the name stands in it."""
    folder = settings().record.policy_dir
    if folder is None:
        raise SettingsError(["MAPPA_POLICY_DIR is not set: name the folder in which the policies of your areas are"])
    there = folder / file.name
    if there.exists():
        raise ConflictError(
            f"{there} is there already", to_do="give your file another name and version, such as those of the next year"
        )
    return folder
