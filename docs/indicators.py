"""The page of indicators and outcomes: what each counts, of what, where its rule stands, and its target."""

from docs.markdown import code, page, table
from policy.book import shipped_book
from policy.indicators import PAUSED, Indicator, Target
from policy.numbers import Policy
from policy.outcomes import Closing, Outcome
from policy.words import opening

INTRODUCTION = """
`mappa report kpi` counts the indicators and `mappa report outcomes` the outcomes: see
[how to read them](../how-to-indicators.md). The targets, and what the inspection found, are those of the shipped
policy; an area may [change them](../how-to-coordinator.md#change-a-number-for-one-area) under `[indicators.targets]`
and `[outcomes]`.
"""
RULES = "An indicator that reads `timescales` counts a duty in the period of its due date, once that day has ended:"
STATES = (
    ("met on or before its due date", "on time"),
    ("met later", "late"),
    ("missed after its due date", "never done"),
    ("open after its due date", "not done"),
    ("paused after its due date", f"not done: {PAUSED}"),
    ("missed on or before its due date", "left out: it ended before it was due"),
    ("cancelled", "left out: it was not due after all"),
)
MORE = """
If a due date was moved, the last one counts. Where nothing counts there is "no data", which is not 100%.
"""
OUTCOMES = """
Events count on the day on which they happened, at the level at which the person was managed then. What an events file
and the record of a case tell of one person and day is one event. People are those managed at level 2 or 3 on any day of
the period, each once for each area that managed them. They are compared between the first such day and the last day of
the period.
"""
CLOSINGS = "Cases closed in the period, by reason. A case that was merged into another of the same person is left out."


def page_of_indicators() -> str:
    """Return the page."""
    policy = shipped_book().policies[0]
    return page(
        "Indicators and outcomes",
        INTRODUCTION,
        "## Indicators",
        RULES,
        table(("State of the duty", "Counts as"), STATES),
        MORE,
        table(
            ("Indicator", "Name", "Counts", "Of", "Agency", "Reads", "Target", "Source"),
            [indicator_row(one, policy) for one in Indicator],
        ),
        "## Targets",
        table(
            ("Indicator", "Target", "Status", "Source"),
            [(code(name), f"{one.per_cent:g}%", one.status, one.source) for name, one in targets(policy)],
        ),
        "## Outcomes",
        OUTCOMES,
        table(("Outcome", "Name", "Counts", "Inspection", "Source"), [outcome_row(one, policy) for one in Outcome]),
        "## Closed cases",
        CLOSINGS,
        table(("Reason", "Name"), [(code(one.name.lower()), opening(one.value)) for one in Closing]),
    )


def indicator_row(indicator: Indicator, policy: Policy) -> tuple[str, ...]:
    """Return one indicator as its spec tells of it."""
    spec, target = indicator.spec, policy.indicators.targets.get(indicator)
    reads = spec.reads.value + (f": {code(spec.kind.value)}" if spec.kind else "")
    wanted = f"{target.per_cent:g}%" if target else "none"
    return code(indicator.value), spec.title, spec.counts, spec.of, opening(spec.agency), reads, wanted, spec.source


def targets(policy: Policy) -> list[tuple[str, Target]]:
    """Return the targets in the order of the indicators."""
    return [(one.value, policy.indicators.targets[one]) for one in Indicator if one in policy.indicators.targets]


def outcome_row(outcome: Outcome, policy: Policy) -> tuple[str, ...]:
    """Return one outcome as its spec tells of it, beside what the inspection found."""
    spec, inspected = outcome.spec, policy.outcomes.inspected.get(outcome)
    found = f"{inspected.per_cent:g}%" if inspected else ""
    return code(outcome.value), spec.title, spec.counts, found, spec.source
