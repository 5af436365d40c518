"""Proofread what stands in a picture or a PDF, and print it with the places where it was read."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click

from checks.model import Finding, Text
from checks.typos import Typos
from monitor.commands.common import UNINSPECTED, Fault
from monitor.loop import run
from monitor.ocr.line_reader import why_not_read
from monitor.proofreading.picture_proofs import ReadFile, judged, read_file
from monitor.settings.ocr import OcrSettings
from reports.safe import one_line

PLACE = Text("左上角 ({left}, {top}) 至 ({right}, {bottom})", "from ({left}, {top}) to ({right}, {bottom})")
ON_PAGE = Text("第 {page} 页，", "page {page}, ")
HEADING = Text(
    "{name} {place}，识别把握 {certainty:.0%}  〔{sure}〕{title}",
    "{name}: {place}, {certainty:.0%} sure of the reading  [{sure}] {title}",
)
SURE = {"confirmed": Text("确认", "confirmed"), "suspected": Text("疑似", "suspected")}
NOTHING_READ = Text("{name}：读不出来（{reason}）", "{name}: cannot be read ({reason})")
PAGE_LEFT = Text("{name} 第 {page} 页没有读完（{reason}）", "{name}: page {page} was not read to its end ({reason})")
PAGES_LEFT = Text(
    "{name} 共 {pages} 页，只读了前 {read} 页（ocr.pages）",
    "{name} has {pages} pages; the first {read} were read (ocr.pages)",
)
TROUBLES = {
    "too-large": Text("过大", "too large"),
    "unreadable": Text("损坏或格式不支持", "damaged, or of another format"),
    "timeout": Text("超过 ocr.picture_seconds", "it took more than ocr.picture_seconds"),
    "died": Text("识别进程中断：超过时间或内存上限", "what reads it ended: too long, or too much memory"),
}
SUMMARY = Text(
    "共识别 {characters} 字：确认 {confirmed} 处，疑似 {suspected} 处。",
    "{characters} characters were read: {confirmed} confirmed, {suspected} suspected",
)


def proofread_picture(file: Path, form: str, language: str, check: Typos, settings: OcrSettings) -> Counter[str]:
    """Read, judge and print; return how many findings of each confidence there were. Raises Fault and OSError."""
    missing = why_not_read()
    if missing is not None:
        raise Fault(f"{file.name}: {missing(language)}", UNINSPECTED)
    read = run(read_file(file.read_bytes(), settings))
    reasons = {page: TROUBLES.get(trouble, Text(trouble, trouble)) for page, trouble in read.troubles.items()}
    if reasons and not read.lines:
        reason = next(iter(reasons.values()))(language)
        raise Fault(NOTHING_READ(language).format(name=file.name, reason=reason), UNINSPECTED)
    seen = Counter(characters=sum(map(len, read.lines)))
    for finding in judged(check, file.name, read, datetime.now(UTC)):
        seen[finding.confidence.value] += 1
        click.echo(_as_json(file.name, finding) if form == "json" else _as_text(file.name, finding, language))
    for page, why in reasons.items():
        click.echo(PAGE_LEFT(language).format(name=file.name, page=page or 1, reason=why(language)), err=True)
    _say_whole(file.name, read, seen, form, language)
    return seen


def _say_whole(name: str, read: ReadFile, seen: Counter[str], form: str, language: str) -> None:
    """Say on the standard error what of the file was not read, and what was found in all."""
    if read.read < read.pages:
        click.echo(PAGES_LEFT(language).format(name=name, pages=read.pages, read=read.read), err=True)
    if form == "text":
        figures = {key: seen[key] for key in ("characters", "confirmed", "suspected")}
        click.echo(SUMMARY(language).format(**figures), err=True)


def _as_json(name: str, finding: Finding) -> str:
    """Return a finding with the fields of one in a text, and in the place of offsets where in the picture it is."""
    place, text = finding.picture, finding.text
    row = {
        "source": name,
        "picture": {**place.box._asdict(), "certainty": place.certainty} if place else None,
        "wrong": text.wrong if text else finding.evidence,
        "right": finding.suggestion,
        "rule": finding.rule.id,
        "confidence": finding.confidence.value,
        "before": text.before if text else "",
        "after": text.after if text else "",
    }
    return json.dumps(row, ensure_ascii=False)


def _as_text(name: str, finding: Finding, language: str) -> str:
    """Return three lines: where, the wording in its sentence, and what is wrong with it."""
    sure, text = finding.confidence.value, finding.text
    head, place = "", ""
    if finding.picture is not None:
        box = finding.picture.box
        place = PLACE(language).format(**box._asdict())
        place = (ON_PAGE(language).format(page=box.page) if box.page else "") + place
        head = HEADING(language).format(
            name=name,
            place=place,
            certainty=finding.picture.certainty,
            sure=SURE[sure](language),
            title=finding.rule.title(language),
        )
    wrong = text.wrong if text else finding.evidence
    marked = click.style(f"【{one_line(wrong)}】", fg="red" if sure == "confirmed" else "yellow", bold=True)
    sentence = f"{one_line(text.before[-18:])}{marked}{one_line(text.after[:18])}" if text else marked
    return f"{head}\n    {sentence}\n    → {finding.rule.say(finding, language)}\n"
