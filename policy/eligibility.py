"""Who is a MAPPA offender, in which category, until when, and what a person must decide (CJA 2003 s.327).

Pure and dated: the same sentences assessed as at another day may give another answer. What the facts
do not settle is a question for a person, never a "no". The rules of each category are in ``policy.categories``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from policy.calendar import age_on
from policy.categories import (
    ADULT,
    Asked,
    Decision,
    Hold,
    Question,
    SentenceFacts,
    category_1_by_offence,
    category_1_by_order,
    category_2,
    category_4,
    end_decided,
    end_of,
)
from policy.custody import Stay
from policy.numbers import Policy
from policy.vocabulary import ORDERS_OF_CATEGORY_1, Category, OrderKind

NEVER = date.min


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """A court order as the rules see it. ``ends_on`` None: until further order."""

    kind: OrderKind
    ends_on: date | None
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one sentence means: the categories it gives and the questions it leaves."""

    subject: str
    holds: tuple[Hold, ...]
    questions: tuple[Question, ...]

    @property
    def settled(self) -> bool:
        """Tell whether the sentence is identified: it gives a category, or it clearly gives none."""
        return bool(self.holds) or not self.questions


@dataclass(frozen=True, slots=True)
class Assessment:
    """A person's standing on a day: findings by sentence, the categories that hold, the primary one."""

    findings: tuple[Finding, ...]
    holds: tuple[Hold, ...]
    primary: Category | None
    questions: tuple[str, ...] = field(default=())

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories that hold, in rising order."""
        return tuple(sorted({hold.category for hold in self.holds}))

    @property
    def eligible_until(self) -> date | None:
        """The last day on which any category holds; None for no end or an end nobody knows."""
        ends = [hold.until for hold in self.holds]
        return None if None in ends else max((end for end in ends if end), default=None)

    @property
    def undecided(self) -> bool:
        """Tell whether nothing holds the person yet and a person must decide."""
        return not self.holds and bool(self.questions)


def assess(
    born: date | None,
    sentences: Iterable[SentenceFacts],
    today: date,
    policy: Policy,
    orders: Iterable[OrderFacts] = (),
    stays: tuple[Stay, ...] = (),
) -> Assessment:
    """Return what a person's sentences and orders mean on ``today`` under a policy.

    ``stays``: where the person has been, as category 4 asks; without any, nothing is known of it.
    """
    findings = tuple(find(born, sentence, today, policy, stays) for sentence in sentences)
    found = [hold for finding in findings for hold in finding.holds] + list(held_by_orders(orders))
    holds = longest_by_category(hold for hold in found if hold.current(today))
    order = policy.eligibility.primary_order
    primary = min((hold.category for hold in holds), key=order.index, default=None)
    questions = tuple(dict.fromkeys(q.words for finding in findings for q in finding.questions))
    return Assessment(findings, holds, primary, questions)


def with_registered(assessment: Assessment, registered: Iterable[int], policy: Policy) -> Assessment:
    """Return an assessment that counts what a running registration says: a category that nothing else gives holds on.

    It has no end but that of the registration. Category 3 is a decision, and is not held by a rule.
    """
    extra = {Category(number) for number in registered} - {*assessment.categories, Category.OTHER_DANGEROUS}
    if not extra:
        return assessment
    holds = (*assessment.holds, *(Hold(one, None, True, "registered in another system") for one in extra))
    holds = tuple(sorted(holds, key=lambda hold: hold.category))
    order = policy.eligibility.primary_order
    return replace(assessment, holds=holds, primary=min((hold.category for hold in holds), key=order.index))


def held_by_orders(orders: Iterable[OrderFacts]) -> Iterator[Hold]:
    """Yield category 1 from the orders that make their subject notify, for as long as each runs (SOA 2003 Part 2)."""
    for order in orders:
        if order.kind in ORDERS_OF_CATEGORY_1:
            because = order.kind.replace("_", " ")
            yield Hold(Category.REGISTERED_SEXUAL_OFFENDER, order.ends_on, True, because)


def longest_by_category(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """Return one hold a category: the one that runs longest; of several without an end the newest notification."""
    best: dict[Category, Hold] = {}
    for hold in holds:
        other = best.get(hold.category)
        longer = other is None or (other.until is not None and (hold.until is None or hold.until > other.until))
        if longer or (other is not None and hold.until is None and (hold.since or NEVER) > (other.since or NEVER)):
            best[hold.category] = hold
    return tuple(best[category] for category in sorted(best))


def find(
    born: date | None, sentence: SentenceFacts, today: date, policy: Policy, stays: tuple[Stay, ...] = ()
) -> Finding:
    """Return the categories one sentence gives and the questions it leaves.

    Orders give category 1 whatever the offence. An offence code that nobody knows goes to a person, never to
    "not eligible". A person's decision settles what it is about, and leaves the rest as the rules have it.
    """
    age = age_on(born, sentence.sentence_date) if born else None
    age_then = age_on(born, sentence.offence_date) if born and sentence.offence_date else None
    if sentence.offender_age_at_offence is not None:
        age_then = sentence.offender_age_at_offence
    asked = Asked(sentence, age, age_then, today, policy, stays)
    by_order = list(category_1_by_order(asked))
    by_offence: list[Hold | Question] = []
    if sentence.listings is None:
        words = f"offence code {sentence.offence_code} is in no table: is the offence in Schedule 3 or 15?"
        by_offence.append(Question(None, words))
    for rule in (category_1_by_offence, category_2, category_4):
        by_offence += rule(asked)
    for decision in in_force(sentence.decisions):
        by_order, by_offence = after(decision, by_order, by_offence, asked)
    found = [*by_order, *by_offence]
    holds = tuple(one for one in found if isinstance(one, Hold))
    return Finding(sentence.subject, holds, tuple(one for one in found if isinstance(one, Question)))


Outcomes = list[Hold | Question]


def in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the last decision on each category; a no to all of them stands for those before it."""
    last: dict[Category | None, Decision] = {}
    for decision in decisions:
        about = decision.category or decision.about
        if about is None:
            last.clear()
        last.pop(about, None)
        last[about] = decision
    return list(last.values())


def after(decision: Decision, by_order: Outcomes, by_offence: Outcomes, asked: Asked) -> tuple[Outcomes, Outcomes]:
    """Return what is left of the rules' outcomes once a person has decided, with what the decision gives.

    A yes stands beside what the rules know the end of: the longer counts. A no takes away what the offence gives,
    never what an order gives.
    """
    about = decision.category or decision.about

    def settled(one: Hold | Question) -> bool:
        if isinstance(one, Question):
            # A yes means that somebody has looked up an unknown offence; a no to one category says nothing of others.
            return about in (None, one.category) or (one.category is None and decision.category is not None)
        return about in (None, one.category)

    orders = [one for one in by_order if not (isinstance(one, Question) and settled(one))]
    if decision.category is None:
        return orders, [one for one in by_offence if not settled(one)]
    orders = [one for one in orders if not (isinstance(one, Hold) and settled(one) and not one.until_known)]
    left = [one for one in by_offence if not settled(one) or (isinstance(one, Hold) and one.until_known)]
    return orders, [*left, held_by_decision(decision.category, decision, asked)]


def held_by_decision(category: Category, decision: Decision, asked: Asked) -> Hold:
    """Return what a person's yes gives: until the day they name, else as long as the law says, else without an end."""
    open_ended = decision.until is None and not decision.no_end
    end = end_of(category, asked) if open_ended else end_decided(decision, asked)
    lasting = category is Category.REGISTERED_SEXUAL_OFFENDER and end.on is None
    return Hold(
        category,
        end.on,
        True,
        f"decided by a person: {decision.reason}",
        asked.sentence.sentence_date if lasting else None,
        lasting and asked.age is not None and asked.age < ADULT,
    )
