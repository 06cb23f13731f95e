"""What one sentence gives under each category, and what a person must decide about it (CJA 2003 s.327).

Each rule yields what holds (``Hold``) and what the facts do not settle (``Question``); never a silent "no".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from policy.custody import Stay, away, place_on
from policy.notification import LIFE, NO_END, TERM_OF_IMPRISONMENT, End, put_off, sexual_end, terrorist_end
from policy.numbers import EligibilityNumbers, Policy
from policy.offences import Beside, Listing, Verdict, base_of, schedule_3_verdict
from policy.vocabulary import CUSTODIAL, Category, Disposal, Location

HOSPITAL = frozenset({Disposal.HOSPITAL_ORDER, Disposal.GUARDIANSHIP_ORDER})
ADULT = 18
ALWAYS_LONG_ENOUGH = LIFE | {Disposal.EXTENDED}
# The day on which sexual offenders began to notify the police (SOA 2003 s.81(3)).
NOTIFICATION_BEGAN = date(1997, 9, 1)
# The day on which Part 4 of the Counter-Terrorism Act 2008 began (S.I. 2009/1493).
PART_4_BEGAN = date(2009, 10, 1)
# What sends somebody to prison or to hospital.
PUT_AWAY = CUSTODIAL | {Disposal.HOSPITAL_ORDER}
FORMERLY = (
    "sentenced before 1 September 1997; was the person still serving it, or subject to it, on that day (SOA 2003 "
    "s.81(3))?"
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a sentence the rules could not settle.

    ``category`` holds until ``until`` (None: as long as the law says where the sentence tells, unless ``no_end``).
    Where it is None, none holds: not ``about``, nor any where that is None too. ``on``: the day of the decision.
    """

    category: Category | None
    until: date | None
    reason: str
    about: Category | None = None
    no_end: bool = False
    on: date | None = None


@dataclass(frozen=True, slots=True)
class SentenceFacts:
    """One sentence as the rules see it. ``listings`` None: nobody knows the offence code.

    ``moves_known``: the record tells where the person has been since the sentence.
    ``total_term_months``: terms that run one after another, counted together. ``victim_age`` and
    ``offender_age_at_offence``: whole years at the offence. ``decisions``: the oldest first.
    """

    subject: str
    offence_code: str
    listings: tuple[Listing, ...] | None
    disposal: Disposal
    sentence_date: date
    offence_date: date | None = None
    term_months: int | None = None
    total_term_months: int | None = None
    victim_age: int | None = None
    offender_age_at_offence: int | None = None
    restriction_order: bool = False
    licence_expiry_date: date | None = None
    sentence_expiry_date: date | None = None
    top_up_supervision_expiry_date: date | None = None
    order_end_date: date | None = None
    notification_order: bool = False
    shpo: bool = False
    shpo_end_date: date | None = None
    notification_ended_on: date | None = None
    moves_known: bool = True
    decisions: tuple[Decision, ...] = ()

    @property
    def counted_months(self) -> int | None:
        """The term that a notification period counts: with those that run before or after it, where they are told."""
        return self.term_months if self.total_term_months is None else self.total_term_months


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
class Question:
    """What a person must decide about a sentence: on a category, or (None) on the offence itself."""

    category: Category | None
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One sentence under the rules: the ages they ask for, the day they are asked on, the numbers; where they were."""

    sentence: SentenceFacts
    age: int | None
    age_at_offence: int | None
    today: date
    policy: Policy
    stays: tuple[Stay, ...] = ()


def held(category: Category, end: End, because: str) -> Iterator[Hold | Question]:
    """Yield a hold, and the question of its end where nobody can work that out."""
    yield Hold(category, end.on, end.known, because)
    if not end.known:
        yield Question(category, f"end of category {category.value}: {end.why_unknown}")


def notified(asked: Asked, because: str) -> Iterator[Hold | Question]:
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
        sentence.counted_months,
        sentence.restriction_order,
        sentence.sentence_date,
        asked.age,
        sentence.order_end_date,
        asked.policy.notification.sexual,
    )
    ended_on = sentence.notification_ended_on
    return End(ended_on) if ended_on is not None and end.on is None and end.known else end


def category_1_by_order(asked: Asked) -> Iterator[Hold | Question]:
    """Yield category 1 from a sexual harm prevention order or a notification order (CJA 2003 s.327(2)).

    The order keeps category 1 alive for its duration; one without an end date runs until further order.
    """
    sentence = asked.sentence
    category = Category.REGISTERED_SEXUAL_OFFENDER
    if sentence.shpo:
        yield Hold(category, sentence.shpo_end_date, True, "sexual harm prevention order")
    if sentence.notification_order:
        yield from notified(asked, "notification order")


def category_1_by_offence(asked: Asked) -> Iterator[Hold | Question]:
    """Yield category 1 from an offence in Schedule 3 of the SOA 2003, its thresholds included.

    What could only have held somebody until a day that has gone by is not asked.
    """
    sentence = asked.sentence
    beside = Beside(
        sentence.offence_code,
        asked.age_at_offence,
        sentence.victim_age,
        sentence.restriction_order,
        sentence.sentence_date,
    )
    formerly = under_the_act_of_1997(sentence)
    if formerly is False:
        return
    for listing in sentence.listings or ():
        if listing.schedule != "3":
            continue
        verdict, reason = schedule_3_verdict(
            listing.paragraph, sentence.disposal, sentence.term_months, asked.age, beside
        )
        if verdict is Verdict.YES and formerly is None:
            verdict, reason = Verdict.PERSON_DECIDES, FORMERLY
        if verdict is Verdict.YES:
            because = f"Schedule 3 paragraph {listing.paragraph} of the Sexual Offences Act 2003"
            yield from notified(asked, because)
        elif verdict is Verdict.PERSON_DECIDES and not gone_by(notification_end(asked), asked.today):
            yield Question(Category.REGISTERED_SEXUAL_OFFENDER, f"category 1: {reason}")


def under_the_act_of_1997(sentence: SentenceFacts) -> bool | None:
    """Tell whether an offence counts although it was dealt with before notification began; None: a person must say.

    SOA 2003 s.81(3), (5): of a conviction before 1 September 1997 only where the person was still serving the sentence
    on that day, or was subject to it or to supervision after it; of a caution before it never.
    """
    if ran_on(sentence, NOTIFICATION_BEGAN):
        return True
    return False if sentence.disposal is Disposal.CAUTION else None


def ran_on(sentence: SentenceFacts, day: date) -> bool:
    """Tell whether the dates show that a sentence was passed on a day or later, or ran or was supervised on it."""
    ends = (sentence.sentence_date, sentence.licence_expiry_date, sentence.order_end_date)
    return sentence.disposal in LIFE or any(end is not None and end >= day for end in ends)


def gone_by(end: End, today: date) -> bool:
    """Tell whether a period has certainly ended."""
    return end.known and end.on is not None and end.on < today


def category_2_because(asked: Asked) -> str:
    """Return why an offence is one of category 2, or "" where it is none (CJA 2003 s.327(3), (4A)).

    Murder and coercive control are named beside Schedule 15, not in it. Part 3 (terrorism) counted to
    category 2 until category 4 began.
    """
    numbers, code = asked.policy.eligibility, asked.sentence.offence_code
    if base_of(code) in numbers.murder_codes:
        return "murder" if code in numbers.murder_codes else "Schedule 15 paragraph 65 of the Criminal Justice Act 2003"
    if base_of(code) in numbers.coercive_control_codes:
        return "controlling or coercive behaviour"
    parts = {"1", "2"} if asked.today >= numbers.category_4_from else {"1", "2", "3"}
    for listing in asked.sentence.listings or ():
        if listing.schedule == "15" and listing.part in parts:
            return f"Schedule 15 part {listing.part} of the Criminal Justice Act 2003"
    return ""


def category_2(asked: Asked) -> Iterator[Hold | Question]:
    """Yield category 2: a qualifying offence with a qualifying disposal (CJA 2003 s.327(3)-(4))."""
    sentence, numbers = asked.sentence, asked.policy.eligibility
    because = category_2_because(asked)
    if not because:
        return
    qualifies = long_enough(sentence, numbers.qualifying_months)
    if qualifies is False:
        return
    category = Category.VIOLENT_OR_OTHER_SEXUAL
    if qualifies is None:
        asks = f"category 2: the sentence ({sentence.disposal}) does not tell whether it is 12 months or more"
        yield Question(category, asks)
    elif asks := doubt_of_coercive_control(sentence, numbers):
        yield Question(category, asks)
    else:
        yield from held(category, sentence_end(sentence, asked.policy), because)


def doubt_of_coercive_control(sentence: SentenceFacts, numbers: EligibilityNumbers) -> str:
    """Return what a person must say of controlling or coercive behaviour, or "" where the section settles it."""
    if base_of(sentence.offence_code) not in numbers.coercive_control_codes:
        return ""
    if sentence.offence_code not in numbers.coercive_control_codes:
        return "category 2: does an attempt or the like count beside controlling or coercive behaviour itself?"
    if sentence.sentence_date < numbers.coercive_control_from:
        return (
            "category 2: controlling or coercive behaviour counts for sentences from "
            f"{numbers.coercive_control_from.isoformat()}; this one is earlier"
        )
    return ""


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


def category_4(asked: Asked) -> Iterator[Hold | Question]:
    """Yield category 4: a terrorist offence whose subject notifies (CTA 2008 ss.43 to 45); else a person decides.

    Whether someone is a "terrorist-risk offender" is a decision with reasons, so no Part 3 offence is
    ever simply "not category 4".
    """
    listed = any(x.schedule == "15" and x.part == "3" for x in asked.sentence.listings or ())
    if not listed or asked.today < asked.policy.eligibility.category_4_from:
        return
    if notifies(asked):
        because = "Schedule 15 part 3 of the Criminal Justice Act 2003"
        yield from held(Category.TERRORIST, terrorist_end_of(asked), because)
    else:
        asks = "category 4: a terrorism offence below the notification test; is this a terrorist-risk offender?"
        yield Question(Category.TERRORIST, asks)


def notifies(asked: Asked) -> bool:
    """Tell whether a terrorist offence certainly makes its subject notify (CTA 2008 ss.43 to 45).

    Aged 16 or over on the day of the sentence, which is life, 12 months or more, or a hospital order, no guardianship;
    dealt with before Part 4 began, only who was then still in custody or on licence.
    """
    sentence, numbers = asked.sentence, asked.policy.notification.terrorist
    old_enough = asked.age is not None and asked.age >= numbers.minimum_age
    long = sentence.disposal is not Disposal.GUARDIANSHIP_ORDER and long_enough(
        sentence, asked.policy.eligibility.qualifying_months
    )
    return old_enough and long is True and ran_on(sentence, PART_4_BEGAN)


def time_away(asked: Asked) -> tuple[tuple[date, date | None], ...] | None:
    """Return the times since the sentence in custody or in hospital; None where the record does not tell them.

    Whoever was sent to prison or hospital, and is known from that very day as outside, left it on a day nobody knows.
    """
    sentence, stays = asked.sentence, asked.stays
    put_away = sentence.disposal in PUT_AWAY
    start = sentence.sentence_date
    if not put_away and not stays:
        return ()
    if not stays or not sentence.moves_known:
        return None
    if put_away and stays[0].since <= start and place_on(stays, start) is Location.COMMUNITY:
        return None
    return tuple(away(stays, start, put_away=put_away))


def terrorist_end_of(asked: Asked) -> End:
    """Return the end of the notification a terrorist offence gives (CTA 2008 s.53)."""
    sentence, numbers, gone = asked.sentence, asked.policy.notification.terrorist, time_away(asked)
    if gone is None and asked.stays and asked.stays[-1].location is not Location.COMMUNITY:
        # Whatever was before: it does not run out while they are away, and is asked once they are back.
        return NO_END
    start, months = sentence.sentence_date, sentence.counted_months
    return terrorist_end(sentence.disposal, months, start, asked.age, numbers, gone)


def end_of(category: Category, asked: Asked) -> End:
    """Return the end the law gives a category that a person has decided on."""
    if category is Category.REGISTERED_SEXUAL_OFFENDER:
        return notification_end(asked)
    if category is Category.TERRORIST:
        return terrorist_end_of(asked) if notifies(asked) else NO_END
    return sentence_end(asked.sentence, asked.policy)


def end_decided(decision: Decision, asked: Asked) -> End:
    """Return the end that a person named: in category 4 time away after the decision does not count (CTA 2008 s.53)."""
    if decision.category is not Category.TERRORIST or decision.until is None or decision.on is None:
        return End(decision.until)
    return put_off(decision.until, decision.on, away(asked.stays, decision.on, put_away=False) if asked.stays else ())
