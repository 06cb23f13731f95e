"""The page of files: the columns of each file that is loaded, and the form of each fact that is recorded."""

import re
from functools import partial
from inspect import getclosurevars
from typing import Any

from casework.loading import directory, offences, sentences
from casework.loading.csvfile import LONGEST_LINE, Columns
from casework.loading.report import OWN_COLUMNS
from casework.recording import EXAMPLES, FORMS, Form
from docs.markdown import code, codes, json_block, page, table
from models.moment import now
from policy.calendar import london_date
from policy.vocabulary import FactKind

INTRODUCTION = f"""
Files are CSV, UTF-8, with a header; columns in any order, dates as 2027-03-12. An unknown column is an error, a
missing optional one is not. Good rows go in; bad rows come back in a rejects file, each with its line and reason in
{codes(OWN_COLUMNS)} in front. These two columns are passed over when the mended file is loaded. A file that
cannot be read whole (another encoding, a wrong header, a line longer than {LONGEST_LINE:,} characters) loads nothing.
"""
KEYS = {
    "directory": "One row a person and role. A row is known by area, agency, unit, role and e-mail address. An entry "
    "ends by its `to` date; entries that a file does not name stay as they are.",
    "sentences": "One row a sentence, order or caution. A row is known by CRN, offence code, sentence date and offence "
    "date. A later row with other particulars updates the sentence, and says what changed. Rows of one person that "
    "disagree about who it is are all rejected.",
    "offences": "One row an entry of an offence code in a schedule: `3` (Sexual Offences Act 2003), `15` (Criminal "
    "Justice Act 2003, with its part), or `none` (known to be in neither). It goes on top of the table that is "
    "shipped; sentences whose code it settles are identified anew.",
}
FORMS_OF_VALUES = {
    "iso_date": "date",
    "yes_no": "`yes` or `no`",
    "months": "whole months, 1 to 1200",
    "email_address": "e-mail address",
    "crn": "a letter and six digits, such as `X320741`",
    "noms_number": "such as `G5555TT`",
    "pnc_number": "year, seven digits and check letter, such as `2021/0000001V`",
    "offence_code": "CJS offence code, such as `SX03001`",
    "schedule": "`3`, `15` or `none`",
}
WITHOUT_SOURCE = re.compile(r" \(``domain\.md``[^)]*\)")


def page_of_files() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    loaded: dict[str, tuple[Columns, dict[str, Any]]] = {
        "directory": (directory.COLUMNS, directory.READERS),
        "sentences": (sentences.COLUMNS, sentences.readers(london_date(now()))),
        "offences": (offences.COLUMNS, offences.READERS),
    }
    for kind, (columns, readers) in loaded.items():
        parts += [f"## {kind}", f"`mappa load {kind} FILE`", KEYS[kind], table_of_columns(columns, readers)]
    parts += ["## Facts", facts_words()]
    for fact in FactKind:
        parts += [f"### {fact.value}", words_of(FORMS[fact]), table_of_form(fact), "For example:",
                  json_block(EXAMPLES[fact])]  # fmt: skip
    return page("Files", *parts)


def words_of(form: type[Form]) -> str:
    """Return what a form is for, without the mark-up and the sources of a docstring."""
    return WITHOUT_SOURCE.sub("", str(form.__doc__)).replace("``", "`").strip()


def facts_words() -> str:
    """Return what is true of every fact."""
    return (
        "A person records a fact with `mappa record KIND --crn CRN --file FILE.json`. The file holds one JSON object; "
        "`mappa record KIND --example` prints one. An unknown field is refused. The same fact told twice in a row "
        "changes nothing the second time."
    )


def table_of_columns(columns: Columns, readers: dict[str, Any]) -> str:
    """Return the table of one file's columns."""
    rows = [(code(n), "yes" if n in columns.required else "", form_of(readers[n])) for n in columns.all]
    return table(("Column", "Required", "Value"), rows)


def form_of(reader: Any) -> str:
    """Return what a reader takes, in words; an unknown reader is an error here, not a gap on the page."""
    while isinstance(reader, partial) or hasattr(reader, "__wrapped__"):
        reader = reader.func if isinstance(reader, partial) else reader.__wrapped__
    bound = getclosurevars(reader).nonlocals
    if "allowed" in bound:
        return codes(bound["allowed"])
    if "longest" in bound:
        return f"text, at most {bound['longest']} characters"
    if reader.__name__ == "<lambda>":
        return "text, at most 12 characters; an unknown code is put to a person"
    return FORMS_OF_VALUES[reader.__name__]


def table_of_form(kind: FactKind) -> str:
    """Return the table of one form's fields."""
    schema = FORMS[kind].model_json_schema()
    required = schema.get("required", [])
    rows = [
        (code(name), "yes" if name in required else "", value_of(field, schema))
        for name, field in schema["properties"].items()
    ]
    return table(("Field", "Required", "Value"), rows)


def value_of(field: dict[str, Any], schema: dict[str, Any]) -> str:
    """Return what a field of a form takes, from its JSON schema."""
    if "anyOf" in field:
        return " or ".join(value_of(part, schema) for part in field["anyOf"])
    if "$ref" in field:
        return value_of(schema["$defs"][field["$ref"].rpartition("/")[2]], schema)
    if "enum" in field:
        return codes(field["enum"])
    if "const" in field:
        return code(field["const"])
    if field.get("type") == "null":
        return "`null`"
    if field.get("format") == "date":
        return "date"
    if field.get("type") == "boolean":
        return "`true` or `false`"
    least = f", at least {field['minLength']} characters" if "minLength" in field else ""
    return {"string": "text"}.get(field["type"], field["type"]) + least
