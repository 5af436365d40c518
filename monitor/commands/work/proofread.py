"""Proofread a document and print what is wrong with it, as text or as lines of JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from checks.model import Confidence, Excerpt, Finding
from checks.punctuation_habit import HALF_WIDTH, HalfWidth
from checks.reading.half_width import FULL_WIDTH, habitual
from checks.typos import Typos
from monitor.commands.common import UNINSPECTED, Fault, error_text
from monitor.commands.work.proofread_sources import Skipped, read_document, read_folder, shows_text
from monitor.models import missing
from monitor.pages.documents import Passage, UnreadableError
from monitor.proofreading.proofs import Proof, proofs
from monitor.settings.checks import build_one
from monitor.settings.site import Settings

AROUND = 18
"""Characters shown on either side of a wording."""


def proofread_file(file: Path, form: str, language: str, jobs: int, settings: Settings) -> Counter[str]:
    """Proofread and print; return how many findings of each confidence there were. Raises Fault."""
    try:
        typos = settings.checks.get(Typos.id, {}) | {"template_code": True}
        check = build_one(Typos, typos)
    except (ValueError, OSError) as error:
        raise Fault(f"checks.typos: {error_text(error)}") from None
    _announce(check.models, language)
    try:
        if shows_text(file):
            from monitor.commands.work.proofread_picture import proofread_picture  # documents need no event loop

            return proofread_picture(file, form, language, check, settings.ocr)
    except OSError as error:
        raise Fault(f"{file.name}: {error_text(error, language)}", UNINSPECTED) from None
    skipped: list[Skipped] = []
    read = read_folder(file, skipped, language) if file.is_dir() else read_document(file)
    try:
        seen = _print(proofs(check, read, jobs, eager=str(file) == "-"), form, language)
    except (UnreadableError, OSError) as error:
        raise Fault(f"{file.name}: {error_text(error, language)}", UNINSPECTED) from None
    _name_skipped(skipped, form, language)
    if form == "text":
        click.echo(_summary(seen, language), err=True)
    if skipped and not seen["characters"]:
        raise Fault(_words(language)["nothing"].format(name=file), UNINSPECTED)
    return seen


def _print(found: Iterable[Proof], form: str, language: str) -> Counter[str]:
    seen: Counter[str] = Counter()
    habits: dict[str, Habit] = {}
    for passage, findings in found:
        seen["characters"] += len(passage.text)
        for finding in findings:
            seen[finding.confidence.value] += 1
            if finding.text is not None:
                place = (passage, finding, finding.text)
                click.echo(_json(*place) if form == "json" else _text(*place, language))
        marks = habitual(passage.text)
        if marks:
            habits.setdefault(passage.source, Habit(passage, marks[0])).count += len(marks)
    for habit in habits.values():
        if habit.count >= HalfWidth().least:
            seen["suspected"] += 1
            click.echo(habit.to_json() if form == "json" else habit.to_text(language))
    return seen


@dataclass(slots=True)
class Habit:
    """Half-width marks throughout a document: the first of them and how many there are."""

    passage: Passage
    mark: re.Match[str]
    count: int = 0

    def to_text(self, language: str) -> str:
        """Return where the first is, in its sentence, and what to do about all of them."""
        wrong, text = self.mark[0], self.passage.text
        before, after = text[: self.mark.start()][-AROUND:], text[self.mark.end() :][:AROUND]
        return _words(language)["habit"].format(
            name=self.passage.source,
            line=self.passage.number,
            count=self.count,
            sentence=f"{before}{click.style(f'【{wrong}】', fg='yellow', bold=True)}{after}",
            wrong=wrong,
            right=FULL_WIDTH[wrong],
        )

    def to_json(self) -> str:
        """Return the first with the fields of any other finding, and how many there are."""
        wrong, text = self.mark[0], self.passage.text
        row = {
            "source": self.passage.source,
            "start": self.passage.start + self.mark.start(),
            "end": self.passage.start + self.mark.end(),
            "wrong": wrong,
            "right": FULL_WIDTH[wrong],
            "rule": HALF_WIDTH.id,
            "confidence": Confidence.SUSPECTED.value,
            "layer": "form",
            "before": text[: self.mark.start()][-AROUND:],
            "after": text[self.mark.end() :][:AROUND],
            "count": self.count,
        }
        return json.dumps(row, ensure_ascii=False)


def _name_skipped(skipped: Iterable[Skipped], form: str, language: str) -> None:
    """Say which files of a folder were not read, and why."""
    for one in skipped:
        if form == "json":
            click.echo(json.dumps({"source": one.source, "skipped": one.reason}, ensure_ascii=False))
        else:
            click.echo(_words(language)["skipped"].format(name=one.source, reason=one.reason), err=True)


def _json(passage: Passage, finding: Finding, excerpt: Excerpt) -> str:
    start = passage.start + excerpt.start
    row = {
        "source": passage.source,
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
    "habit": "{name}: line {line}  [suspected] {count} half-width marks\n    {sentence}\n    → write “{right}” for"
    " “{wrong}”, and the others alike; those of figures and English stay\n",
    "skipped": "skipped {name}: {reason}",
    "nothing": "{name}: none of its files can be read",
    "bare": "language models not installed: dictionary and form only (sitehealth models install)",
}
CHINESE = {
    "place": "{name} 第 {line} 行（段）第 {character} 字  〔{sure}〕{title}",
    "confirmed": "确认",
    "suspected": "疑似",
    "summary": "共 {characters:,} 字：确认 {confirmed} 处，疑似 {suspected} 处。",
    "clean": "共 {characters:,} 字，未发现问题。",
    "habit": "{name} 第 {line} 行（段）起  〔疑似〕半角标点共 {count} 处\n    {sentence}\n"
    "    → “{wrong}”应为“{right}”，其余类推；数字和英文中的不改\n",
    "skipped": "未审校 {name}：{reason}",
    "nothing": "{name}：其中没有可以审校的文件",
    "bare": "未安装语言模型，本次只按词表和格式规则检查（安装命令：sitehealth models install）。",
}


def _words(language: str) -> dict[str, str]:
    return ENGLISH if language.startswith("en") else CHINESE


def _text(passage: Passage, finding: Finding, excerpt: Excerpt, language: str) -> str:
    """Return three lines: where, the wording in its sentence, and what is wrong with it."""
    words, sure = _words(language), finding.confidence.value
    head = words["place"].format(
        name=passage.source,
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
