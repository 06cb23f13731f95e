"""``mappa case show``: all that is on record of one person. The only output with a name in it."""

from collections.abc import Iterable, Sequence

from policy.words import long_date
from service.output import cell, say, show_table
from views.absences import AbsenceView
from views.actions import ActionView
from views.cases import CaseView
from views.disclosures import DisclosureView
from views.events import EventView
from views.meetings import MeetingView
from views.model import OfCase, View, columns
from views.orders import OrderView
from views.person_page import CasePage, FactView, PersonPage, SentenceView
from views.problems import ProblemView
from views.prompts import PromptView
from views.referrals import LevelView, ReferralView
from views.timescales import LabelledTimescaleView
from views.transfers import TransferView


def print_page(person: PersonPage) -> None:
    """Print the person, the case, and everything on it."""
    numbers = (("NOMIS", person.noms_number), ("PNC", person.pnc_number))
    say(
        f"{person.surname}, {person.forenames}, born {person.date_of_birth}, CRN {person.crn}"
        + "".join(f", {name} {value}" for name, value in numbers if value)
    )
    if person.case is None:
        print_no_case(person.sentences)
    else:
        print_head(person.summary, person.case)
        print_case(person.summary, person.case)
    print_sentences(person.sentences)


def print_no_case(sentences: Sequence[SentenceView]) -> None:
    """Say why there is no case."""
    waiting = sum(1 for sentence in sentences if sentence.outcome is None)
    if waiting:
        say(
            f"no case yet: {waiting} of {len(sentences)} sentences are not checked for eligibility yet "
            "(the next tick does it)"
        )
    else:
        say("no case: no sentence makes this person eligible for MAPPA")


def print_head(case: CaseView, page: CasePage) -> None:
    """Print what a case is, who works on it, and the references of the others."""
    known = page.particulars
    say("", f"case {case.case}" + (", restricted" if known.restricted else ""))
    every = f" (all: {cell(case.categories)})" if len(case.categories) > 1 else ""
    lines = {
        "category": "not decided" if case.category is None else f"{case.category}{every}",
        "level": "to be confirmed" if case.level is None else f"{case.level}, set on {cell(known.level_set_on)}",
        "stage": case.stage,
        "area": joined(case.area, case.unit),
        "lead agency": case.lead_agency,
        "offender manager": contact(known.offender_manager, known.offender_manager_email),
        "police offender manager": contact(known.police_offender_manager, known.police_offender_manager_email),
        "location": joined(known.location, known.prison),
        "risk of serious harm": known.rosh_level,
        "release date": case.release_date,
        "door opens": long_date(case.door_opens_on) if case.door_opens_on else None,
        "eligible until": case.eligible_until,
        "opened": known.opened_on,
        "closed": f"{known.closed_on}: {known.closed_reason or 'no reason given'}" if known.closed_on else None,
    }
    say(*(f"  {name + ':':<25}{cell(value)}" for name, value in lines.items() if value not in (None, "")))
    others = [
        other.reference + (" (open)" if other.closed_on is None else f" (closed {other.closed_on})")
        for other in page.other_episodes
    ]
    if others:
        say(f"  {'other episodes:':<25}{', '.join(others)}")


def joined(*parts: str | None) -> str:
    """Return the parts that are known, with commas between."""
    return ", ".join(part for part in parts if part)


def contact(name: str | None, email: str | None) -> str:
    """Return a name with its address."""
    return " ".join(part for part in (name, f"<{email}>" if email else None) if part)


def print_case(summary: CaseView, case: CasePage) -> None:
    """Print everything on a case, in the order of its life."""
    print_table("levels", case.levels, LevelView)
    print_referrals(case.referrals)
    print_table("meetings", case.meetings, MeetingView)
    print_actions(case.actions)
    print_table("absences", case.absences, AbsenceView)
    if case.plan:
        newest = f"version {case.plan.version} of {case.plan.written_on}"
        say("", f"risk management plan: {newest} (mappa plan {summary.case})")
    print_table("disclosures", case.disclosures, DisclosureView)
    print_table("events", case.events, EventView)
    print_table("orders", case.orders, OrderView)
    print_table("transfers", case.transfers, TransferView)
    print_timescales(case.timescales)
    print_prompts(case.prompts)
    print_table("recorded facts", case.facts, FactView)
    print_problems(case.problems)


def print_table(title: str, views: Iterable[View], model: type[View]) -> None:
    """Print the views of one case under a title; nothing where there are none."""
    shown = columns(model, without=OfCase)
    rows = [[column.of(view) for column in shown] for view in views]
    if rows:
        show_table([column.heading for column in shown], rows, title=title)


def print_referrals(referrals: Sequence[ReferralView]) -> None:
    """Print when each referral came, and how it stands."""
    if referrals:
        rows = [(referral.received_on, standing(referral)) for referral in referrals]
        show_table(("received", "state"), rows, title="referrals")


def standing(referral: ReferralView) -> str:
    """Return how a referral stands."""
    if referral.returned_on is not None:
        return f"sent back on {referral.returned_on}; {len(referral.missing)} missing"
    if referral.decided_on is not None:
        return f"{referral.decision} on {referral.decided_on}"
    return "complete, waiting for screening"


def print_actions(actions: Sequence[ActionView]) -> None:
    """Print whose each action is, by when, and what became of it: here its words may name people."""
    if actions:
        rows = [(a.action, a.meeting, a.agency, a.owner, a.due_on, a.state, a.closed_on, a.outcome) for a in actions]
        headings = ("action", "meeting", "agency", "owner", "due", "state", "closed", "outcome")
        show_table(headings, rows, title="actions")


def print_timescales(owed: Iterable[LabelledTimescaleView]) -> None:
    """Print what is due."""
    rows = [(what_is_owed(t), t.due_on, t.how_it_stands, t.owner_role, t.revision, t.next_prompt_at) for t in owed]
    headings = ("to do", "due", "state", "owner", "revision", "next prompt")
    show_table(headings, rows, title="timescales", nothing="no timescales")


def what_is_owed(owed: LabelledTimescaleView) -> str:
    """Return the kind of a timescale, and what tells it from others of its kind."""
    return f"{owed.kind}, {owed.label}" if owed.label else owed.kind


def print_prompts(raised: Iterable[PromptView]) -> None:
    """Print the prompts that were raised."""
    rows = [
        (p.raised_at, p.kind, p.rung, p.due_on, f"{p.recipient_role} {p.recipient}", p.late_by_days or "")
        for p in raised
    ]
    headings = ("raised", "about", "rung", "due", "to", "late by days")
    show_table(headings, rows, title="prompts", nothing="no prompts yet")


def print_problems(problems: Iterable[ProblemView]) -> None:
    """Print what waits for a person, and what failed."""
    say(
        *(
            f"needs a decision: {p.reason}"
            if p.kind == "question"
            else f"problem {p.id} in {p.stage}: see mappa problems"
            for p in problems
        )
    )


def print_sentences(sentences: Iterable[SentenceView]) -> None:
    """Print each sentence with its outcome and reason."""
    rows = [
        (
            s.sentence_date,
            " ".join(part for part in (s.offence_code, s.offence_description) if part),
            s.disposal,
            s.term_months,
            s.outcome or "not checked yet",
            s.outcome_reason,
        )
        for s in sentences
    ]
    headings = ("sentenced", "offence", "disposal", "months", "outcome", "reason")
    show_table(headings, rows, title="sentences", nothing="no sentences on record")
