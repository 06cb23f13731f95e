"""What must hold of the record: every invariant, in one place, with what it means and what to do where it does not.

The questions themselves stand in the rooms that know the tables: ``assurance.of_attendance``, ``assurance.of_cases``,
``assurance.of_messages``, ``assurance.of_names``, ``assurance.of_publications``, ``assurance.of_spells``,
``assurance.of_take_on``, ``assurance.of_the_file``, ``assurance.of_the_trail``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from assurance import of_attendance as attendance
from assurance import of_cases as cases
from assurance import of_messages as messages
from assurance import of_names as names
from assurance import of_publications as publications
from assurance import of_spells as spells
from assurance import of_take_on as take_on
from assurance import of_the_file as file
from assurance import of_the_trail as audit
from assurance import silence
from assurance.findings import Findings

Severity = Literal["wrong", "warning"]


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that must hold. ``wrong``: broken, it stops the heartbeat; ``warning``: a person should see to it.

    ``told_already``: what breaks it is a problem of its own, so that no second one is put beside it.
    """

    name: str
    severity: Severity
    explanation: str
    to_do: str
    broken_by: Callable[[Session, datetime], Findings]
    told_already: bool = False


ALL = (
    Invariant(
        "no-silence",
        "wrong",
        "About every open case somebody is asked again within the longest silence that the policy allows: 12 months in "
        "custody, 17 weeks outside it, 4 weeks there without a level; or a duty of it is paused until a day.",
        "Look at the case (mappa case list --silent) and record what it lacks. A case that was recorded before the "
        "program asked for it gets what it lacks by mappa recompute. If it lacks nothing, report a defect.",
        silence.cases_gone_silent,
    ),
    Invariant(
        "taken-on-listed",
        "wrong",
        "What was overdue when an area was taken on stands on its list, or somebody has adopted it, done it or put it "
        "down. None of it climbs a ladder that nobody asked for, and none is out of sight.",
        "Report a defect. Until it is mended, look at what waits for a decision (mappa timescales --taken-on).",
        take_on.on_neither_list,
    ),
    Invariant(
        "reports-published",
        "wrong",
        "Each report of an area with cases is published on the day on which it is due, and the next one is planned.",
        "Look at the run of the flow reports that failed (mappa problems --open --stage reports), give it room and the "
        "right to write in the folder (MAPPA_REPORTS_DIR), and run it: mappa run reports.",
        publications.not_published,
    ),
    Invariant(
        "questions-answerable",
        "wrong",
        "Every question that waits for a person names the fact that answers it, and a question of eligibility is about "
        "a sentence that waits for a decision, on an open case.",
        "Read the question (mappa problems --open) and report a defect: it can be asked, and cannot be answered.",
        cases.questions_nobody_can_answer,
    ),
    Invariant(
        "eligibility-asked",
        "wrong",
        "Whatever the rules leave open about somebody's eligibility is put to a person, and no case is closed over it.",
        "Look at the sentences of the person (mappa case show REFERENCE), record the decision on eligibility (mappa "
        "record identification), and report a defect.",
        cases.eligibility_nobody_is_asked_about,
    ),
    Invariant(
        "level-awaited",
        "wrong",
        "A case outside custody that has no level is asked for one.",
        "Tell the coordinator to decide the level and record it (mappa record level). A case that was recorded before "
        "the program asked for it gets what it lacks by mappa recompute.",
        cases.cases_without_a_level,
    ),
    Invariant(
        "rungs-raised",
        "wrong",
        "No rung of an open timescale has been due for more than an hour.",
        "The stage prompts does not run. See that mappa serve, or mappa tick from cron, is at work, and read what it "
        "says on standard error. What is due is raised at the next tick and says how late it is.",
        cases.rungs_not_raised,
    ),
    Invariant(
        "no-rung-passed-over",
        "wrong",
        "Every rung that the ladder of an open timescale has left behind has its prompt.",
        "Tell the recipients yourself (mappa timescales --crn REFERENCE), and report a defect: rung and prompt are "
        "written in one transaction.",
        cases.rungs_passed_over,
    ),
    Invariant(
        "stages-run",
        "wrong",
        "Nothing has waited for identification, pre_release, screening, meetings or exit_planning for more than an "
        "hour.",
        "That stage does not run: see that mappa serve, or mappa tick from cron, is at work, and read what it says on "
        "standard error. What waits is done at the next tick.",
        cases.stages_that_stand,
    ),
    Invariant(
        "attendance-in-step",
        "wrong",
        "The list of every planned meeting names the agencies that the case asks for now.",
        "Tell the Chair who must come, and who need not (mappa case show REFERENCE), and report a defect: each change "
        "of a case has its meetings looked at again.",
        attendance.lists_out_of_step,
    ),
    Invariant(
        "absences-required",
        "wrong",
        "Every agency that is asked for its report about a missed meeting was required on the day of that meeting.",
        "Record that the reason of its absence is accepted (mappa record attendance-report), and report a defect: a "
        "fact recorded late withdraws what it shows to be no absence.",
        attendance.absences_not_required,
    ),
    Invariant(
        "failures-mended",
        "wrong",
        "No work has failed five times or more.",
        "Read the reason (mappa problems --open) and mend what is behind it; it is tried again every day.",
        cases.failures,
    ),
    Invariant(
        "outbox-moves",
        "wrong",
        "No message waits for more than an hour after it was to leave.",
        "The stage deliver does not run: see that mappa serve, or mappa tick from cron, is at work, and read what it "
        "says on standard error. Messages leave at the next tick.",
        messages.stuck_messages,
    ),
    Invariant(
        "mail-route",
        "wrong",
        "The mail server, or the mail folder, takes messages.",
        "Read the reason (mappa problems --open), and mend the mail server, its settings or the folder. Nothing is "
        "lost: messages then leave by themselves, escalations first.",
        messages.faults_of_the_route,
        told_already=True,
    ),
    Invariant(
        "mail-leaves",
        "wrong",
        "No mail server has refused a message for a day.",
        "Read the reason (mappa messages --state retry). It is tried for five days (MAPPA_RETRY_DAYS). If the address "
        "is wrong, mend it; if the mailbox is full or closed, tell the recipient by other means.",
        messages.held_up_messages,
    ),
    Invariant(
        "messages-decided",
        "warning",
        "No message of unknown fate, and none that was given up, waits for a person.",
        "Decide on each (mappa messages --state uncertain, and --state dead): mappa messages resend ID, or mark-sent "
        "ID where it arrived or the recipient was told otherwise.",
        messages.undecided_messages,
    ),
    Invariant(
        "prompts-carried",
        "wrong",
        "Every prompt is in a message that exists.",
        "Somebody has deleted messages without this program. Restore them from a backup, or tell the recipients "
        "yourself.",
        messages.prompts_not_carried,
    ),
    Invariant(
        "messages-carry",
        "wrong",
        "Every message that was neither withheld nor cancelled carries a prompt.",
        "Somebody has deleted prompts without this program. Restore them from a backup.",
        messages.empty_messages,
    ),
    Invariant(
        "prompts-unique",
        "wrong",
        "No rung was raised twice to one recipient for one revision of a date.",
        "The unique key of the table of prompts is gone: restore the database from a backup, or restore the key, and "
        "tell the recipients that they were told twice.",
        messages.prompts_raised_twice,
    ),
    Invariant(
        "audit-whole",
        "wrong",
        "The entries of each chain of the audit trail are numbered 1, 2, 3 … without a gap, and end with its head.",
        "Somebody changed the record without this program. Run mappa audit verify, keep the database as it is, and "
        "find out who can write to it.",
        lambda session, _as_at: audit.misshapen_chains(session),
    ),
    Invariant(
        "audit-unaltered",
        "wrong",
        "The content of each audit entry matches its hash, and what is left of an erased one its seal. The newest "
        "entries are checked at every run, older ones in turn.",
        "Somebody changed the record without this program. Run mappa audit verify, keep the database as it is, and "
        "find out who can write to it.",
        lambda session, _as_at: audit.altered_entries(session),
    ),
    Invariant(
        "audit-sealed",
        "wrong",
        "Nothing is missing from the audit trail: no entry or chain that was sealed, and no seal that was told outside "
        "the database. The newest seals are checked at every run, older ones in turn.",
        "Somebody cut the audit trail or wrote it again without this program. Run mappa audit verify, and find out who "
        "can write to the database. Keep the database and the file of witnesses as they are. If you have just restored "
        "PostgreSQL, run mappa audit restored.",
        lambda session, _as_at: audit.broken_trail(session),
    ),
    Invariant(
        "pages-whole",
        "wrong",
        "The pages of the file with the record are whole (SQLite).",
        "Stop every program on it and keep the file as it is. Look at the disk, then restore the last backup (mappa "
        "restore FILE).",
        lambda session, _as_at: file.damaged(session),
    ),
    Invariant(
        "rows-as-written",
        "wrong",
        "Every row of every table is as this program wrote it: nobody has changed, added, deleted or put back one "
        "without it. All are checked once a day.",
        "Somebody changed the record without this program. Run mappa audit verify --record for the whole list, and "
        "find out who can write to the database. Put back what was there, or keep it: mappa audit accept-rows.",
        audit.altered_rows,
    ),
    Invariant(
        "calendar-covers",
        "wrong",
        "The stored bank holidays reach at least twelve months ahead.",
        "Upgrade the program, whose library knows more years, or give a file of bank holidays "
        "(MAPPA_BANK_HOLIDAYS); the next command stores them.",
        cases.calendar_too_short,
    ),
    Invariant(
        "clocks-agree",
        "wrong",
        "The clock of the database (PostgreSQL) and that of this machine are less than a minute apart.",
        "Set both by a time server (NTP): prompts leave by the clock of the machine on which mappa runs.",
        cases.clocks_apart,
    ),
    Invariant(
        "nothing-from-the-future",
        "wrong",
        "No audit entry, fact or message was recorded later than now.",
        "A clock was ahead, or somebody worked with --as-at in the future on the real record. Set the clock; what is "
        "dated ahead stands until its day has come.",
        cases.rows_from_the_future,
    ),
    Invariant(
        "one-normal-form",
        "warning",
        "Every address that may be written to is in its normal form, and no two entries of the directory are one but "
        "for letter case, apostrophes and spaces: a mailbox would get two messages, or one after its holder has left.",
        "Report a defect: everything that comes in is brought to its normal form. Load the directory with the spelling "
        "that is meant; an entry that is told twice ends only by its own spelling.",
        names.told_twice,
    ),
    Invariant(
        "one-case-a-person",
        "wrong",
        "Of two open cases whose people share a NOMIS or PNC number, somebody has been asked whether they are one.",
        "Run 'mappa recompute': it asks. The coordinator then records merge.",
        cases.people_told_twice,
    ),
    Invariant(
        "spells-in-step",
        "wrong",
        "The spells of each case, from which the figures are counted, tell of every day once, end on the day on which "
        "the case was closed, and say of an open case what the case says.",
        "Run 'mappa recompute': it works out the spells of a case that was recorded before they were kept. If it "
        "mends nothing, report a defect.",
        spells.spells_out_of_step,
    ),
    Invariant(
        "coordinators-known",
        "wrong",
        "Every area with open cases has a coordinator in the directory today.",
        "Load a directory that names one (mappa load directory FILE): meanwhile what is for the coordinator goes up "
        "the line.",
        cases.areas_without_coordinator,
    ),
)
INVARIANTS: dict[str, Invariant] = {one.name: one for one in ALL}


@dataclass(frozen=True, slots=True)
class Examined:
    """One invariant looked at. ``error`` is the kind of error where it could not be."""

    invariant: Invariant
    findings: Findings = Findings()  # noqa: RUF009  it is frozen
    error: str | None = None

    @property
    def holds(self) -> bool:
        """Tell whether it was looked at and nothing breaks it."""
        return self.error is None and not self.findings.total

    @property
    def is_wrong(self) -> bool:
        """Tell whether it stops the heartbeat; what could not be looked at does, too."""
        return self.error is not None or (bool(self.findings.total) and self.invariant.severity == "wrong")

    @property
    def found(self) -> str:
        """Return what was found, in a line that names nobody."""
        if self.error is not None:
            return f"it could not be looked at ({self.error})"
        if not self.findings.total:
            return "it holds"
        more = self.findings.total - len(self.findings.subjects)
        rest = f" and {more:,} more" if more else ""
        return f"{self.findings.total:,} found: {', '.join(self.findings.subjects)}{rest}"


def examine(session: Session, invariant: Invariant, as_at: datetime) -> Examined:
    """Look at one invariant; what its question raises is a finding, and stops no other."""
    try:
        # PostgreSQL ends a transaction in which a statement failed: a savepoint keeps it for the others.
        with session.begin_nested():
            return Examined(invariant, invariant.broken_by(session, as_at))
    except Exception as error:  # noqa: BLE001  its text may quote a row: the kind alone is told
        return Examined(invariant, error=type(error).__name__)
