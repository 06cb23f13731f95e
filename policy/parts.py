"""A part of a policy as it is read from TOML: frozen, and strict about its keys."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, field_validator, model_serializer

from policy.characters import unwritten

Status = Literal["confirmed", "default", "recalled"]


class Part(BaseModel):
    """A part of a policy: frozen, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def texts_are_written(cls, value: Any) -> Any:
        """Refuse a text, such as the name of an area, that nobody writes: it reaches terminals and letters."""
        if isinstance(value, str) and (wrong := unwritten(value)):
            raise ValueError(wrong)
        return value


class Written(Part):
    """A part that is shown as a file would write it: without what is left out there."""

    @model_serializer(mode="wrap")
    def as_written(self, shown: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Return the values without those that stand at their defaults."""
        fields = type(self).model_fields
        left_out = {
            name
            for name, field in fields.items()
            if not field.is_required() and getattr(self, name) == field.get_default(call_default_factory=True)
        }
        return {key: value for key, value in shown(self).items() if key not in left_out}
