"""``mappa case show``: all that is on record of one person. The only output with a name in it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.facts.querying import View
from models.cases import Case, Fact, Problem
from models.obligations import Timescale
from models.people import Person, Sentence
from service.output import cell, print_json, say, show_table
from views.cases import person_case, prompts
from views.person import person_and_case
from views.times import iso, spoken


def print_document(session: Session, key: str) -> None:
    """Print the case object of the design."""
    person, case = person_and_case(session, key)
    print_json(person_case(session, person, case))


def print_page(session: Session, key: str) -> None:
    """Print the person, the case, and everything on it."""
    person, case = person_and_case(session, key)
    say(
        f"{person.surname}, {person.forenames}, born {person.date_of_birth}, CRN {person.crn}"
        + "".join(
            f", {name} {value}" for name, value in (("NOMIS", person.noms_number), ("PNC", person.pnc_number)) if value
        )
    )
    if case is None:
        print_no_case(person.sentences)
    else:
        print_case(session, person, case)
    print_sentences(person.sentences)


def print_no_case(sentences: Sequence[Sentence]) -> None:
    """Say why there is no case."""
    waiting = sum(1 for sentence in sentences if sentence.outcome is None)
    if waiting:
        say(f"no case yet: {waiting} of {len(sentences)} sentences wait for identification (the next tick does it)")
    else:
        say("no case: none of the sentences makes this person eligible for MAPPA")


def print_case(session: Session, person: Person, case: Case) -> None:
    """Print a case, and the references of the others."""
    view = person_case(session, person, case)
    say("", f"case {case.reference}" + (", restricted" if case.restricted else ""))
    lines = {
        "category": "not decided"
        if case.category is None
        else f"{case.category}" + (f" (all: {cell(view['categories'])})" if len(view["categories"]) > 1 else ""),
        "level": "to be confirmed" if case.level is None else f"{case.level}, set on {cell(case.level_set_on)}",
        "stage": case.stage,
        "area": ", ".join(part for part in (case.area, case.unit) if part),
        "lead agency": case.lead_agency,
        "offender manager": contact(case.offender_manager, case.offender_manager_email),
        "police offender manager": contact(case.police_offender_manager, case.police_offender_manager_email),
        "location": ", ".join(part for part in (case.location, case.prison) if part),
        "risk of serious harm": case.rosh_level,
        "release date": case.release_date,
        "eligible until": case.eligible_until,
        "opened": case.opened_on,
        "closed": f"{case.closed_on}: {case.closed_reason or 'no reason given'}" if case.closed_on else None,
    }
    say(*(f"  {name + ':':<25}{cell(value)}" for name, value in lines.items() if value not in (None, "")))
    others = [
        other.reference + (" (open)" if other.closed_on is None else f" (closed {other.closed_on})")
        for other in person.cases
        if other.id != case.id
    ]
    if others:
        say(f"  {'other episodes:':<25}{', '.join(others)}")
    print_management(session, case)
    print_between_meetings(session, case)
    print_work(session, case)
    print_recorded(session, case)


def contact(name: str | None, email: str | None) -> str:
    """Return a name with its address."""
    return " ".join(part for part in (name, f"<{email}>" if email else None) if part)


def print_management(session: Session, case: Case) -> None:
    """Print what there is of levels, referrals, meetings, actions and absences."""
    from views import meetings as found

    of_case = case.reference
    tables = (
        (
            "levels",
            ("since", "level", "category", "decided by", "because"),
            [
                (v["since"], v["level"], v["category"], v["decided_by"], v["reason"])
                for v in found.levels(session, case)
            ],
        ),
        ("referrals", ("received", "stands"), [referral_row(v) for v in found.referrals(session, crn=of_case)]),
        (
            "meetings",
            ("meeting", "begins", "state", "level", "chair", "required", "invited", "came", "minutes", "posted"),
            [meeting_row(v) for v in found.meetings(session, crn=of_case)],
        ),
        (
            "actions",
            ("action", "meeting", "agency", "owner", "due", "state", "closed", "outcome"),
            [action_row(v) for v in found.actions(session, crn=of_case)],
        ),
        (
            "absences",
            ("meeting", "agency", "absence", "status", "asked", "settled"),
            [absence_row(v) for v in found.absences(session, crn=of_case)],
        ),
    )
    for title, columns, rows in tables:
        if rows:
            show_table(columns, rows, title=title)


def print_between_meetings(session: Session, case: Case) -> None:
    """Print what there is of the plan, disclosures, events, orders and transfers."""
    from views import between_meetings as found

    if versions := found.plan_versions(session, case):
        newest = versions[-1]
        say("", f"risk management plan: version {newest.version} of {newest.written_on} (mappa plan {case.reference})")
    of_case = case.reference
    shown = (
        ("disclosures", found.disclosures, ("disclosure", "meeting", "agency", "by", "due_on", "state", "closed_on")),
        ("events", found.events, ("event", "kind", "on", "until", "reviewed_on", "partnered_on", "victim_told_on")),
        ("orders", found.orders, ("order", "kind", "court", "starts_on", "ends_on", "reviewed_on")),
        ("transfers", found.transfers, ("transfer", "from_area", "to_area", "proposed_on", "decision", "answered_on")),
    )
    for title, views, fields in shown:
        if rows := [tuple(view[name] for name in fields) for view in views(session, crn=of_case)]:
            show_table([name.replace("_", " ") for name in fields], rows, title=title)


def referral_row(view: View) -> tuple[object, ...]:
    """Return a referral: when it came, and how it stands."""
    if view["returned_on"] is not None:
        stands = f"sent back on {view['returned_on']}; it lacks {len(view['missing'])} thing(s)"
    elif view["decided_on"] is not None:
        stands = f"{view['decision']} on {view['decided_on']}"
    else:
        stands = "complete, waits for screening"
    return view["received_on"], stands


def meeting_row(view: View) -> tuple[object, ...]:
    """Return a meeting: when, how it stands, how many agencies were required, invited and there."""
    people = (len(view[name]) for name in ("required", "invited", "attended"))
    return (
        view["meeting"],
        view["starts_at"],
        view["state"],
        view["level"],
        view["chair"],
        *people,
        view["minutes_on"],
        view["posted_on"],
    )


def action_row(view: View) -> tuple[object, ...]:
    """Return an action: whose, by when, what became of it."""
    names = ("action", "meeting", "agency", "owner", "due_on", "state", "closed_on", "outcome")
    return tuple(view[name] for name in names)


def absence_row(view: View) -> tuple[object, ...]:
    """Return an absence: where, whose, how often asked, how settled."""
    settled = f"{view['settled_by']} on {view['settled_on']}" if view["settled_on"] else ""
    return view["meeting"], view["agency"], view["nth"], view["status"], len(view["history"]), settled


def print_work(session: Session, case: Case) -> None:
    """Print timescales and prompts of a case."""
    owed = session.scalars(
        select(Timescale).where(Timescale.case_id == case.id).order_by(Timescale.due_on, Timescale.id)
    )
    show_table(
        ("owed", "due", "state", "by", "revision", "next prompt"),
        [
            (
                f"{t.kind}, {t.label}" if t.label else t.kind,
                t.due_on,
                t.state,
                t.owner_role,
                t.revision,
                iso(t.next_prompt_at),
            )
            for t in owed
        ],
        title="timescales",
        nothing="no timescales",
    )
    raised = [p for p in prompts(session, crn=case.person.crn) if p["case"] == case.reference]
    show_table(
        ("raised", "about", "rung", "due", "to", "late by days"),
        [
            (
                p["raised_at"],
                p["kind"],
                p["rung"],
                p["due_on"],
                f"{p['recipient_role']} {p['recipient']}",
                p["late_by_days"] or "",
            )
            for p in raised
        ],
        title="prompts",
        nothing="no prompts yet",
    )


def print_recorded(session: Session, case: Case) -> None:
    """Print facts and open problems of a case."""
    facts = session.scalars(select(Fact).where(Fact.case_id == case.id).order_by(Fact.on_date, Fact.id)).all()
    if facts:
        show_table(
            ("on", "recorded", "by", "at"),
            [(f.on_date, f.kind, f.recorded_by, spoken(f.recorded_at)) for f in facts],
            title="recorded facts",
        )
    waiting = session.scalars(
        select(Problem).where(Problem.case_id == case.id, Problem.resolved_at.is_(None)).order_by(Problem.id)
    )
    say(
        *(
            f"waits for a person: {p.reason}"
            if p.kind == "question"
            else f"problem {p.id} in {p.stage}: see mappa problems"
            for p in waiting
        )
    )


def print_sentences(sentences: Sequence[Sentence]) -> None:
    """Print each sentence with its outcome and reason."""
    show_table(
        ("sentenced", "offence", "disposal", "months", "outcome", "because"),
        [
            (
                s.sentence_date,
                " ".join(part for part in (s.offence_code, s.offence_description) if part),
                s.disposal,
                s.term_months,
                s.outcome or "waits",
                s.outcome_reason,
            )
            for s in sentences
        ],
        title="sentences",
        nothing="no sentences on record",
    )
