"""The page of JSON objects: each model with its fields, and a document that the command line really printed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel

from docs.json_samples import samples
from docs.markdown import code, codes, json_block, page, table
from docs.sampling import Sample, sample_record
from policy.events import EventKind
from policy.kinds import BY_NAME
from policy.letters import MessageKind
from policy.vocabulary import FactKind, MessageState

INTRODUCTION = """
`--json` prints one JSON document. These objects and their fields are stable. A day is written as ISO 8601, a moment
with the offset of Europe/London; a word is one of a list. The samples are what the program prints for people who are
invented; one that says so is shortened.
"""
PLACES = {
    MessageKind.__name__: "messages.md#letters",
    MessageState.__name__: "messages.md#states",
    FactKind.__name__: "files.md#facts",
    EventKind.__name__: "events.md",
}
"""Where words are told that are too many, or want too much telling, for a cell of a table."""
MOST_WORDS = 10
TYPES: dict[tuple[str | None, str | None], str] = {
    ("string", None): "text", ("string", "date"): "day", ("string", "date-time"): "moment", ("integer", None): "number",
    ("boolean", None): "yes or no", ("null", None): "null",
}  # fmt: skip


def page_of_json() -> str:
    """Return the page; raises ``AssertionError`` where a document is not what its model says."""
    with sample_record():
        found = list(samples())
    documented = {sample.model.__name__ for sample in found}
    parts = [INTRODUCTION]
    for sample in found:
        names = list(sample.model.model_json_schema(mode="serialization")["properties"])
        assert set(sample.printed) == set(names), f"{sample.command} prints {list(sample.printed)}, not {names}"
        parts += [f"## {title_of(sample.model)}", *told(sample), *fields(sample.model, documented)]
        parts += [json_block(sample.shown)]
    return page("JSON objects", *parts)


def title_of(model: type[BaseModel]) -> str:
    """Return the title of a model."""
    return str(model.model_config["title"])


def told(sample: Sample) -> Iterator[str]:
    """Yield what an object is, and which commands print it."""
    yield str(sample.model.__doc__)
    prints = " prints a list of them." if sample.listed else " prints one."
    shortened = " The sample is shortened." if sample.shown != sample.printed else ""
    yield f"`mappa {sample.command}`{prints}{sample.besides}{shortened}"


def fields(model: type[BaseModel], documented: set[str]) -> Iterator[str]:
    """Yield the table of the fields of a model."""
    schema = model.model_json_schema(mode="serialization")
    yield table(("Field", "Type", "Meaning"), rows(schema, schema.get("$defs", {}), documented))


def rows(
    schema: dict[str, Any], parts: dict[str, Any], documented: set[str], path: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Yield a row for each field of an object, and below it those of an object inside it that has no section here."""
    for name, field in schema["properties"].items():
        found = Type.of(field, parts)
        inner = parts.get(found.inner, {})
        meaning = str(field.get("description") or inner.get("description", "").partition("\n")[0])
        words = f" One of {codes(found.words)}." if 0 < len(found.words) <= MOST_WORDS else ""
        yield code(path + name), found.called(parts, documented), meaning + words
        if found.inner not in documented and is_explained(inner):
            yield from rows(inner, parts, documented, f"{path}{name}{'[]' if found.listed else ''}.")


def is_explained(schema: dict[str, Any]) -> bool:
    """Tell whether an object says of each of its fields what it means."""
    fields = schema.get("properties", {}).values()
    return bool(fields) and all("description" in field for field in fields)


@dataclass(frozen=True)
class Type:
    """The type of a field: its names, the words it takes, the object it holds, and whether it is a list."""

    names: tuple[str, ...]
    words: tuple[str, ...] = ()
    inner: str = ""
    listed: bool = False

    @classmethod
    def of(cls, field: dict[str, Any], parts: dict[str, Any]) -> Self:
        """Read the type of a field in a JSON schema."""
        if "anyOf" in field:
            found = [cls.of(one, parts) for one in field["anyOf"]]
            names = tuple(dict.fromkeys(name for one in found for name in one.names))
            words = tuple(word for one in found for word in one.words)
            return cls(names, words, "".join(one.inner for one in found), any(one.listed for one in found))
        if "$ref" in field:
            return cls.of_part(field["$ref"].rpartition("/")[2], parts)
        if "enum" in field or "const" in field:
            words = tuple(field.get("enum") or (field["const"],))
            return cls(("[word](timescales.md)",)) if words == tuple(BY_NAME) else cls(("word",), words)
        if field.get("type") == "array":
            item = cls.of(field["items"], parts)
            return cls(tuple(f"list of {plural(name)}" for name in item.names), item.words, item.inner, listed=True)
        if field.get("type") == "object":
            values = field.get("additionalProperties")
            return cls(
                (f"{plural(cls.of(values, parts).names[0])} by name",) if isinstance(values, dict) else ("object",)
            )
        return cls((TYPES.get((field.get("type"), field.get("format")), "anything"),))

    @classmethod
    def of_part(cls, name: str, parts: dict[str, Any]) -> Self:
        """Read the type of a field that holds a word of a list, or an object."""
        if "enum" not in parts[name]:
            return cls(("object",), inner=name)
        place = PLACES.get(name)
        return cls((f"[word]({place})",)) if place else cls(("word",), tuple(parts[name]["enum"]))

    def called(self, parts: dict[str, Any], documented: set[str]) -> str:
        """Return how the type is called; an object that has a section of its own leads there."""
        names = " or ".join(self.names)
        if self.inner not in documented:
            return names
        title = str(parts[self.inner]["title"]).lower()
        anchor = title.replace(" ", "-")
        return names.replace("objects", f"[{plural(title)}](#{anchor})").replace("object", f"[{title}](#{anchor})")


def plural(name: str) -> str:
    """Return the name of a type for several of them."""
    return name if name.endswith(("s", ")")) or " " in name else f"{name}s"
