"""Hold what is never shown. A secret prints, dumps and logs as ***; who uses it asks for ``get_secret_value()``.

A secret need not stand in the file: ``${NAME}`` is a variable of the environment, ``${file:/run/secrets/x}``, which
YAML writes as ``!file /run/secrets/x``, what a file holds. ``$${`` is a plain ``${``.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, JsonValue, PlainSerializer, SecretStr
from pydantic import Secret as SecretValue

from checks.model import Text as Words
from monitor.masking import MASK, masked
from monitor.os_errors import os_reason
from monitor.settings.complaints import SettingError

REFERENCE = re.compile(r"\$(\$\{)|\$\{(?:file:(?P<file>[^}]+)|(?P<variable>[A-Za-z_]\w*))\}")
"""A place where something else is put in; ``$${`` is none."""

LONGEST = 64 * 1024
"""Bytes of a file that holds a secret; more is a mistake."""


class UnresolvedSecretError(SettingError):
    """What a secret refers to is not there; the reason names it, and quotes nothing."""


def file_reference(path: str) -> str:
    """Return the text that stands for the content of a file."""
    return f"${{file:{path}}}"


def resolved(text: str) -> str:
    """Return a text with everything put in that it refers to. Raises UnresolvedSecretError."""
    return REFERENCE.sub(_content, text)


def _content(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    if match["file"]:
        return _read(Path(match["file"].strip()))
    name = match["variable"]
    if name not in os.environ:
        raise UnresolvedSecretError(f"环境变量 {name} 没有设置", f"the environment has no variable {name}")
    return os.environ[name]


def _read(path: Path) -> str:
    """Return what a file holds, without the line feeds at its end."""
    try:
        if path.stat().st_size > LONGEST:
            raise UnresolvedSecretError(
                f"{path}：超过 {LONGEST} 字节，不像是密钥", f"{path}: larger than {LONGEST} bytes; this is no secret"
            )
        return path.read_text("utf-8").rstrip("\r\n")
    except OSError as error:
        zh, en = os_reason(error)
        raise UnresolvedSecretError(f"{path}：读不了：{zh}", f"{path}: cannot be read: {en}") from None
    except UnicodeDecodeError:
        raise UnresolvedSecretError(f"{path}：不是 UTF-8", f"{path}: is not UTF-8") from None


def _resolved_everywhere(value: Any) -> Any:  # noqa: ANN401 - as YAML has it
    if isinstance(value, str):
        return resolved(value)
    if isinstance(value, list):
        return [_resolved_everywhere(each) for each in value]
    if isinstance(value, dict):
        return {key: _resolved_everywhere(each) for key, each in value.items()}
    return value


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


class SecretReference(SecretStr):
    """A text that is resolved each time that it is used; where it is a single reference, that is what is shown.

    Every command reads the whole configuration, and most have no use for this secret: where the environment of the
    service is not that of the person at the keyboard, `sitehealth status` works all the same.
    """

    def get_secret_value(self) -> str:
        """Return the secret. Raises UnresolvedSecretError."""
        return resolved(super().get_secret_value())

    def _display(self) -> str:
        text = super().get_secret_value()
        match = REFERENCE.fullmatch(text)
        return text if not text or (match and not match[1]) else MASK


_SHOWN = PlainSerializer(str)
"""However settings are dumped, what is shown of a secret stands there."""

_RESOLVED = BeforeValidator(_resolved_everywhere)

Text = Annotated[SecretText, _RESOLVED, _SHOWN]
Url = Annotated[SecretUrl, _RESOLVED, _SHOWN]
Json = Annotated[SecretJson, _RESOLVED, _SHOWN]
Reference = Annotated[SecretReference, _SHOWN]

SECRET_KEYS = frozenset({"client_secret", "form", "headers", "json"})
"""Settings whose values are secrets, as the file spells them."""

NOTIFY = "notify"
"""The section in which addresses are secrets as a whole: they hold the token that lets anybody write there."""


def shown(value: Any, path: tuple[str | int, ...]) -> Words:  # noqa: ANN401 - as YAML has it
    """Return a refused value of a setting for an error message.

    What holds other settings is not shown, for a secret may be among them.
    """
    if isinstance(value, dict):
        return Words("一组设置", "a mapping")
    if isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        return Words("由设置组成的列表", "a list of mappings or lists")
    is_secret = SECRET_KEYS & set(path) or (path[:1] == (NOTIFY,) and path[-1] in {"url", "secret"})
    text = MASK if is_secret else masked(f"{value!r:.80}")
    return Words(text, text)
