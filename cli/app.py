"""``mappa``: the command line. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some input was rejected."""

from typing import Any

from typer.core import TyperGroup

from cli import (
    audit,
    between_meetings,
    board,
    confirm,
    doctor,
    fleet,
    load,
    look,
    maintain,
    measures,
    meetings,
    messages,
    outlook,
    policy,
    policy_change,
    record,
    report,
    run,
    take_on,
    tokens,
)
from cli.options import Database, begin, command, group
from service.output import write_any_name
from service.private_files import write_for_the_owner_alone

ORDER = (
    "load",
    "take-on",
    "taken-on",
    "record",
    "tick",
    "run",
    "simulate",
    "case",
    "timescales",
    "prompts",
    "messages",
    "problems",
    "referrals",
    "meetings",
    "papers",
    "minutes",
    "actions",
    "absences",
    "disclosures",
    "plan",
    "events",
    "orders",
    "transfers",
    "board-meetings",
    "drafts",
    "data-quality",
    "report",
    "published",
    "policy",
    "audit",
    "doctor",
    "confirm",
    "serve",
    "desk",
    "token",
    "metrics",
    "backup",
    "restore",
    "retention",
    "clock",
    "automations",
    "demo",
)


class InOrder(TyperGroup):
    """Commands in the order in which people come to need them."""

    def list_commands(self, _context: Any) -> list[str]:
        """Return the names of the commands."""
        return sorted(self.commands, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


app = group(
    "Keep track of MAPPA cases: what is due, who must do it, and who has been reminded. Settings come "
    "from environment variables named MAPPA_... Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some input was "
    "rejected.",
    cls=InOrder,
)


@app.callback()
def mappa(database: Database = None) -> None:
    """Take over the database for every command."""
    write_any_name()
    write_for_the_owner_alone()
    begin(database)


app.add_typer(load.app, name="load")
command(app)(take_on.take_on)
command(app)(take_on.taken_on)
command(app)(record.record)
command(app)(run.tick)
command(app)(run.run)
command(app)(run.simulate)
app.add_typer(look.cases, name="case")
command(app)(look.timescales)
command(app)(look.prompts)
app.add_typer(messages.app, name="messages")
command(app)(look.problems)
command(app)(meetings.referrals)
command(app)(meetings.meetings)
command(app)(meetings.papers)
command(app)(meetings.minutes)
command(app)(meetings.actions)
command(app)(meetings.absences)
command(app)(between_meetings.disclosures)
command(app)(between_meetings.plan)
command(app)(between_meetings.events)
command(app)(between_meetings.orders)
command(app)(between_meetings.transfers)
command(app)(meetings.board_meetings)
app.add_typer(meetings.drafts_group, name="drafts")
command(report.app)(measures.kpi)
command(report.app)(measures.outcomes)
app.add_typer(report.app, name="report")
command(report.app)(outlook.outlook)
command(report.app)(board.board)
app.add_typer(policy.app, name="policy")
command(policy.app, name="try")(policy_change.try_out)
command(policy.app)(policy_change.adopt)
app.add_typer(audit.app, name="audit")
command(app, checked=False)(doctor.doctor)
app.add_typer(confirm.app, name="confirm")
command(app)(run.serve)
command(app)(run.desk)
app.add_typer(tokens.app, name="token")
command(app)(maintain.metrics)
command(app)(maintain.backup)
command(app)(maintain.restore)
command(app)(maintain.recompute)
command(app)(maintain.data_quality)
command(app)(maintain.published)
command(app)(maintain.retention)
command(app)(fleet.clock)
app.add_typer(fleet.automations, name="automations")
command(app)(run.demo)


def main() -> None:
    """Run the command line."""
    app()
