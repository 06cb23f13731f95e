"""Who is a MAPPA offender, in which category, until when, and what a person must decide (CJA 2003 s.327).

Pure and dated: the same sentences assessed as at another day may give another answer. What the facts
do not settle is a question for a person, never a "no".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from policy.calendar import age_on
from policy.notification import LIFE, NO_END, TERM_OF_IMPRISONMENT, End, sexual_end, terrorist_end
from policy.numbers import Policy
from policy.offences import Listing, Verdict, schedule_3_verdict
from policy.vocabulary import ORDERS_OF_CATEGORY_1, Category, Disposal, OrderKind

HOSPITAL = frozenset({Disposal.HOSPITAL_ORDER, Disposal.GUARDIANSHIP_ORDER})
NEVER = date.min
ADULT = 18
ALWAYS_LONG_ENOUGH = LIFE | {Disposal.EXTENDED}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a sentence the rules could not settle."""

    category: Category | None
    until: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class SentenceFacts:
    """One sentence as the rules see it. ``listings`` None: nobody knows the offence code."""

    subject: str
    offence_code: str
    listings: tuple[Listing, ...] | None
    disposal: Disposal
    sentence_date: date
    offence_date: date | None = None
    term_months: int | None = None
    restriction_order: bool = False
    licence_expiry_date: date | None = None
    sentence_expiry_date: date | None = None
    top_up_supervision_expiry_date: date | None = None
    order_end_date: date | None = None
    notification_order: bool = False
    shpo: bool = False
    shpo_end_date: date | None = None
    notification_ended_on: date | None = None
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """A court order as the rules see it. ``ends_on`` None: until further order."""

    kind: OrderKind
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Hold:
    """A category that holds a person, its last day (None: no end, or not known), and why.

    ``since`` is the relevant date of notification without an end, ``young`` whether the person was under 18 on it.
    """

    category: Category
    until: date | None
    until_known: bool
    because: str
    since: date | None = None
    young: bool = False

    def current(self, today: date) -> bool:
        """Tell whether the hold still runs on ``today``; an unknown end counts as running."""
        return self.until is None or self.until >= today


@dataclass(frozen=True, slots=True)
class Finding:
    """What one sentence means: the categories it gives and the questions it leaves."""

    subject: str
    holds: tuple[Hold, ...]
    questions: tuple[str, ...]

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
) -> Assessment:
    """Return what a person's sentences and orders mean on ``today`` under a policy."""
    findings = tuple(find(born, sentence, today, policy) for sentence in sentences)
    found = [hold for finding in findings for hold in finding.holds] + list(held_by_orders(orders))
    holds = longest_by_category(hold for hold in found if hold.current(today))
    order = policy.eligibility.primary_order
    primary = min((hold.category for hold in holds), key=order.index, default=None)
    questions = tuple(dict.fromkeys(q for finding in findings for q in finding.questions))
    return Assessment(findings, holds, primary, questions)


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


@dataclass(frozen=True, slots=True)
class Asked:
    """One sentence under the rules: the ages they ask for, the day they are asked on, and the numbers."""

    sentence: SentenceFacts
    age: int | None
    age_at_offence: int | None
    today: date
    policy: Policy


def find(born: date | None, sentence: SentenceFacts, today: date, policy: Policy) -> Finding:
    """Return the categories one sentence gives and the questions it leaves.

    A person's decision settles a sentence. Orders give category 1 whatever the offence. An offence code
    that nobody knows goes to a person, never to "not eligible".
    """
    if sentence.decision is not None:
        return decided(sentence, sentence.decision)
    age = age_on(born, sentence.sentence_date) if born else None
    age_then = age_on(born, sentence.offence_date) if born and sentence.offence_date else None
    asked = Asked(sentence, age, age_then, today, policy)
    holds: list[Hold] = []
    questions: list[str] = []
    if sentence.listings is None:
        questions.append(f"offence code {sentence.offence_code} is in no table: is the offence in Schedule 3 or 15?")
    for rule in (category_1_by_order, category_1_by_offence, category_2, category_4):
        for outcome in rule(asked):
            if isinstance(outcome, Hold):
                holds.append(outcome)
            else:
                questions.append(outcome)
    return Finding(sentence.subject, tuple(holds), tuple(questions))


def decided(sentence: SentenceFacts, decision: Decision) -> Finding:
    """Return the finding a person's decision gives."""
    if decision.category is None:
        return Finding(sentence.subject, (), ())
    hold = Hold(decision.category, decision.until, True, f"decided by a person: {decision.reason}")
    return Finding(sentence.subject, (hold,), ())


def held(category: Category, end: End, because: str) -> Iterator[Hold | str]:
    """Yield a hold, and the question of its end where nobody can work that out."""
    yield Hold(category, end.on, end.known, because)
    if not end.known:
        yield f"end of category {category.value}: {end.why_unknown}"


def notified(asked: Asked, because: str) -> Iterator[Hold | str]:
    """Yield category 1 for as long as a sentence makes its subject notify, from its relevant date."""
    end = notification_end(asked)
    if end.on is None and end.known:
        young = asked.age is not None and asked.age < ADULT
        yield Hold(Category.REGISTERED_SEXUAL_OFFENDER, None, True, because, asked.sentence.sentence_date, young)
    else:
        yield from held(Category.REGISTERED_SEXUAL_OFFENDER, end, because)


def notification_end(asked: Asked) -> End:
    """Return the end of the notification a sentence gives (SOA 2003 s.82); one without an end may end by a review."""
    sentence = asked.sentence
    end = sexual_end(
        sentence.disposal,
        sentence.term_months,
        sentence.restriction_order,
        sentence.sentence_date,
        asked.age,
        sentence.order_end_date,
        asked.policy.notification.sexual,
    )
    ended_on = sentence.notification_ended_on
    return End(ended_on) if ended_on is not None and end.on is None and end.known else end


def category_1_by_order(asked: Asked) -> Iterator[Hold | str]:
    """Yield category 1 from a sexual harm prevention order or a notification order (CJA 2003 s.327(2)).

    The order keeps category 1 alive for its duration; one without an end date runs until further order.
    """
    sentence = asked.sentence
    category = Category.REGISTERED_SEXUAL_OFFENDER
    if sentence.shpo:
        yield Hold(category, sentence.shpo_end_date, True, "sexual harm prevention order")
    if sentence.notification_order:
        yield from notified(asked, "notification order")


def category_1_by_offence(asked: Asked) -> Iterator[Hold | str]:
    """Yield category 1 from an offence in Schedule 3 of the SOA 2003, its thresholds included."""
    sentence = asked.sentence
    for listing in sentence.listings or ():
        if listing.schedule != "3":
            continue
        verdict, reason = schedule_3_verdict(
            listing.paragraph,
            sentence.disposal,
            sentence.term_months,
            asked.age,
            age_at_offence=asked.age_at_offence,
        )
        if verdict is Verdict.YES:
            because = f"Schedule 3 paragraph {listing.paragraph} of the Sexual Offences Act 2003"
            yield from notified(asked, because)
        elif verdict is Verdict.PERSON_DECIDES:
            yield f"category 1: {reason}"


def category_2_because(asked: Asked) -> str:
    """Return why an offence is one of category 2, or "" where it is none (CJA 2003 s.327(3), (4A)).

    Murder and coercive control are named beside Schedule 15, not in it. Part 3 (terrorism) counted to
    category 2 until category 4 began.
    """
    numbers, code = asked.policy.eligibility, asked.sentence.offence_code
    if code in numbers.murder_codes:
        return "murder"
    if code in numbers.coercive_control_codes:
        return "controlling or coercive behaviour"
    parts = {"1", "2"} if asked.today >= numbers.category_4_from else {"1", "2", "3"}
    for listing in asked.sentence.listings or ():
        if listing.schedule == "15" and listing.part in parts:
            return f"Schedule 15 part {listing.part} of the Criminal Justice Act 2003"
    return ""


def category_2(asked: Asked) -> Iterator[Hold | str]:
    """Yield category 2: a qualifying offence with a qualifying disposal (CJA 2003 s.327(3)-(4))."""
    sentence, numbers = asked.sentence, asked.policy.eligibility
    because = category_2_because(asked)
    if not because:
        return
    qualifies = long_enough(sentence, numbers.qualifying_months)
    if qualifies is False:
        return
    if qualifies is None:
        yield f"category 2: the sentence ({sentence.disposal}) does not tell whether it is 12 months or more"
        return
    coercive = sentence.offence_code in numbers.coercive_control_codes
    if coercive and sentence.sentence_date < numbers.coercive_control_from:
        yield (
            "category 2: controlling or coercive behaviour counts for sentences from "
            f"{numbers.coercive_control_from.isoformat()}; this one is earlier"
        )
        return
    yield from held(Category.VIOLENT_OR_OTHER_SEXUAL, sentence_end(sentence, asked.policy), because)


def long_enough(sentence: SentenceFacts, months: int) -> bool | None:
    """Tell whether a disposal qualifies under CJA 2003 s.327; None where a person must say.

    Life, IPP, extended sentences, hospital and guardianship orders always do; a term (suspended ones
    count) from 12 months; a caution, fine, discharge or community order never.
    """
    if sentence.disposal in ALWAYS_LONG_ENOUGH | HOSPITAL:
        return True
    if sentence.disposal in TERM_OF_IMPRISONMENT:
        return None if sentence.term_months is None else sentence.term_months >= months
    return None if sentence.disposal is Disposal.OTHER else False


def sentence_end(sentence: SentenceFacts, policy: Policy) -> End:
    """Return the end of category 2: of the licence, or of the hospital or guardianship order.

    Life and IPP run until the licence is ended; a hospital order without an end date until discharge.
    Post-sentence supervision extends it only where the policy says so.
    """
    if sentence.disposal in LIFE:
        return NO_END
    if sentence.disposal is Disposal.HOSPITAL_ORDER:
        return End(sentence.order_end_date)
    if sentence.disposal in (Disposal.GUARDIANSHIP_ORDER, Disposal.SUSPENDED) and sentence.order_end_date:
        return End(sentence.order_end_date)
    ends = [sentence.licence_expiry_date or sentence.sentence_expiry_date]
    if policy.eligibility.tused_extends_category_2:
        ends.append(sentence.top_up_supervision_expiry_date)
    known = [end for end in ends if end is not None]
    if known:
        return End(max(known))
    return End(None, False, "licence_expiry_date, sentence_expiry_date and order_end_date are all missing")


def category_4(asked: Asked) -> Iterator[Hold | str]:
    """Yield category 4: a terrorist offence with 12 months or more at 16 or over; else a person decides.

    Whether someone is a "terrorist-risk offender" is a decision with reasons, so no Part 3 offence is
    ever simply "not category 4".
    """
    sentence, numbers = asked.sentence, asked.policy.eligibility
    listed = any(x.schedule == "15" and x.part == "3" for x in sentence.listings or ())
    if not listed or asked.today < numbers.category_4_from:
        return
    terrorist = asked.policy.notification.terrorist
    old_enough = asked.age is not None and asked.age >= terrorist.minimum_age
    if long_enough(sentence, numbers.qualifying_months) and old_enough:
        end = terrorist_end(sentence.disposal, sentence.term_months, sentence.sentence_date, asked.age, terrorist)
        yield from held(Category.TERRORIST, end, "Schedule 15 part 3 of the Criminal Justice Act 2003")
    else:
        yield "category 4: a terrorism offence below the notification test; is this a terrorist-risk offender?"
