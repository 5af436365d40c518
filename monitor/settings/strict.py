"""Refuse settings that nobody knows, and lay settings over others."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, SerializationInfo
from pydantic_core import CoreSchema, core_schema

HELD = "held"
"""Under which the schema of a field says whose settings it holds."""


class Strict(BaseModel):
    """Refuse keys that nobody knows: a misspelt setting must not pass for a set one.

    Settings that others hold are validated by themselves, and the validator of a class is built when something is given
    for it: a configuration names a few of forty classes, and one validator of all took every command 20 ms. So a
    default is constructed (``model_construct``): what is our own needs no validator.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        """Return how settings are validated: those of the class, and as a field of others."""
        if handler.field_name is None:
            return handler(source)
        dumped = core_schema.plain_serializer_function_ser_schema(_dumped, info_arg=True)
        return core_schema.no_info_plain_validator_function(
            cls.model_validate, serialization=dumped, metadata={HELD: cls}
        )


def _dumped(settings: Strict, info: SerializationInfo) -> dict[str, Any]:
    return settings.model_dump(mode=info.mode)


Laid = TypeVar("Laid", bound=Strict)


def laid_over(below: Laid, above: Strict) -> Laid:
    """Return settings with those of another laid over that were given there; what holds settings is joined."""
    given: dict[str, Any] = {}
    for name in above.model_fields_set:
        if getattr(above, name) is None:  # as if it had not been given
            continue
        value, under = getattr(above, name), getattr(below, name)
        is_joined = isinstance(value, Strict) and isinstance(under, Strict)
        given[name] = laid_over(under, value) if is_joined else value
    return below.model_copy(update=given)
