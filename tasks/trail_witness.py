"""After an audit: the newest seal of the audit trail is told outside the database, where nobody can take it back.

It goes into the file of witnesses at every audit, into the sign of life, and once a day by e-mail to the operator, with
how the record stands.
"""

import logging
from datetime import datetime

from sqlalchemy import select

from assurance.heartbeat import is_present
from assurance.of_the_trail import witness_file
from models.assurance import AssuranceRun
from models.audit_witness import Witness, bear, present_witness
from models.record import Record
from notifications.settings import MailSettings
from policy.calendar import london_date
from tasks.operators_notice import send_to_operators

log = logging.getLogger(__name__)
DIGEST = ("open_cases", "open_timescales", "messages", "open_problems")


def bear_witness(record: Record, as_at: datetime) -> Witness | None:
    """Tell the newest seal outside, and return it. A run about another day tells nothing.

    What fails is logged, and changes nothing: the next audit tells it again.
    """
    if not is_present(as_at):
        return None
    with record.reading() as session:
        witness, file = present_witness(session), witness_file(session)
        runs = select(AssuranceRun).where(AssuranceRun.ran_at <= as_at)
        runs = runs.order_by(AssuranceRun.ran_at.desc(), AssuranceRun.id.desc()).limit(2)
        newest, *before = session.scalars(runs)
    if witness is None:
        return None
    if file is not None:
        try:
            bear(file, witness)
        except OSError as error:
            log.warning("the file of witnesses cannot be written: %s", error.strerror or type(error).__name__)
    first_today = not before or london_date(before[0].ran_at) < london_date(as_at)
    if first_today:
        tell_operator(record.settings(MailSettings), newest, witness)
    return witness


def tell_operator(settings: MailSettings, run: AssuranceRun, witness: Witness) -> None:
    """Send the day's e-mail to the operator, where an address is set."""
    if not settings.operator_email:
        return
    wrong = [str(one["found"]) for one in run.findings]
    lines = [
        "The record was audited: nothing is wrong." if run.ok else "The record was audited, and something is wrong.",
        *wrong,
        *([] if run.ok else ["What to do: mappa problems --open --stage assurance"]),
        "",
        *(f"{name.replace('_', ' ')}: {run.counts[name]:,}" for name in DIGEST if name in run.counts),
        "",
        f"Seal {witness.number} of the audit trail: {witness.hash}",
        "Keep this e-mail. To check that nobody has cut or rewritten the trail since:",
        f"mappa audit verify --seal {witness.number}:{witness.hash[:16]}",
    ]
    sent, said = send_to_operators(settings, f"the day's audit, seal {witness.number}", lines)
    if not sent:
        log.warning("the day's e-mail to the operator did not leave: %s", said)
