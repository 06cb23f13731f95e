"""What is invented for the demonstration area: names, numbers, offences, shares, and faults.

No person, prison or town here exists. Names are built from parts that do not meet in real life, so that a screenshot
of the demonstration is never taken for a real case. Offence codes are the real ones: the rules are tried on them.
"""

from calendar import monthrange
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

FORENAMES = {
    "male": (
        "Aldwin", "Bramwell", "Corbin", "Dunstan", "Edric", "Fabian", "Garrick", "Hollis", "Ignace", "Jocelyn",
        "Kester", "Leofric", "Merrick", "Ninian", "Osric", "Peregrine", "Quillan", "Rafferty", "Sorley", "Tobiah",
        "Ulric", "Vaughn", "Wystan", "Yestin", "Zebedee", "Idris", "Kofi", "Tariq", "Tomasz", "Anil",
    ),
    "female": (
        "Araminta", "Briony", "Cressida", "Dorothea", "Elfrida", "Fenella", "Ginevra", "Hesper", "Isolde", "Jessamy",
        "Keziah", "Lettice", "Merewen", "Nerys", "Ottoline", "Perdita", "Rosamund", "Sidony", "Tamsin", "Verity",
        "Winifer", "Ysolt", "Zenobia", "Amara", "Zofia", "Nasreen", "Siân",
    ),
}  # fmt: skip

SURNAME_HEADS = (
    "Amber", "Bracken", "Candle", "Dapple", "Ember", "Fallow", "Gander", "Hazel", "Inkle", "Jasper", "Kettle",
    "Lantern", "Marlow", "Nettle", "Otter", "Pebble", "Quarry", "Ramble", "Saffron", "Thistle", "Umber", "Velvet",
    "Wander", "Yarrow", "Acorn", "Badger", "Copper", "Drizzle", "Fennel", "Goose", "Harrow", "Larch", "Mallow",
    "Plover", "Sorrel", "Tinder",
)  # fmt: skip
SURNAME_TAILS = (
    "barrow", "beck", "combe", "croft", "dyke", "fell", "garth", "hithe", "hollow", "hurst", "ings", "kirk", "lock",
    "mere", "moor", "ness", "pike", "quill", "rigg", "shaw", "stile", "thorpe", "wether", "wick", "wright",
)  # fmt: skip

# The demonstration shows what happens where a post is vacant: nobody is entered for one prison.
ADULT_PRISONS = ("HMP Fallowmere", "HMP Thornhallow", "HMP Ravensole", "HMP Stonewether")
YOUNG_OFFENDER_PRISON = "HMP & YOI Larkbarrow"
PRISONS = (*ADULT_PRISONS, YOUNG_OFFENDER_PRISON)
PRISON_WITHOUT_POST_HOLDER = "HMP Stonewether"


class Offence(NamedTuple):
    """A CJS offence code and what it stands for."""

    code: str
    description: str


# Grouped by what a sentence for them usually looks like, not by the Schedules: the policy knows the Schedules.
OFFENCES: dict[str, tuple[Offence, ...]] = {
    "grave_sexual": (
        Offence("SX03002", "Rape of a woman aged 16 or over"),
        Offence("SX03001", "Rape of a girl aged 13 to 15"),
        Offence("SX03013", "Rape of a girl under 13"),
        Offence("SX03005", "Assault by penetration of a female aged 13 or over"),
        Offence("SX03064", "Adult: sexual activity with a girl under 13 in the family, penetration"),
    ),
    "sexual": (
        Offence("SX03007", "Sexual assault on a female"),
        Offence("SX03017", "Sexual assault of a girl under 13"),
        Offence("SX03019", "Causing or inciting a girl under 13 to engage in sexual activity, no penetration"),
        Offence("SX03029", "Adult: causing or inciting a girl aged 13 to 15 to engage in sexual activity"),
        Offence("SX03225", "Meeting a girl under 16 following sexual grooming"),
    ),
    # Orders and cautions. Of the last, the record does not say all that Schedule 3 asks: a person decides.
    "lesser_sexual": (
        Offence("SX03032", "Adult: sexual activity in the presence of a child aged 13 to 15"),
        Offence("SX03034", "Adult: causing a child aged 13 to 15 to watch a sexual act"),
        Offence("SX03029", "Adult: causing or inciting a girl aged 13 to 15 to engage in sexual activity"),
        Offence("SX03225", "Meeting a girl under 16 following sexual grooming"),
        Offence("SX03226", "Meeting a boy under 16 following sexual grooming"),
        Offence("PK78008", "Making an indecent photograph or pseudo-photograph of a child"),
    ),
    # Schedule 3 asks no length of sentence for these, so they count for a youth as well.
    "young_sexual": (
        Offence("SX03005", "Assault by penetration of a female aged 13 or over"),
        Offence("SX03013", "Rape of a girl under 13"),
        Offence("SX03014", "Rape of a boy under 13"),
    ),
    # For offences before the Sexual Offences Act 2003 came into force on 1 May 2004.
    "historic_sexual": (
        Offence("SX56001", "Rape (1956 Act)"),
        Offence("SX56005", "Intercourse with a girl under 13"),
        Offence("IC60006", "Gross indecency with a girl under 14"),
        Offence("SX56026", "Indecent assault on a female under 16"),
    ),
    "murder": (Offence("COML025", "Murder of a person aged one or over"),),
    "grave_violent": (
        Offence("OF61016", "Wounding with intent to cause grievous bodily harm (s.18)"),
        Offence("OF61017", "Causing grievous bodily harm with intent (s.18)"),
        Offence("COML022", "Manslaughter"),
        Offence("COML020", "Kidnapping"),
        Offence("TH68045", "Aggravated burglary of a dwelling"),
        Offence("CD71049", "Arson with intent to endanger life"),
        Offence("FI68059", "Having a firearm with intent to endanger life"),
    ),
    "violent": (
        Offence("OF61131", "Wounding or inflicting grievous bodily harm without intent (s.20)"),
        Offence("OF61102", "Assault occasioning actual bodily harm (s.47)"),
        Offence("OF61014", "Threat to kill"),
        Offence("TH68023", "Robbery"),
        Offence("PH97009", "Harassment putting a person in fear of violence"),
        Offence("PU86002", "Violent disorder"),
        Offence("CD71015", "Arson"),
    ),
    "terror": (
        Offence("TR06007", "Preparation of terrorist acts"),
        Offence("PT00066", "Possessing a document useful to a terrorist"),
        Offence("TR06028", "Encouragement of terrorism"),
        Offence("TR06029", "Distributing a terrorist publication"),
    ),
    "minor": (
        Offence("TH68010", "Theft from a shop"),
        Offence("TH68001", "Theft from the person"),
        Offence("FA06001", "Fraud by false representation"),
        Offence("CD71039", "Criminal damage, value under 5,000 pounds"),
        Offence("PC53001", "Having an offensive weapon in a public place"),
        Offence("CJ88116", "Assault by beating"),
    ),
}

UNKNOWN_OFFENCES = {
    "ZZ99001": "Offence under a repealed local Act",
    "ZZ99002": "Offence recorded by a court abroad",
    "ZZ99003": "Service offence, code not mapped",
    "ZZ99004": "Code mistyped at source",
}

SENTENCE_COLUMNS = (
    "crn", "noms_number", "pnc_number", "surname", "forenames", "date_of_birth", "sex", "area", "unit", "lead_agency",
    "offender_manager", "offender_manager_email", "line_manager_email", "police_offender_manager",
    "police_offender_manager_email", "offence_code", "offence_description", "offence_date", "disposal",
    "restriction_order", "term_months", "sentence_date", "conditional_release_date", "automatic_release_date",
    "parole_eligibility_date", "approved_parole_date", "hdc_approved_date", "post_recall_release_date",
    "licence_expiry_date", "sentence_expiry_date", "top_up_supervision_expiry_date", "order_end_date", "location",
    "prison", "rosh_level", "victim_contact", "notification_order", "shpo", "shpo_end_date",
)  # fmt: skip
DIRECTORY_COLUMNS = ("area", "agency", "unit", "role", "name", "email", "grade", "telephone", "from", "to")
CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Shares in per cent. Groups: sexual is Category 1 material, violent Category 2, terror Category 4, minor none.
AGENCIES = {"probation": 70, "police": 15, "yot": 8, "mental_health": 7}
GROUPS = {
    "probation": {"sexual": 55, "violent": 33, "terror": 3, "minor": 9},
    "police": {"sexual": 97, "minor": 3},
    "yot": {"sexual": 50, "violent": 45, "minor": 5},
    "mental_health": {"sexual": 35, "violent": 60, "minor": 5},
}
ROSH = {
    "sexual": ("medium", "medium", "high", "high", "very_high"),
    "violent": ("medium", "high", "high", "very_high"),
    "terror": ("high", "very_high"),
    "minor": ("low", "low", "medium"),
}
# One person each. The last ten are no faults of form: the row goes in, and something is left for a person to do.
FAULTS = (
    *("check letter",) * 2,
    *("release before sentence",) * 2,
    *("email without domain",) * 2,
    *("unknown disposal",) * 2,
    *("dates of birth disagree",) * 2,
    "surname missing",
    "sentence date missing",
    *(f"unknown offence {code}" for code in UNKNOWN_OFFENCES),
    *("no offender manager",) * 3,
    *("no offender manager, no line manager",) * 3,
)


def surname_of(rng: Random) -> str:
    """Return an invented surname."""
    return rng.choice(SURNAME_HEADS) + rng.choice(SURNAME_TAILS)


def forename_of(rng: Random, sex: str) -> str:
    """Return an invented forename."""
    return rng.choice(FORENAMES[sex])


def crn_of(number: int) -> str:
    """Return the CRN of the person with a number; no two of the first 26 million are the same."""
    mixed = (number * 15_485_863 + 1_234_567) % 26_000_000
    return f"{LETTERS[mixed // 1_000_000]}{mixed % 1_000_000:06}"


def noms_of(number: int) -> str:
    """Return the NOMIS number of the person with a number; no two of the first 176 million are the same."""
    mixed = (number * 104_395_301 + 23_456_789) % (26**3 * 10_000)
    rest, digits = divmod(mixed, 10_000)
    return f"{LETTERS[rest // 676]}{digits:04}{LETTERS[rest // 26 % 26]}{LETTERS[rest % 26]}"


def pnc_of(number: int, year: int) -> str:
    """Return the PNC number of the person with a number, first known to the police in ``year``."""
    serial = f"{(number * 6_700_417 + 1_000_003) % 10_000_000:07}"
    return f"{year}/{serial}{CHECK_LETTERS[int(f'{year % 100:02}{serial}') % 23]}"


def months_after(day: date, months: int) -> date:
    """Return the day so many calendar months later (earlier, if negative), clamped to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def pick(rng: Random, shares: dict[str, int]) -> str:
    """Return one of the keys, each as likely as its share."""
    return rng.choices(tuple(shares), tuple(shares.values()))[0]


def spoil(row: dict[str, str], fault: str) -> str:
    """Put a fault into a row and return what was done, as "column: what"."""
    if fault == "check letter":
        letter = row["pnc_number"][-1]
        row["pnc_number"] = row["pnc_number"][:-1] + CHECK_LETTERS[(CHECK_LETTERS.index(letter) + 5) % 23]
        return f"pnc_number: check letter is not {letter}, which the digits ask for"
    if fault == "release before sentence":
        early = date.fromisoformat(row["sentence_date"]) - timedelta(days=45)
        row["conditional_release_date"] = early.isoformat()
        return "conditional_release_date: lies before the sentence date"
    if fault == "email without domain":
        row["offender_manager_email"] = row["offender_manager_email"].split("@")[0]
        return "offender_manager_email: has no domain"
    if fault == "unknown disposal":
        row["disposal"] = "imprisoned"
        return "disposal: 'imprisoned' is not a disposal"
    if fault == "dates of birth disagree":
        other = date.fromisoformat(row["date_of_birth"]) - timedelta(days=366)
        row["date_of_birth"] = other.isoformat()
        return "date_of_birth: differs from the same person's row on the line before"
    if fault.startswith("unknown offence"):
        code = fault.split()[-1]
        row.update(offence_code=code, offence_description=UNKNOWN_OFFENCES[code])
        return f"offence_code: {code} is in no table, a person must decide (not a reject)"
    if fault.endswith("missing"):
        column = fault.removesuffix(" missing").replace(" ", "_")
        row[column] = ""
        return f"{column}: required value is missing"
    row.update(offender_manager="", offender_manager_email="")
    if fault.endswith("no line manager"):
        row["line_manager_email"] = ""
        return "offender_manager_email, line_manager_email: left blank (not a reject)"
    return "offender_manager_email: left blank (not a reject)"
