"""An invented MAPPA area for the demonstration: a directory and a sentences file, the same for the same seed.

The caseload has the proportions of a real one (London 2013-14). One row in thirty carries a fault put in on purpose,
so that the demonstration also shows rejected rows, questions for a person and vacant posts.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from sample.directory import Payroll, directory_rows, payroll_of, person_columns
from sample.names import (
    ADULT_PRISONS,
    AGENCIES,
    DIRECTORY_COLUMNS,
    FAULTS,
    GROUPS,
    OFFENCES,
    ROSH,
    SENTENCE_COLUMNS,
    YOUNG_OFFENDER_PRISON,
    months_after,
    noms_of,
    pick,
    spoil,
)

__all__ = ["SENTENCE_COLUMNS", "DemoFiles", "directory_rows", "sentence_rows", "write_area"]

IN_CUSTODY = {"probation": 55, "yot": 36}
CUSTODIAL = {"life", "ipp", "imprisonment", "yoi_detention", "dto", "extended"}
DAYS_A_MONTH = 30.4375
# Usual terms in months: the shortest count in single months, longer ones in steps.
TERMS: tuple[int, ...] = (*range(1, 12), *range(12, 48, 3), *range(48, 241, 6))
SOA_2003_IN_FORCE = date(2004, 5, 1)


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """What was written. ``faults`` names each fault put in on purpose, with its line (the header is line 1)."""

    directory: Path
    sentences: Path
    people: int
    sentence_rows: int
    directory_rows: int
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of somebody: ``offences`` is a key of ``OFFENCES``, ``dates`` go under their column names."""

    agency: str
    group: str
    offences: str
    disposal: str
    on: date
    dates: dict[str, date] = field(default_factory=dict)
    term: int = 0
    location: str = "community"
    restriction: bool = False


def write_area(folder: Path, *, today: date, people: int = 600, seed: int = 2026, area: str = "Westmarch") -> DemoFiles:
    """Write ``directory.csv`` and ``sentences.csv`` to ``folder`` and say what was written, faults included."""
    folder.mkdir(parents=True, exist_ok=True)
    directory, sentences = folder / "directory.csv", folder / "sentences.csv"
    posts = ((row, "") for row in directory_rows(today=today, people=people, seed=seed, area=area))
    post_count, _ = write_csv(directory, DIRECTORY_COLUMNS, posts)
    rows = marked_rows(today=today, people=people, seed=seed, area=area)
    row_count, faults = write_csv(sentences, SENTENCE_COLUMNS, rows)
    return DemoFiles(directory, sentences, people, row_count, post_count, faults)


def write_csv(
    path: Path, columns: tuple[str, ...], rows: Iterable[tuple[dict[str, str], str]]
) -> tuple[int, list[str]]:
    """Write rows as they come; return how many there were, and the fault of each that has one, with its line."""
    line, faults = 1, []
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for line, (row, fault) in enumerate(rows, start=2):
            writer.writerow(row)
            if fault:
                faults.append(f"line {line}: {fault}")
    return line - 1, faults


def sentence_rows(
    *, today: date, people: int = 600, seed: int = 2026, area: str = "Westmarch", faults: bool = True, first: int = 0
) -> Iterator[dict[str, str]]:
    """Yield the rows of the sentences file, all columns filled or empty, one person after another.

    CRN, NOMIS and PNC number follow from the person's number alone, which counts from ``first``: areas that are to
    share one database give each its own ``first``.
    """
    marked = marked_rows(today=today, people=people, seed=seed, area=area, faults=faults, first=first)
    return (row for row, _ in marked)


def marked_rows(
    *, today: date, people: int, seed: int, area: str, faults: bool = True, first: int = 0
) -> Iterator[tuple[dict[str, str], str]]:
    """Yield each row with the fault that was put into it, or with an empty string."""
    payroll = payroll_of(area, people, seed)
    rng = Random(seed)
    plan: dict[int, str] = {}
    if faults:
        plan = dict(zip(rng.sample(range(people), min(people, len(FAULTS))), FAULTS, strict=False))
    for index in range(people):
        fault = plan.get(index, "")
        rows = person_rows(rng, payroll, area, first + index, today, fault)
        for row in rows:
            # A fault sits in a person's last row: only then can it disagree with one before.
            yield row, spoil(row, fault) if fault and row is rows[-1] else ""


def person_rows(rng: Random, payroll: Payroll, area: str, number: int, today: date, fault: str) -> list[dict[str, str]]:
    """Return the rows of one person, the earliest sentence first. A fault is put on a plain case in custody."""
    main = plain_custody(rng, today, fault) if fault else main_sentence(rng, today, number)
    sentences = [main]
    chance = 0.0 if fault else rng.random()
    if fault == "dates of birth disagree" or (chance > 0.88 and main.term):
        # Two counts of one hearing: the prison works out one set of dates for both.
        sentences.append(replace(main, term=max(main.term * 2 // 3, min(main.term, 12))))
    young = main.agency == "yot" or main.disposal == "yoi_detention"
    if (chance > 0.97 or 0.78 < chance <= 0.86) and not young:
        sentences.insert(0, earlier_sentence(rng, main))
    born = sentences[0].on - timedelta(days=age_in_days(rng, main))
    known = max(born.year + 14, sentences[0].on.year - rng.randint(0, 3))
    with_police = main.group == "sexual" or main.agency == "police" or rng.random() < 0.75
    prison = YOUNG_OFFENDER_PRISON if young else rng.choice(ADULT_PRISONS)
    for_victims = main.group != "minor" and main.disposal in CUSTODIAL | {"hospital_order"}
    person = dict.fromkeys(SENTENCE_COLUMNS, "")
    person |= person_columns(rng, payroll, area, number, main.agency, with_police, born, known)
    # Where somebody is now is a fact of the person: the same on each row.
    person |= {
        "noms_number": noms_of(number) if any(s.disposal in CUSTODIAL for s in sentences) else "",
        "location": main.location,
        "prison": prison if main.location == "custody" else "",
        "rosh_level": rng.choice(ROSH[main.group]),
        "victim_contact": "yes" if for_victims and rng.random() < 0.6 else "no",
    }
    return [person | sentence_columns(rng, sentence, born) for sentence in sentences]


def age_in_days(rng: Random, main: Sentence) -> int:
    """Return somebody's age at their first sentence: youths are 14 to 17, the detained in a YOI 18 to 20."""
    if main.agency == "yot":
        return rng.randint(5200, 6500)
    if main.disposal == "yoi_detention":
        return rng.randint(6700, 7600)
    return 7000 + int(18_000 * rng.random() ** 1.3)


def sentence_columns(rng: Random, sentence: Sentence, born: date) -> dict[str, str]:
    """Return the columns of one sentence. Some sexual offences come to court many years later."""
    back = rng.randint(40, 300) if sentence.agency == "yot" else rng.randint(60, 800)
    if sentence.group == "sexual" and sentence.agency != "yot" and rng.random() < 0.1:
        back = max(back, min(rng.randint(2000, 9000), (sentence.on - born).days - 6200))
    offence_date = sentence.on - timedelta(days=back)
    historic = sentence.group == "sexual" and offence_date < SOA_2003_IN_FORCE
    offence = rng.choice(OFFENCES["historic_sexual" if historic else sentence.offences])
    row = {
        "offence_code": offence.code,
        "offence_description": offence.description,
        "offence_date": offence_date.isoformat(),
        "disposal": sentence.disposal,
        "restriction_order": "yes" if sentence.restriction else "no",
        "term_months": str(sentence.term or ""),
        "sentence_date": sentence.on.isoformat(),
        "notification_order": "yes" if sentence.disposal == "other" else "no",
        "shpo": "no",
    }
    row.update((column, day.isoformat()) for column, day in sentence.dates.items())
    if sentence.group == "sexual" and sentence.disposal not in ("caution", "other") and rng.random() < 0.45:
        row["shpo"] = "yes"
        # An order without an end date runs until further order.
        years = rng.choice((5, 5, 7, 10, 10, 15, 0))
        row["shpo_end_date"] = months_after(sentence.on, 12 * years).isoformat() if years else ""
    return row


def main_sentence(rng: Random, today: date, number: int) -> Sentence:
    """Return the sentence that brings somebody to notice; one person in forty got it in the last three days."""
    agency = pick(rng, AGENCIES)
    group = pick(rng, GROUPS[agency])
    recent = today - timedelta(days=rng.randint(0, 3)) if number % 40 == 7 else None
    if agency == "mental_health":
        return hospital(rng, today, group, recent)
    if rng.random() * 100 < IN_CUSTODY.get(agency, 0):
        return custody(rng, today, agency, group, recent)
    if agency == "probation":
        kinds = {
            "sexual": {"licence": 50, "suspended": 25, "community_order": 25},
            "violent": {"licence": 65, "suspended": 35},
            "terror": {"licence": 1},
            "minor": {"community_order": 55, "fine": 25, "conditional_discharge": 20},
        }[group]
    elif agency == "police":
        kinds = {"caution": 22, "conditional_discharge": 6, "fine": 5, "community_order": 22}
        kinds |= {"licence": 35, "other": 10} if group == "sexual" else {}
    else:
        kinds = {"licence": 100} if group == "violent" else {"community_order": 60, "caution": 15}
    kind = pick(rng, kinds)
    if kind == "licence":
        return custody(rng, today, agency, group, recent) if recent else licence(rng, today, agency, group)
    return order(rng, today, agency, group, kind, recent)


def served_days(term: int) -> int:
    """Return the days to conditional release: half the term, from four years on two thirds of it."""
    return round(term * DAYS_A_MONTH * (1 / 2 if term < 48 else 2 / 3))


def term_for(served: int) -> int:
    """Return the shortest usual term, in months, that keeps somebody in custody for at least so many days."""
    return next(term for term in TERMS if served_days(term) >= served)


def offences_for(agency: str, group: str, term: int) -> str:
    """Return the kind of offence that brings such a term; 0 is an order or a caution."""
    if group == "sexual":
        weight = "young" if agency == "yot" else "grave" if term >= 48 else "" if term else "lesser"
        return f"{weight}_sexual".lstrip("_")
    return "grave_violent" if group == "violent" and term >= 48 else group


def determinate(agency: str, group: str, term: int, on: date, ends: date | None = None) -> Sentence:
    """Return a standard sentence from its first day, or from its conditional release date ``ends``.

    Supervision after a term of under two years is topped up to a year from release.
    """
    on = ends - timedelta(days=served_days(term)) if ends else on
    ends = ends or on + timedelta(days=served_days(term))
    expiry = months_after(on, term) - timedelta(days=1)
    dates = {"conditional_release_date": ends, "licence_expiry_date": expiry, "sentence_expiry_date": expiry}
    disposal = "imprisonment"
    if agency == "yot":
        disposal = "dto" if term <= 24 else "yoi_detention"
    elif term < 24:
        dates["top_up_supervision_expiry_date"] = months_after(ends, 12)
    return Sentence(agency, group, offences_for(agency, group, term), disposal, on, dates, term)


def plain_custody(rng: Random, today: date, fault: str) -> Sentence:
    """Return the sentence a fault is put on: a standard one."""
    release = today + timedelta(days=rng.randint(60, 700))
    if fault.startswith("no offender manager"):
        # Who is asked instead shows only if a prompt is due now: at 8 or 6 months, or a month before.
        release = months_after(today, rng.choice((6, 7, 8, 9))) + timedelta(days=rng.randint(-9, 9))
    term = max(12, term_for((release - today).days + rng.randint(30, 300)))
    return replace(determinate("probation", "sexual", term, today, release), location="custody")


def custody(rng: Random, today: date, agency: str, group: str, recent: date | None = None) -> Sentence:
    """Return the sentence of somebody now in custody, released in two weeks to four years, more often sooner."""
    release = today + timedelta(days=14 + int(1440 * rng.random() ** 1.7))
    chance = 1.0 if recent or agency == "yot" else rng.random()
    floor = 12
    if group == "minor" or (group == "sexual" and 0.16 < chance < 0.2):
        # A sentence so short that both marks lie before its first day.
        release, floor = today + timedelta(days=rng.randint(14, 70)), 1
    ahead = (release - today).days
    if recent:
        sentence = determinate(agency, group, rng.choice(TERMS[floor - 1 : floor + 16]), recent)
    elif group in ("sexual", "violent") and chance < 0.06:
        sentence = indeterminate(rng, today, group, "life" if chance < 0.04 else "ipp", release)
    elif group in ("sexual", "violent", "terror") and chance < 0.16:
        sentence = extended(rng, group, ahead, release)
    elif group in ("sexual", "violent") and 0.94 < chance < 1:
        sentence = recalled(rng, today, group)
    else:
        gap = rng.randint(30, 150) if group == "violent" and 0.8 < chance < 0.94 else 0
        served = int(min(rng.expovariate(1 / 300), 2400)) + 30 if floor == 12 else rng.randint(3, 30)
        ends = release + timedelta(days=gap)
        sentence = determinate(agency, group, max(floor, term_for(ahead + gap + served)), today, ends)
        if gap:
            sentence.dates["hdc_approved_date"] = release
    if group == "minor" and sentence.term < 12 and rng.random() < 0.5:
        # A listed offence, but a term too short to count.
        dates = {"automatic_release_date": sentence.dates["conditional_release_date"]}
        sentence = replace(sentence, offences="violent", dates=dates)
    if sentence.disposal == "imprisonment" and rng.random() < 0.08:
        sentence = replace(sentence, disposal="yoi_detention")
    return replace(sentence, location="custody")


def indeterminate(rng: Random, today: date, group: str, disposal: str, parole: date) -> Sentence:
    """Return a life or IPP sentence with its parole date, past for those on licence. IPPs ended in 2012."""
    if disposal == "ipp" and today.year >= 2025:
        on = date(2005, 4, 4) + timedelta(days=rng.randint(0, 2700))
        eligible = months_after(on, rng.randint(24, 60))
        approved = parole <= today or rng.random() < 0.4
    else:
        disposal, on = "life", months_after(parole, -12 * rng.randint(8, 20))
        approved = parole <= today or rng.random() < 0.25
        eligible = parole - timedelta(days=45) if approved else parole
    dates = {"parole_eligibility_date": eligible} | ({"approved_parole_date": parole} if approved else {})
    offences = "murder" if disposal == "life" and group == "violent" else f"grave_{group}"
    return Sentence("probation", group, offences, disposal, on, dates)


def extended(rng: Random, group: str, ahead: int, parole: date) -> Sentence:
    """Return an extended sentence: parole from two thirds of the term on, release at its end, a longer licence."""
    term = next(t for t in TERMS if t >= 48 and served_days(t) > ahead + 30)
    on = parole - timedelta(days=served_days(term))
    ends = months_after(on, term) - timedelta(days=1)
    expiry = months_after(ends, rng.choice((12, 24, 36, 48, 60)))
    dates = {"parole_eligibility_date": parole, "conditional_release_date": ends}
    dates |= {"licence_expiry_date": expiry, "sentence_expiry_date": expiry}
    if rng.random() < 0.3:
        dates |= {"parole_eligibility_date": parole - timedelta(days=30), "approved_parole_date": parole}
    return Sentence("probation", group, offences_for("probation", group, term), "extended", on, dates, term)


def recalled(rng: Random, today: date, group: str) -> Sentence:
    """Return the sentence of somebody recalled from licence, with a date of re-release within the licence."""
    ends, release = today - timedelta(days=rng.randint(60, 300)), today + timedelta(days=rng.randint(14, 300))
    sentence = determinate("probation", group, term_for((release - ends).days + 10), today, ends)
    sentence.dates["post_recall_release_date"] = release
    return sentence


def licence(rng: Random, today: date, agency: str, group: str) -> Sentence:
    """Return the sentence of somebody released; the police lead where the licence is over but the register is not."""
    chance = rng.random()
    if agency == "probation" and group != "terror" and chance < 0.07:
        released = today - timedelta(days=rng.randint(60, 2500))
        return indeterminate(rng, today, group, "life" if chance < 0.04 else "ipp", released)
    term = rng.choice((12, 15, 18, 24) if agency == "yot" else (12, 15, 18, 24, 30, 36, 42, 48, 60, 72, 84))
    rest = int(term * DAYS_A_MONTH) - served_days(term)
    if agency == "police" or chance > 0.9:
        since = rest + rng.randint(20, 1500 if agency == "police" else 300)
    else:
        since = rng.randint(5, int(rest * 0.95))
    return determinate(agency, group, term, today, today - timedelta(days=since))


def order(rng: Random, today: date, agency: str, group: str, kind: str, recent: date | None) -> Sentence:
    """Return a sentence served in the community, a fine, a discharge or a caution ("other": an order from abroad)."""
    on = recent or today - timedelta(days=rng.randint(4, 1200 if agency == "police" else 600))
    lengths = {"suspended": (12, 18, 24), "community_order": (12, 24, 36), "conditional_discharge": (12, 24, 36)}
    dates = {"order_end_date": months_after(on, rng.choice(lengths[kind]))} if kind in lengths else {}
    term = rng.choice((12, 15, 18, 21, 24)) if kind == "suspended" else 0
    return Sentence(agency, group, offences_for(agency, group, 0), kind, on, dates, term)


def hospital(rng: Random, today: date, group: str, recent: date | None) -> Sentence:
    """Return a hospital or guardianship order; one with restrictions has no end date."""
    on = recent or today - timedelta(days=rng.randint(30, 3000))
    offences = group if group == "minor" else f"grave_{group}"
    if rng.random() < 0.12:
        ends = {"order_end_date": months_after(today, rng.randint(1, 12))}
        return Sentence("mental_health", group, offences, "guardianship_order", on, ends)
    restriction = rng.random() < 0.55
    ends = {} if restriction or rng.random() < 0.6 else {"order_end_date": months_after(today, rng.randint(1, 12))}
    where = "hospital" if rng.random() < 0.8 else "community"
    return Sentence("mental_health", group, offences, "hospital_order", on, ends, 0, where, restriction)


def earlier_sentence(rng: Random, main: Sentence) -> Sentence:
    """Return a sentence that was over before the main one."""
    on = main.on - timedelta(days=rng.randint(900, 3000))
    group = rng.choice(("minor", "minor", "violent", "sexual"))
    if rng.random() < 0.5:
        return determinate(main.agency, group, rng.choice((4, 6, 8, 12, 18)), on)
    return order(rng, on, main.agency, group, rng.choice(("community_order", "caution", "fine")), on)
