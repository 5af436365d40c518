"""Proofread a document and print what is wrong with it, as text or as lines of JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from checks.model import Excerpt, Finding
from checks.typos import Typos
from monitor.commands.common import UNINSPECTED, Fault
from monitor.commands.work.proofread_pool import Proof, proofs
from monitor.models import missing
from monitor.pages.documents import Passage, UnreadableError, passages
from monitor.settings.checks import build_one

AROUND = 18
"""Characters shown on either side of a wording."""


def proofread_file(file: Path, form: str, language: str, jobs: int, sections: Mapping[str, Any]) -> Counter[str]:
    """Proofread and print; return how many findings of each confidence there were. Raises Fault."""
    try:
        typos = sections.get(Typos.id, {}) | {"template_code": True}
        check = build_one(Typos, typos)
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
    if missing(models):
        click.echo(_words(language)["bare"], err=True)
