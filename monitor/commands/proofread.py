"""Proofread a document before it is published."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.commands.common import INTERRUPTED, UNINSPECTED, Fault, config_options, language_of, settings_from

if TYPE_CHECKING:
    from checks.model import Excerpt, Finding
    from monitor.commands.proofread_pool import Proof
    from monitor.pages.documents import Passage

AROUND = 18
"""Characters shown on either side of a wording."""


@click.command(short_help="Proofread a text, .docx, .html or .md before it is published.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--language", type=click.Choice(["zh-CN", "en"]), help="Default: the configured one.")
@click.option(
    "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes that read at the same time."
)
@config_options
def proofread(
    file: Path,
    form: str,
    language: str | None,
    jobs: int,
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Look for typos and slips of form in FILE, or in the standard input for ``-``.

    Results come while the file is read. With --format json every line is an object: source, start, end (offsets in
    characters of the plain text), wrong, right, rule, confidence, layer, before, after.

    Exit codes: 0 nothing confirmed, 1 something is, 2 usage or configuration, 3 the file cannot be read,
    130 interrupted.
    """
    settings = settings_from(config, overrides)
    try:
        printed = _run(file, form, language or language_of(settings), jobs, settings.checks)
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    raise SystemExit(1 if printed["confirmed"] else 0)


def _run(file: Path, form: str, language: str, jobs: int, sections: dict[str, Any]) -> Counter[str]:
    """Proofread and print; return how many findings of each confidence there were."""
    from checks.typos import Typos
    from monitor.commands.proofread_pool import proofs
    from monitor.pages.documents import UnreadableError, passages
    from monitor.settings.checks import build

    try:
        typos = sections.get(Typos.id, {}) | {"template_code": True}
        (check,) = (each for each in build({Typos.id: typos}, [Typos.id]) if isinstance(each, Typos))
    except (ValueError, OSError) as error:
        raise Fault(f"checks.typos: {error}") from None
    _announce(check.models, language)
    name = "-" if str(file) == "-" else file.name
    try:
        with click.open_file(str(file), "rb") as stream:
            read = passages(stream, name)
            return _print(proofs(check, read, jobs, eager=name == "-"), name, form, language)
    except (UnreadableError, OSError) as error:
        raise Fault(f"{name}: {error}", UNINSPECTED) from None


def _print(found: Iterable[Proof], name: str, form: str, language: str) -> Counter[str]:
    seen: Counter[str] = Counter()
    for passage, findings in found:
        seen["characters"] += len(passage.text)
        for finding in findings:
            seen[finding.confidence.value] += 1
            if finding.text is not None:
                place = (name, passage, finding, finding.text)
                click.echo(_json(*place) if form == "json" else _text(*place, language))
    if form == "text":
        click.echo(_summary(seen, language), err=True)
    return seen


def _json(name: str, passage: Passage, finding: Finding, excerpt: Excerpt) -> str:
    start = passage.start + excerpt.start
    row = {
        "source": name,
        "start": start,
        "end": start + len(excerpt.wrong),
        "wrong": excerpt.wrong,
        "right": finding.suggestion,
        "rule": finding.rule.id,
        "confidence": finding.confidence.value,
        "layer": finding.params["layer"],
        "before": excerpt.before,
        "after": excerpt.after,
    }
    return json.dumps(row, ensure_ascii=False)


ENGLISH = {
    "place": "{name}: line {line}, character {character}  [{sure}] {title}",
    "confirmed": "confirmed",
    "suspected": "suspected",
    "summary": "{characters:,} characters: {confirmed} confirmed, {suspected} suspected",
    "clean": "{characters:,} characters, nothing found",
    "bare": "language models not installed: dictionary and form only (sitehealth models install)",
}
CHINESE = {
    "place": "{name} 第 {line} 行（段）第 {character} 字  〔{sure}〕{title}",
    "confirmed": "确认",
    "suspected": "疑似",
    "summary": "共 {characters:,} 字：确认 {confirmed} 处，疑似 {suspected} 处。",
    "clean": "共 {characters:,} 字，未发现问题。",
    "bare": "未安装语言模型，本次只按词表和格式规则检查（安装命令：sitehealth models install）。",
}


def _words(language: str) -> dict[str, str]:
    return ENGLISH if language.startswith("en") else CHINESE


def _text(name: str, passage: Passage, finding: Finding, excerpt: Excerpt, language: str) -> str:
    """Return three lines: where, the wording in its sentence, and what is wrong with it."""
    words, sure = _words(language), finding.confidence.value
    head = words["place"].format(
        name=name,
        line=passage.number,
        character=excerpt.start + 1,
        sure=words[sure],
        title=finding.rule.title(language),
    )
    marked = click.style(f"【{excerpt.wrong}】", fg="red" if sure == "confirmed" else "yellow", bold=True)
    sentence = f"{excerpt.before[-AROUND:]}{marked}{excerpt.after[:AROUND]}"
    return f"{head}\n    {sentence}\n    → {finding.rule.say(finding, language)}\n"


def _summary(seen: Counter[str], language: str) -> str:
    counts = {name: seen[name] for name in ("characters", "confirmed", "suspected")}
    found = counts["confirmed"] or counts["suspected"]
    return _words(language)["summary" if found else "clean"].format(**counts)


def _announce(models: str, language: str) -> None:
    """Say on the standard error what is not looked for because the models are not installed."""
    from monitor.models import missing

    if missing(models):
        click.echo(_words(language)["bare"], err=True)
