"""A mapping file proposed from the header of a file: which column may be which, for a person to check line by line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from json import dumps
from pathlib import Path

from casework.errors import FileRefusedError
from casework.loading.cell_kinds import of_days
from casework.loading.columns import Closed, Column, Columns
from casework.loading.date_forms import date_form, day_in
from casework.loading.mapping import NO_MAPPING, FileMapping
from casework.loading.report import OWN_COLUMNS
from casework.loading.table import lines_of
from policy.characters import tidied
from policy.texts import plain

ROWS_LOOKED_AT = 1_000
MOST_CODES, LONGEST_CODE = 30, 40
NEAR = 0.85
"""How alike two names must be to be guessed for one (0 to 1): ours."""
OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "crn": ("case reference number", "case reference", "delius crn", "ndelius crn", "crn no", "crn number"),
    "noms_number": ("noms id", "noms no", "noms", "nomis number", "nomis no", "nomis id", "nomis", "prison number",
                    "prison no", "prisoner number", "prisoner no", "offender no", "offender number",
                    "offender id display", "prn"),
    "pnc_number": ("pnc", "pnc no", "pnc id", "pncid"),
    "surname": ("last name", "family name"),
    "forenames": ("forename", "first name", "first names", "given names", "given name", "forename s", "first name s",
                  "forename 1", "forename1"),
    "date_of_birth": ("dob", "birth date", "d o b"),
    "sex": ("gender",),
    "area": ("mappa area", "police force", "force", "police area", "force area", "police force area", "region",
             "probation region"),
    "unit": ("pdu", "ldu", "pdu name", "ldu name", "probation delivery unit", "local delivery unit", "ldu cluster",
             "cluster", "borough", "team", "team name", "office"),
    "lead_agency": ("lead", "managing agency"),
    "offender_manager": ("om", "om name", "offender manager name", "com", "com name", "community offender manager",
                         "probation practitioner", "practitioner", "probation officer", "allocated officer",
                         "supervising officer", "responsible officer", "case manager"),
    "offender_manager_email": ("om email", "om e mail", "om email address", "offender manager email address",
                               "offender manager e mail", "com email", "practitioner email"),
    "line_manager_email": ("spo email", "manager email", "senior probation officer email",
                           "line manager email address", "line manager e mail"),
    "police_offender_manager": ("police manager", "police om", "police om name", "mosovo officer", "vism",
                                "visor manager"),
    "police_offender_manager_email": ("police om email", "police manager email", "visor manager email"),
    "offence_code": ("cjs code", "cjs offence code", "ho code", "statute code", "main offence code",
                     "home office code"),
    "offence_description": ("offence", "main offence", "index offence"),
    "offence_date": ("date of offence", "main offence date", "offence start date"),
    "disposal": ("sentence type", "sentence", "disposal type", "order type"),
    "term_months": ("term", "sentence length", "sentence length months", "length in months"),
    "sentence_date": ("date of sentence", "date sentenced", "sentenced on", "sent date", "conviction and sentence date",
                      "sentence start date"),
    "conditional_release_date": ("crd", "acr", "crd date", "conditional release", "automatic conditional release",
                                 "automatic conditional release date", "release date"),
    "automatic_release_date": ("ard", "ard date", "automatic release"),
    "parole_eligibility_date": ("ped", "ped date", "parole eligibility", "parole date"),
    "approved_parole_date": ("apd", "apd date", "parole approved date", "approved parole"),
    "hdc_approved_date": ("hdcad", "hdcad date", "hdc date", "hdc approved",
                          "home detention curfew approved date"),
    "post_recall_release_date": ("prrd", "prrd date", "post recall release"),
    "licence_expiry_date": ("led", "led date", "licence end date", "licence expiry", "licence end", "sled",
                            "sentence and licence expiry date"),
    "sentence_expiry_date": ("sed", "sed date", "sentence end date", "sentence expiry", "sentence end", "sled",
                             "sentence and licence expiry date"),
    "top_up_supervision_expiry_date": ("tused", "tused date", "pssed", "pss end date", "top up supervision expiry",
                                       "post sentence supervision end date"),
    "order_end_date": ("order expiry date", "order end", "expected end date", "expected order end date"),
    "location": ("status", "custody or community", "custody community"),
    "prison": ("establishment", "current establishment", "agency location", "prison name", "current prison", "estab",
               "est"),
    "rosh_level": ("rosh", "risk of serious harm", "risk of serious harm level", "current rosh", "risk level"),
    "victim_contact": ("vcs", "victim contact scheme"),
    "category": ("mappa category", "mappa cat", "cat"),
    "level": ("mappa level", "lvl"),
    "start_date": ("registration date", "start", "date registered", "registered on", "from"),
    "end_date": ("deregistration date", "end", "date deregistered", "deregistered on", "to"),
    "email": ("e mail", "email address", "e mail address", "mail"),
    "name": ("full name",),
    "role": ("mappa role",),
    "agency": ("organisation", "organization"),
    "telephone": ("phone", "tel", "telephone number", "phone number"),
    "kind": ("event", "event type", "type"),
    "date": ("event date", "date of event", "meeting date"),
    "attendance": ("attended", "present"),
}  # fmt: skip
"""What systems and people call our columns, in plain words: Delius, NOMIS, and forms of the areas."""
OF_WHOM = ("offender", "prisoner", "nominal", "subject", "person", "service user", "person on probation", "pop")
"""What stands before a name of a person's column: *Offender Surname* is the surname."""
OF_BOTH = ("sled", "sentence and licence expiry date")
"""What is two columns of ours: licence and sentence end on one day."""
UNSURE = frozenset({"region", "probation region", "release date", "sentence start date"})
"""Names that may mean something else: a region of probation holds several areas, a release date may be any of six."""
FORMS = ("DD/MM/YYYY", "DD-MMM-YYYY", "DD MMM YYYY", "DD.MM.YYYY", "DD-MM-YYYY", "YYYYMMDD", "YYYY/MM/DD",
         "DD/MM/YYYY hh:mm", "DD/MM/YYYY hh:mm:ss", "YYYY-MM-DD hh:mm:ss", "YYYY-MM-DDThh:mm:ss")  # fmt: skip
"""Forms of dates that are looked for, the commonest first. A month in front of its day nobody writes in England."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was looked at: its header, the first values of each column, and how it must be read."""

    names: Sequence[str]
    values: Mapping[str, Sequence[str]]
    how: FileMapping


@dataclass(frozen=True, slots=True)
class Match:
    """Which column of theirs is which of ours. ``guessed``: those whose name is only near, or may mean another."""

    theirs: Mapping[str, str]
    guessed: frozenset[str]


def propose(path: Path, kinds: Mapping[str, Columns], kind: str | None = None) -> tuple[str, str]:
    """Return the kind of a file and a mapping for it as TOML; ``kind``: which it is, None: the likeliest of ``kinds``.

    Raises ``FileRefusedError`` for a file that cannot be read, or in which nothing is like a column of ours.
    """
    known = {name for columns in kinds.values() for name in columns.all}
    seen = look(path, known)
    matches = {one: matched(seen.names, kinds[one]) for one in kinds if kind in (None, one)}
    best = max(matches, key=lambda one: likeness(matches[one], kinds[one]))
    if not matches[best].theirs:
        raise FileRefusedError(
            "no column is called like one of ours", where=str(path), to_do="say with --kind what the file holds"
        )
    return best, "\n".join(written(path, best, kinds[best], seen, matches[best])) + "\n"


def look(path: Path, known: set[str]) -> Seen:
    """Return the header and the first values of a file, whatever it calls its columns."""
    how = replace(NO_MAPPING, where=str(path))
    try:
        seen = looked_at(path, known, how)
    except FileRefusedError as error:
        if not isinstance(error.__cause__, UnicodeDecodeError):
            raise
        seen = looked_at(path, known, replace(how, encoding="windows-1252"))
    return seen


def looked_at(path: Path, known: set[str], how: FileMapping) -> Seen:
    """Return the header and the first values of a file, read in one way; it is read to its end."""
    lines = lines_of(path, "", known, how).begin()
    header = next(lines, None)
    names = [tidied(cell) for cell in header.cells] if header else []
    rows = [line.cells for line in islice(lines, ROWS_LOOKED_AT)]
    for _ in lines:
        pass
    values = {
        name: [text for cells in rows if place < len(cells) and (text := tidied(cells[place]))]
        for place, name in enumerate(names)
        if name and name not in OWN_COLUMNS
    }
    return Seen(list(values), values, how)


def matched(names: Sequence[str], columns: Columns) -> Match:
    """Return which of the names of a header is which column: the same name first, then another for it, then a near."""
    free = {plain(name.replace("_", " ")): name for name in reversed(names)}
    theirs: dict[str, str] = {}
    guessed = set()
    for column in columns:
        if (same := free.pop(plain(column.name.replace("_", " ")), None)) is not None:
            theirs[column.name] = same
    for column in columns:
        other = next((one for one in names_of(column.name) if one in free), None)
        if column.name not in theirs and other is not None:
            theirs[column.name] = free[other] if other in OF_BOTH else free.pop(other)
            if other in UNSURE:
                guessed.add(column.name)
    for one in OF_BOTH:
        free.pop(one, None)
    for column in columns:
        near = get_close_matches(column.name.replace("_", " "), free, 1, NEAR)
        if column.name not in theirs and near:
            theirs[column.name] = free.pop(near[0])
            guessed.add(column.name)
    return Match(theirs, frozenset(guessed))


def names_of(name: str) -> Iterator[str]:
    """Yield what a column may be called besides its own name, the surest first."""
    others = OTHER_NAMES.get(name, ())
    yield from others
    own = name.replace("_", " ")
    yield from (f"{whose} {one}" for whose in OF_WHOM for one in (own, *others))


def likeness(match: Match, columns: Columns) -> tuple[float, int]:
    """Return how like a file is to a kind: the share of what it must have, then how many columns."""
    found = sum(name in match.theirs for name in columns.required)
    return found / len(columns.required), len(match.theirs)


def written(path: Path, kind: str, columns: Columns, seen: Seen, match: Match) -> Iterator[str]:
    """Yield the lines of the mapping."""
    yield f"# A mapping for files such as {path.name}, proposed from its header. Check each line, then try it:"
    yield f"#   mappa load {kind} FILE --mapping THIS.toml --dry-run"
    yield f"kind = {text(kind)}"
    if seen.how.encoding:
        yield f"encoding = {text(seen.how.encoding)}"
    used = set(match.theirs.values())
    left = [name for name in seen.names if name not in used]
    yield "# Columns of the file that are passed over. A column that stands nowhere here is an error."
    yield f"ignore = [{', '.join(map(text, left))}]"
    yield ""
    yield "[columns]"
    yield "# ours = theirs"
    for name in columns.all:
        if name in match.theirs:
            guess = "  # a guess: is it?" if name in match.guessed else ""
            yield f"{name} = {text(match.theirs[name])}{guess}"
    missing = [name for name in columns.required if name not in match.theirs]
    if missing:
        yield "# Required, and not found. Name their column here, or write the same value for every row below."
        yield from (f"# {name} = {text('')}" for name in missing)
    yield from dates_written(columns, seen, match)
    yield from codes_written(columns, seen, match)
    yield ""
    yield "[constants]"
    yield "# What is the same in every row and in no column, such as"
    yield f"# {(missing or ['area'])[0]} = {text('Westmarch' if not missing or missing[0] == 'area' else '')}"


def dates_written(columns: Columns, seen: Seen, match: Match) -> Iterator[str]:
    """Yield the forms of the dates that were seen."""
    forms = {}
    for column in columns:
        if of_days(column) and column.name in match.theirs:
            values = [one for one in seen.values[match.theirs[column.name]] if not is_day("YYYY-MM-DD", one)]
            form = next((one for one in FORMS if values and all(is_day(one, value) for value in values)), None)
            if form is not None:
                forms[column.name] = form
    yield ""
    yield "[dates]"
    yield "# A date that is written as 2027-03-12 needs no form."
    if len(set(forms.values())) == 1 and forms:
        yield f"every = {text(next(iter(forms.values())))}"
    else:
        yield from (f"{name} = {text(form)}" for name, form in forms.items())
    if not forms:
        yield '# every = "DD/MM/YYYY"'


def is_day(form: str, value: str) -> bool:
    """Tell whether a text is a day in a form."""
    try:
        day_in(value, date_form(form))
    except ValueError:
        return False
    return True


def codes_written(columns: Columns, seen: Seen, match: Match) -> Iterator[str]:
    """Yield the codes that a column of a closed list has and the list has not, for a person to say what they mean."""
    for column in columns:
        # A guess may be a column of names: none of what stands in it is printed.
        if not isinstance(column.read, Closed) or column.name not in match.theirs or column.name in match.guessed:
            continue
        strange = list(dict.fromkeys(unread(column, seen.values[match.theirs[column.name]])))
        if not strange:
            continue
        yield ""
        yield f"[values.{column.name}]"
        yield f"# theirs = ours, one of: {', '.join(column.read.values)}"
        yield from (f"# {text(one)} = {text('')}" for one in strange[:MOST_CODES] if len(one) <= LONGEST_CODE)


def unread(column: Column, values: Iterable[str]) -> Iterator[str]:
    """Yield the values that a column does not take."""
    for value in values:
        try:
            column.read(value)
        except ValueError:
            yield value


def text(value: str) -> str:
    """Return a text as TOML writes it."""
    return dumps(value, ensure_ascii=False)
