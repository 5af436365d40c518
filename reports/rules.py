"""Write docs/rules.md: what every rule looks for, why, on whose word, what to do, and how to silence it.

``python -m reports.rules`` prints it, the same bytes every time; a test keeps the file current. Everything comes from
the checks themselves: the rules' own texts, the docstring of the check's module (how it judges) and its settings.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from msgspec import NODEFAULT
from msgspec.structs import FieldInfo, fields

from checks import CHECKS
from reports.wording import words

if TYPE_CHECKING:
    from checks.model import Check, Rule, Text

HEAD = """\
# Rules

Every rule there is, by the check that judges it. This page is made from the rules themselves: `make rules`.

A check is switched off with `checks.<check>.run: false` in `config.yaml` and tuned with the settings listed under it.
Addresses that should be left alone altogether go under `sites[].exclude`. A finding that is wrong should be reported:
a false alarm is a fault of the rule."""


def page(checks: Iterable[type[Check[Any]]]) -> str:
    """Return the whole page as Markdown."""
    listed = tuple(checks)
    return "\n".join([HEAD, "", *_contents(listed), *(line for check in listed for line in _check(check))])


def _contents(checks: Iterable[type[Check[Any]]]) -> Iterator[str]:
    yield "| Rule | 规则 | Severity | Check |"
    yield "| --- | --- | --- | --- |"
    for check in checks:
        for rule in check.rules:
            severity = words("en").label("severity", rule.severity)
            yield f"| [`{rule.id}`](#{rule.id}) | {rule.title.zh} | {severity} | [{check.id}](#check-{check.id}) |"
    yield ""


def _check(check: type[Check[Any]]) -> Iterator[str]:
    yield f"## Check: {check.id}"
    yield ""
    yield from (how_judged(check), "")
    if not check.default:
        yield from (f"Runs only where it is asked for: `checks.{check.id}.run: true`.", "")
    yield from _settings(check)
    for rule in check.rules:
        yield from _rule(rule, check)


def how_judged(check: type[Check[Any]]) -> str:
    """Return how a check judges: the docstrings of its module and of its class."""
    module = inspect.getdoc(sys.modules[check.__module__]) or ""
    own = inspect.cleandoc(check.__doc__ or "")
    return "\n\n".join(filter(None, (module, own))).replace("``", "`")


def _settings(check: type[Check[Any]]) -> Iterator[str]:
    own = [field for field in fields(check) if field.name in check.settings()]
    if not own:
        return
    explained = field_docstrings(check)
    yield "| Setting | Default | Meaning |"
    yield "| --- | --- | --- |"
    for field in own:
        meaning = " ".join(explained.get(field.name, "see above").split()).replace("``", "`")
        yield f"| `checks.{check.id}.{field.name}` | {_default(field)} | {_cell(meaning)} |"
    yield ""


LONGEST_DEFAULT = 60


def _default(field: FieldInfo) -> str:
    value = field.default if field.default_factory is NODEFAULT else field.default_factory()
    if isinstance(value, Mapping | tuple | frozenset) and len(repr(value)) > LONGEST_DEFAULT:
        return f"{len(value)} entries, see the source"
    shown = sorted(value) if isinstance(value, frozenset) else value
    return f"`{_cell(repr(shown))}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def field_docstrings(check: type[Check[Any]]) -> dict[str, str]:
    """Return the string literal under each field of a check's class, by the field's name."""
    body = ast.parse(dedent(inspect.getsource(check))).body[0].body  # type: ignore[attr-defined] # a class has a body
    found = {}
    for field, below in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            found[field.target.id] = ast.literal_eval(below.value)
    return found


def _rule(rule: Rule, check: type[Check[Any]]) -> Iterator[str]:
    say = words("en")
    severity = f"{say.label('severity', rule.severity)} ({words('zh-CN').label('severity', rule.severity)})"
    basis = _both(rule.basis) + (f" {say('group.unverified_basis')}" if rule.unverified else "")
    yield f"### {rule.id}"
    yield ""
    yield f"**{rule.title.zh} · {rule.title.en}** · {severity} · {say.label('family', rule.family)}"
    yield ""
    yield from _what(rule)
    yield f"- **Why:** {_both(rule.why)}"
    yield f"- **Basis:** {basis}"
    yield f"- **How it is judged:** see [check {check.id}](#check-{check.id})"
    yield f"- **How to fix:** {_both(rule.remedy)}"
    yield from _server_settings(rule)
    yield f"- **How to silence:** `checks.{check.id}.run: false`, or its settings above"
    yield ""


def _server_settings(rule: Rule) -> Iterator[str]:
    for setting in rule.settings:
        yield f"  - {setting.server.en}: {_both(setting.where)}"
        yield from ("", "    ```text", *(f"    {line}" for line in setting.code.splitlines()), "    ```", "")


def _what(rule: Rule) -> Iterator[str]:
    if not isinstance(rule.message, Mapping):
        yield f"- **What:** {_both(rule.message)}"
        return
    yield "- **What:**"
    for variant, text in rule.message.items():
        yield f"  - `{variant}`: {_both(text)}"


def _both(text: Text) -> str:
    """Return both languages as Markdown that shows the elements they name."""
    return f"{text.zh} / {text.en}".replace("<", r"\<")


def main() -> None:
    """Print the page for every registered check."""
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr] # a text stream
    sys.stdout.write(page(CHECKS))


if __name__ == "__main__":
    main()
