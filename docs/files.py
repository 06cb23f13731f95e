"""The page of files: the columns of each file that is loaded, and the form of each fact that is recorded."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import Enum
from itertools import chain
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from casework.loading.columns import Closed, Columns, Reader
from casework.loading.csvfile import LONGEST_LINE
from casework.loading.kinds_of_file import FILES
from casework.loading.report import OWN_COLUMNS
from casework.loading.value_words import in_words
from casework.recording import KINDS
from casework.recording.fact_type import FactType, Group
from casework.recording.form_fields import fields_of, section_of
from casework.recording.forms import (
    SHORTEST_REASON,
    Section,
    known_agency,
    own_words,
    sentence,
    valid_address,
    written_out,
)
from casework.recording.referral import ReferralForm, missing
from docs.markdown import code, codes, json_block, page, table
from models.clock import now
from policy.book import shipped_book
from policy.calendar import london_date
from policy.dates import Ahead
from policy.vocabulary import FactKind
from policy.words import role_name

INTRODUCTION = f"""
A file is a workbook (XLSX) or CSV, with a header; columns in any order, dates as 2027-03-12 or as dates of the
workbook. Another source's names, dates and codes are told in a [mapping file](../how-to-files.md). An unknown column is
an error, a missing optional one is not. Good rows go in; bad rows come back in a rejects file, each with its line and
reason in {codes(OWN_COLUMNS)} in front. These two columns are passed over when the mended file is loaded, and so is the
apostrophe before a cell that a spreadsheet would take for a formula. Columns without a name are passed over where they
are empty. A no-break space is read as a space, and characters that cannot be seen go.
Text that was decoded twice is refused. CSV is UTF-8, or UTF-16 with its mark, with commas, semicolons,
tabs or `|` between the cells. FILE may be a pipe. A file that
cannot be read whole (another encoding, a wrong header, a line longer than {LONGEST_LINE:,} characters, merged cells)
loads nothing.
"""
KEYS = {
    "directory": "One row a person and role. A row is known by area, agency, unit, role and e-mail address. An entry "
    "ends by its `to` date; entries that a file does not name stay as they are. The `telephone` of the MAPPA "
    "coordinator, or else of the administrator or the coordinator's manager, stands at the foot of every e-mail.",
    "sentences": "One row a sentence, order or caution. A row is known by CRN, offence code, sentence date and offence "
    "date. A later row with other particulars updates the sentence, and says what changed. Rows of one person that "
    "disagree about who it is are all rejected.\n\n"
    "`term_months` is the whole term for that offence, of a detention and training order the whole order. "
    "`total_term_months` counts it together with those that run before or after it: it decides how long notification "
    "lasts (Sexual Offences Act 2003, s.82(3)-(4)). `victim_age` is the age of the youngest victim at the offence, or "
    "of the youngest person in indecent photographs; `offender_age_at_offence` is that of the offender. They decide "
    "the conditions of Schedule 3 of that Act; without them a person is asked where it matters.",
    "offences": "One row an entry of an offence code in a schedule: `3` (Sexual Offences Act 2003), `15` (Criminal "
    "Justice Act 2003, with its part), or `none` (known to be in neither). It goes on top of the table that is "
    "shipped; sentences with that code are identified again. A code that ends in A (attempt), B (aiding), C "
    "(conspiracy) or I (incitement) is also where its offence is (Schedule 3, para 94; Schedule 15, paras 64, 153).",
    "registrations": "One row for each time that a person spent at a category and level, from `start_date` to "
    "`end_date`, the last day; leave `end_date` empty while it runs. A row is known by CRN, start date, category and "
    "level. A later file updates a known row, and says what changed. An empty cell takes nothing away. The order of "
    "the rows does not matter.\n\n"
    "Surname, forenames and date of birth are needed for a person who is not on record. Rows that follow each other or "
    "overlap are one episode, and one case: the open one joins the open case of the person, and one that has ended "
    "becomes a closed case. An empty `level`, or `none`, says that no level was set.\n\n"
    "What today's rules would not allow goes in, and stands on the list of data quality (`mappa data-quality`): "
    "category 3 at level 1 or at no level, two registrations that run, and two at different levels on the same days. "
    "An end before the start is refused.",
    "events": "One row for each event. Several events of one kind, person and day are told apart by their number in "
    "the file. `category` and `level` are those of that day. Leave them empty, and the person's own on that day count. "
    "Load the registrations first: an unknown CRN is refused.",
    "population": "One row for each area and year: the people aged ten and over, by the mid-year estimate of the "
    "Office for National Statistics. A later file corrects a known row.",
    "board-meetings": "One row for each person invited to a meeting of the Strategic Management Board; leave `name` "
    "empty where only the agency was invited. A row is known by area, date, agency and name, and a later file corrects "
    "it. A row whose `attendance` is `withdrawn` takes a known row out, one that was loaded by mistake; a meeting with "
    "no rows left goes too. Two rows that tell one invitation differently are both rejected. Lay advisers are of the "
    "agency `smb`. MAP008 counts each invited agency once a meeting, if it is of the Responsible Authority or has a "
    "duty to co-operate.",
    "board-agenda": "One row for each item on the agenda of a meeting of the Strategic Management Board. Load it "
    "before the meeting, and again with the decisions after it. A row is known by area, date and number, and a later "
    "file corrects it; an empty cell takes nothing away. `withdrawn` set to `yes` takes out a row that was loaded by "
    "mistake. No row names a person in a case.",
    "board-actions": "One row for each action that the Strategic Management Board set. Load it again with `done_on` "
    "and `outcome` when the action is done. A row is known by area, date and number, and a later file corrects it; an "
    "empty cell takes nothing away. `withdrawn` set to `yes` takes out a row that was loaded by mistake: so you open "
    "an action again. No row names a person in a case.",
    "training": "One row for each time that a police offender manager took the MOSAVO course, or an equivalent. An "
    "officer is known by the e-mail address that their cases have. A row is known by area, address and date, and a "
    "later file corrects it. `withdrawn` set to `yes` takes out a row that was loaded by mistake.",
}
TEXTS_OF_VALIDATORS = {
    own_words: "text that can be understood alone",
    sentence: f"a reason, in a sentence of at least {SHORTEST_REASON} characters",
    written_out: "text, with conditions and orders written out word for word",
    valid_address: "e-mail address",
    known_agency: "agency",
}
VALUES: dict[Any, str] = {
    NoneType: "`null`",
    bool: "`true` or `false`",
    date: "date",
    datetime: "date and time",
    int: "whole number",
    str: "text",
}


def page_of_files() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    today = london_date(now())
    for kind in KEYS:
        columns = FILES[kind].columns(today)
        parts += [f"## {kind}", f"`mappa load {kind} FILE`", KEYS[kind], table_of_columns(columns)]
    parts += ["## Facts", facts_words()]
    for group in Group:
        of_group = [known for known in KINDS.values() if known.group is group]
        parts += [f"## {group.value}", *chain(*map(parts_of_fact, of_group))]
    return page("Files", *parts)


def parts_of_fact(known: FactType) -> Iterator[str]:
    """Yield the parts of the page that tell of one kind of fact."""
    yield f"### {known.kind.value}"
    who = ", ".join(map(role_name, known.who))
    closed = " It can still be recorded when the case is closed." if known.after_closing else ""
    yield f"**{known.title}.** {known.hint}{closed}"
    yield f"Recorded by: {who}."
    yield table_of_form(known.form)
    if known.kind is FactKind.REFERRAL:
        yield sent_back_without()
    yield "For example:"
    yield json_block(known.example)


def facts_words() -> str:
    """Return what is true of every fact."""
    return (
        "A person records a fact with `mappa record KIND --crn CRN --file FILE.json`. The file holds one JSON object; "
        "`mappa record KIND --example` prints one. An unknown field is refused. A form that is refused is kept as a "
        "draft, with every reason (`mappa drafts`). The same fact told twice in a row changes nothing the second "
        "time.\n\n"
        "A dot leads into a section of the form, `[]` into each entry of a list. What is required there is required "
        "where the section or the entry is given. A date and time without an offset is Europe/London. A date is "
        "written as 2027-03-12; a date and time must have its time, one that the clocks show on that day. A date is of "
        "something that has happened, from the birth of the person to today, unless its row says that it may lie "
        "ahead. A text that "
        'can be understood alone is not "see above", "n/a" or "no change".\n\n'
        "Each kind names the roles whose work it is to record it. The command line does not check them.\n\n"
        f"An agency is one of {codes(shipped_book().agencies)}."
    )


def sent_back_without() -> str:
    """Return what a referral must say so as not to be sent back: what the rules miss on an empty one."""
    nothing = ReferralForm(date=date.min, referred_by="Somebody", proposed_level=2)
    return (
        "A referral is kept however little it says. It is incomplete, and sent back, as long as one of these is "
        "missing: "
        + "; ".join(
            f"{name} ({words.strip()})" for name, _, words in map(parted, missing(nothing, shipped_book().policies[0]))
        )
        + ". Of each agency its `name`, `employer`, `role`, `contact` and `why` are needed."
    )


def parted(reason: str) -> tuple[str, str, str]:
    """Return the titles of what a referral lacks, and what is wanted of them."""
    return reason.partition(":")


def table_of_columns(columns: Columns) -> str:
    """Return the table of one file's columns."""
    rows = [
        (code(one.name), "yes" if one.required else "", form_of(one.read) + may_lie(one.ahead), one.about)
        for one in columns
    ]
    return table(("Column", "Required", "Value", "What it says"), rows)


def form_of(reader: Reader) -> str:
    """Return what a reader takes, in words."""
    return codes(reader.values) if isinstance(reader, Closed) else in_words(reader)


def table_of_form(form: type[Section]) -> str:
    """Return the table of one form's fields, with those of its sections."""
    return table(("Field", "Title", "Required", "Value", "What to write"), rows_of(form))


def rows_of(form: type[Section], inside: str = "") -> Iterator[tuple[str, str, str, str, str]]:
    """Yield a row for each field, those of a section after the section."""
    for field in fields_of(form):
        path = f"{inside}{field.name}"
        value = value_of(field.annotation, field.metadata) + (f" ({field.unit})" if field.unit else "")
        value += may_lie(field.ahead)
        yield code(path), field.title, "yes" if field.required else "", value, field.description
        if field.section is not None:
            yield from rows_of(field.section, f"{path}{field.held_in}.")


def may_lie(ahead: Ahead | None) -> str:
    """Return how far ahead a date of something planned may lie, by the shipped policy; nothing of any other."""
    if ahead is None:
        return ""
    return f" (may lie ahead, up to {getattr(shipped_book().policies[0].dates, ahead.value)} years)"


def value_of(annotation: Any, metadata: Sequence[Any] = ()) -> str:
    """Return what a field takes, in words; an unknown type is an error here, not a gap on the page."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return value_of(parts[0], [*chain(*map(constraints, parts[1:])), *metadata])
    if origin in (Union, UnionType):
        return " or ".join(value_of(part, () if part is NoneType else metadata) for part in parts)
    if origin is Literal:
        return codes(json.dumps(part).strip('"') for part in parts)
    if origin in (list, dict):
        count = bounds(metadata)
        each = "sections" if section_of(parts[-1])[0] else value_of(parts[-1])
        return f"{'list' if origin is list else 'by name'}{count and ', ' + count}: {each}"
    if issubclass(annotation, Section):
        return "section"
    if annotation not in VALUES and issubclass(annotation, Enum):
        return codes(one.value for one in annotation)
    validators = [getattr(one, "func", None) for one in metadata]
    value = next((TEXTS_OF_VALIDATORS[one] for one in validators if one in TEXTS_OF_VALIDATORS), VALUES[annotation])
    return ", ".join(part for part in (value, bounds(metadata, " characters" if annotation is str else "")) if part)


def constraints(one: Any) -> Sequence[Any]:
    """Return what a mark on a type asks for."""
    return one.metadata if isinstance(one, FieldInfo) else [one]


def bounds(metadata: Sequence[Any], unit: str = "") -> str:
    """Return how long or how large a value may be, in words; nothing where there is no bound."""
    least = first_of(metadata, "min_length", "ge")
    most = first_of(metadata, "max_length", "le")
    if least is not None and most is not None:
        return f"{least} to {most}{unit}"
    return f"at least {least}{unit}" if least is not None else f"at most {most}{unit}" if most is not None else ""


def first_of(metadata: Sequence[Any], *names: str) -> int | None:
    """Return the first bound of one of these names."""
    return next((v for one in metadata for name in names if (v := getattr(one, name, None)) is not None), None)
