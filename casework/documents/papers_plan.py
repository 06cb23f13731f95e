"""The plan in the papers of a meeting: its newest version, how old it is, and what it says that is no longer so.

Source: Joint inspection 2015, 5.14.

A plan that names somebody who has died, or that no meeting has looked at, is what the inspectors found (joint
inspection 2015, 5.14, 5.20): the papers say so at the top, not only where it stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from casework.documents.blocks import Block, Facts, Section, Table, Words
from casework.documents.carried import Carried
from casework.documents.particulars import PILLARS
from casework.documents.wording import Names
from casework.facts.plan_sections import sections
from models.meetings import Meeting
from models.plans import ContactChange, PlanVersion
from policy.texts import bare, names_the_dead
from policy.vocabulary import ContactChangeKind
from policy.words import day_of, days, known, long_date, opening, order_name, plain_words, short_date

NO_VERSION = "No version of the plan is on record."
# It is for the offender manager to say (Joint inspection 2015, 6.14).
NO_SUCCESS = "Nobody has said yet. Ask the offender manager."


@dataclass(frozen=True, slots=True)
class CurrentPlan:
    """The newest version of the plan by a meeting, and the people it names of whom that is no longer true.

    ``standing``: what of it stands as in the version before.
    """

    version: PlanVersion
    meeting: Meeting
    last: Meeting | None
    changed: tuple[ContactChange, ...]
    standing: Carried

    @property
    def age(self) -> str:
        """Return how old the plan is on the day of the meeting."""
        return days((self.meeting.on - self.version.written_on).days)

    def warnings(self) -> Iterator[str]:
        """Yield what is wrong with the plan, before anybody has read a word of it."""
        if self.last is not None and self.version.written_on < self.last.on:
            yield f"it is older than the last meeting, of {short_date(self.last.on)}"
        if self.changed:
            yield f"it names somebody who has died or changed: {', '.join(change.person for change in self.changed)}"

    def in_brief(self) -> str:
        """Return the plan in a line."""
        told = (
            f"Version {self.version.version}, from {long_date(self.version.written_on)}: {self.age} old by the meeting"
        )
        return told + "".join(f". Warning: {warning}" for warning in self.warnings())


def read_plan(session: Session, meeting: Meeting, last: Meeting | None) -> CurrentPlan | None:
    """Return the newest version of the plan by the day of a meeting, if there is any."""
    newest = session.scalars(
        select(PlanVersion)
        .where(PlanVersion.case_id == meeting.case_id, PlanVersion.written_on <= meeting.on)
        .options(undefer(PlanVersion.content))
        .order_by(PlanVersion.version.desc())
        .limit(2)
    ).all()
    if not newest:
        return None
    version, *older = newest
    changes = session.scalars(
        select(ContactChange).where(ContactChange.case_id == meeting.case_id).order_by(ContactChange.id)
    )
    texts = sections(version.content)
    changed = tuple(change for change in changes if no_longer_true(texts, change, version.written_on))
    return CurrentPlan(version, meeting, last, changed, standing_in(version, older[0] if older else None))


def standing_in(version: PlanVersion, before: PlanVersion | None) -> Carried:
    """Return what of a version of the plan stands as in the one before."""
    return Carried(
        since=f"version {before.version}, of {long_date(before.written_on)}" if before else "an earlier version",
        before=sections(before.content) if before else {},
        now=sections(version.content),
        confirmed=version.content.get("carried_forward") or {},
    )


def no_longer_true(texts: dict[str, str], change: ContactChange, written_on: date) -> bool:
    """Tell whether the plan names somebody as they were before they died, moved or were called otherwise."""
    if change.what == ContactChangeKind.DIED:
        return any(names_the_dead(texts, {change.person: change.on_date}))
    naming = [text for text in texts.values() if names(text, change.person)]
    if change.what == ContactChangeKind.NAME_CHANGED:
        return any(not names(text, change.now_called or "") for text in naming)
    # Whoever wrote the plan after that knew of it.
    return bool(naming) and change.known_on >= written_on


def names(text: str, person: str) -> bool:
    """Tell whether a text names somebody."""
    return f" {bare(person)} " in f" {bare(text)} "


def plan_section(plan: CurrentPlan | None, agency_name: Names) -> Section:
    """Return the plan as it stands: its age, what is wrong with it, its conclusion, and all it says."""
    if plan is None:
        return Section("The risk management plan", [Words(NO_VERSION)])
    version, content = plan.version, plan.version.content
    facts = [
        ("Version", str(version.version)),
        ("Written on", long_date(version.written_on)),
        ("Age", plan.age),
        ("Written by", f"{version.written_by}, {agency_name(version.agency)}"),
    ]
    if version.differs_because:
        facts.append(("Another plan than the lead agency's, because", version.differs_because))
    if content.get("no_conditions_because"):
        facts.append(("No conditions and no orders, because", content["no_conditions_because"]))
    return Section(
        f"The risk management plan: version {version.version}, {plan.age} old by this meeting",
        [
            Facts(facts),
            *warned(plan),
            Words(content["conclusion"], "In conclusion", plan.standing.note("conclusion")),
            *(Words(content[part], heading, plan.standing.note(part)) for part, heading in PILLARS.items()),
            Words(content.get("success") or NO_SUCCESS, "What success will look like"),
            conditions(content, plan.meeting.on),
            *restrictions(content),
            *tables(content, agency_name),
            *carried_besides(plan.standing, agency_name),
        ],
    )


def warned(plan: CurrentPlan) -> list[Block]:
    """Return the warnings as a reader cannot miss them, with who has died or changed."""
    warnings = "\n".join(f"{opening(warning)}." for warning in plan.warnings())
    if not warnings:
        return []
    blocks: list[Block] = [Words("The plan is to be looked at before anybody relies on it.", "Warning", warnings)]
    if plan.changed:
        rows = [
            (
                change.person,
                plain_words(change.what) + (f": now {change.now_called}" if change.now_called else ""),
                short_date(change.on_date),
                short_date(change.known_on),
                change.note,
            )
            for change in plan.changed
        ]
        columns = ("Who", "What happened", "When", "Known since", "How it is known")
        blocks.append(Table("Named in the plan as they were before", columns, rows, ""))
    return blocks


def conditions(content: dict[str, Any], on: date) -> Table:
    """Return licence conditions, orders and exclusion zones word for word, with the days they hold."""
    rows = [("Licence condition", one["text"], *spell(one, on)) for one in content["licence_conditions"]]
    rows += [(order_name(one["order"]), one["text"], *spell(one, on)) for one in content["orders"]]
    rows += [("Exclusion zone", one["text"], *spell(one, on)) for one in content["exclusion_zones"]]
    columns = ("What", "In full", "From", "Until")
    return Table("Conditions, orders and zones", columns, rows, "The plan has no conditions, orders or zones.")


def carried_besides(standing: Carried, agency_name: Names) -> list[Table]:
    """Return what else stands as in the version before: conditions, orders, zones, restrictions, contributions."""
    told = {"conclusion", *PILLARS}
    rows = [(part_name(name, agency_name), note) for name in standing.now if name not in told
            and (note := standing.note(name))]  # fmt: skip
    return [Table("Stands as in the version before", ("Part", "How it is known"), rows, "")] if rows else []


def part_name(name: str, agency_name: Names) -> str:
    """Return a part of the plan, named as in the record (``orders.shpo``), as the papers head it."""
    first, _, rest = name.partition(".")
    if first == "orders":
        return order_name(rest)
    if first == "contributions":
        return f"What it does: {agency_name(rest)}"
    return f"Restricted contact: {rest}" if first == "contact_restrictions" else plain_words(name)


def spell(one: dict[str, Any], on: date) -> tuple[str, str]:
    """Return from when until when words of the plan hold; what has ended by the meeting says so."""
    starts, ends = one["starts_on"], one["ends_on"]
    over = ": before the meeting" if ends and date.fromisoformat(ends) < on else ""
    return day_of(starts) if starts else "Not said", (day_of(ends) if ends else "No end") + over


def restrictions(content: dict[str, Any]) -> list[Table]:
    """Return with whom contact is restricted, where it is with anybody."""
    rows = [(one["person"], one["restriction"]) for one in content["contact_restrictions"]]
    return [Table("Restricted contact", ("With whom", "How"), rows, "")] if rows else []


def tables(content: dict[str, Any], agency_name: Names) -> list[Table]:
    """Return the visits that are planned, and what each agency does."""
    visits = [
        (agency_name(one["agency"]), one["by"], one["how_often"], "Announced" if one["announced"] else "Unannounced")
        for one in content["visits"]
    ]
    does = [(agency_name(one["agency"]), known(one["what"])) for one in content["contributions"]]
    return [
        Table("Visits", ("Agency", "By", "How often", "How"), visits, "No visits are planned."),
        Table("What each agency does", ("Agency", "What"), does, "No agency is named."),
    ]
