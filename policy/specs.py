"""A spec: one object in which a word of the field says all that the program needs to know of it.

Every table over kinds, roles, events or letters is made from specs, so that nothing can be forgotten in one of them:
a spec that lacks a part stops the import, with its name and the name of the part.
"""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator

Text = Annotated[str, Field(min_length=1)]
"""Words that cannot be left out."""


class SpecError(Exception):
    """A spec in the code is not complete. It names the spec, the part, and what is wrong with it."""


class Spec(BaseModel):
    """What is known of one word of the field. ``name`` is what stands in files, in the record and in JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text

    @model_validator(mode="wrap")
    @classmethod
    def complete(cls, parts: Any, handler: ModelWrapValidatorHandler["Spec"]) -> "Spec":
        """Return the spec; raise ``SpecError`` with its name and every part that is missing or wrong."""
        try:
            return handler(parts)
        except ValidationError as error:
            name = parts.get("name", "?") if isinstance(parts, dict) else "?"
            wrong = [f"{'.'.join(map(str, e['loc'])) or 'as a whole'}: {e['msg']}" for e in error.errors()]
            raise SpecError(f"{cls.__name__} {name!r} is not complete: {'; '.join(wrong)}") from error


class Specified(StrEnum):
    """A closed list of words of the field, each a member that says all about itself in its spec."""

    spec: Spec

    def __new__(cls, spec: Spec | str) -> Self:
        """Return the member, known by the name in its spec; called with a name, the class looks its member up."""
        assert isinstance(spec, Spec)
        member = str.__new__(cls, spec.name)
        member._value_, member.spec = spec.name, spec
        return member
