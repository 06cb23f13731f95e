"""The fields of a form as the form itself tells of them: for documentation, for pages, and for the example of a file.

A field says its title, what to write, its unit and an example where it is declared (``forms.label``), and nowhere else.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from casework.recording.forms import Section
from policy.dates import Ahead

LIST, BY_NAME = "[]", ".NAME"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form.

    ``annotation`` is its type, without the null of a field that may be left out. ``section`` is the section it holds,
    one or many of them as ``held_in`` says: nothing, ``[]`` (a list) or ``.NAME`` (by names of the writer's choice).
    ``shown``: it is part of the example of the whole form. ``ahead``: what a date that may lie in the future is of.
    """

    name: str
    title: str
    description: str
    unit: str | None
    example: Any
    shown: bool
    ahead: Ahead | None
    required: bool
    annotation: Any
    metadata: Sequence[Any]
    section: type[Section] | None
    held_in: str


def fields_of(form: type[Section]) -> list[FormField]:
    """Return the fields of a form or a section in their order, the date first."""
    further = {name: FieldInfo.from_annotated_attribute(*told) for name, told in form.further_fields().items()}
    for info in further.values():
        info.default = None
    known = further | form.model_fields
    return [field_of(name, known[name]) for name in sorted(known, key=lambda name: name != "date")]


def field_of(name: str, info: FieldInfo) -> FormField:
    """Return one field, with the example it gives or, of a section, the one that the section's own fields make."""
    required = info.is_required()
    annotation = info.annotation if required else without_null(info.annotation)
    section, held_in = section_of(annotation)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    unit = extra.get("unit")
    return FormField(
        name=name,
        title=info.title or "",
        description=info.description or "",
        unit=None if unit is None else str(unit),
        example=example_in(info, section, held_in),
        shown=bool(extra.get("shown", True)),
        ahead=ahead_of(info),
        required=required,
        annotation=annotation,
        metadata=info.metadata,
        section=section,
        held_in=held_in,
    )


def ahead_of(info: FieldInfo) -> Ahead | None:
    """Return what a date that may lie in the future is of; None of a field of what has happened."""
    extra = info.json_schema_extra
    return Ahead(str(extra["ahead"])) if isinstance(extra, dict) and "ahead" in extra else None


def example_in(info: FieldInfo, section: type[Section] | None, held_in: str) -> Any:
    """Return the example of a field; None where it has none."""
    if info.examples:
        return deepcopy(info.examples[0])
    if section is None or held_in not in ("", LIST):
        return None
    return example_of(section) if held_in == "" else [example_of(section)]


def example_of(form: type[Section]) -> dict[str, Any]:
    """Return a form or a section filled in, as a file would hold it."""
    return {field.name: field.example for field in fields_of(form) if field.shown}


def unlabelled(form: type[Section], inside: str = "") -> Iterator[str]:
    """Yield what the fields of a form, and of its sections, do not say of themselves."""
    for field in fields_of(form):
        path = f"{inside}{field.name}"
        said = {"title": field.title, "description": field.description, "example": field.example}
        for part, value in said.items():
            if value in (None, ""):
                yield f"{path}: {part}"
        if field.section is not None:
            yield from unlabelled(field.section, f"{path}{field.held_in}.")


def without_null(annotation: Any) -> Any:
    """Return a type without the null it may be."""
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    return Union[tuple(part for part in get_args(annotation) if part is not NoneType)]  # noqa: UP007 - made here


def section_of(annotation: Any) -> tuple[type[Section] | None, str]:
    """Return the section a type holds, and what it stands in: nothing, a list, or names of the writer's choice."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation, ""
    held_in = {list: LIST, dict: BY_NAME}.get(get_origin(annotation) or annotation, "")
    for part in get_args(annotation):
        section, deeper = section_of(part)
        if section is not None:
            return section, held_in + deeper
    return None, ""
