"""Hold what is never shown. A secret prints, dumps and logs as ***; who uses it asks for ``get_secret_value()``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import JsonValue, PlainSerializer, SecretStr
from pydantic import Secret as SecretValue

from monitor.masking import MASK, masked


class SecretText(SecretStr):
    """A text of which nothing is shown."""

    def _display(self) -> str:
        return MASK


class SecretUrl(SecretStr):
    """A URL that may hold a password or a token, which are masked; the rest of it is shown."""

    def _display(self) -> str:
        return masked(self.get_secret_value())


class SecretJson(SecretValue[JsonValue]):
    """A value sent as JSON, of which nothing is shown."""

    def _display(self) -> str:
        return MASK


_SHOWN = PlainSerializer(str)
"""However settings are dumped, what is shown of a secret stands there."""

Text = Annotated[SecretText, _SHOWN]
Url = Annotated[SecretUrl, _SHOWN]
Json = Annotated[SecretJson, _SHOWN]

SECRET_KEYS = frozenset({"form", "headers", "json"})
"""Settings whose values are secrets, as the file spells them."""


def shown(value: Any, path: tuple[str | int, ...]) -> str:  # noqa: ANN401 - as YAML has it
    """Return a refused value of a setting for an error message.

    What holds other settings is not shown, for a secret may be among them.
    """
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        return "a list of mappings or lists"
    return MASK if SECRET_KEYS & set(path) else masked(f"{value!r:.80}")
