"""Say what is installed, what is missing, and what that costs."""

from __future__ import annotations

import shutil
import ssl
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import click

from monitor.commands.common import Fault, config_options, error_text, opened_to_read, settings_from, worded
from monitor.commands.work.text_table import padded

OK, MISSING, BROKEN = ("正常", "ok"), ("缺少", "missing"), ("故障", "broken")


class Diagnosis(NamedTuple):
    """One line: how a part stands, in both languages, what it is, and what its absence costs."""

    state: tuple[str, str]
    part: str
    detail: str


REQUIRED = (
    "httpx",
    "httpcore",
    "turbohtml",
    "beautifulsoup4",
    "apscheduler",
    "pycorrector",
    "prometheus-client",
    "sqlalchemy",
)
OPTIONAL = {
    "playwright": (
        "只有渲染脚本生成的页面才需要（pip install 'sitehealth[browser]'）",
        "needed only to draw pages whose content a script makes (pip install 'sitehealth[browser]')",
    ),
    "feedparser": (
        "只有读取政务新媒体的 RSS 和 Atom 才需要（pip install 'sitehealth[feeds]'）",
        "needed only for RSS and Atom of accounts on new media (pip install 'sitehealth[feeds]')",
    ),
    "rapidocr": (
        "只有识别图片和扫描件中的文字才需要（pip install 'sitehealth[ocr]'）",
        "needed only to read the text of pictures and scans (pip install 'sitehealth[ocr]')",
    ),
    "psycopg": (
        "只有数据库用 PostgreSQL 才需要（pip install 'sitehealth[postgresql]'）",
        "needed only for a PostgreSQL store (pip install 'sitehealth[postgresql]')",
    ),
    "weasyprint": ("只有 PDF 报告才需要（docs/reports.md）", "needed only for reports as PDF (docs/reports.md)"),
    "llama-cpp-python": (
        "只有用本机语言模型复核错别字才需要（docs/second-opinion.md）",
        "needed only for second opinions of a local language model (docs/second-opinion.md)",
    ),
}

NOT_INSTALLED = ("没有安装；请运行 make run", "not installed; `make run` installs it")

LACKS = {
    "typos": (
        "错别字只按词表和形式检查；请运行 sitehealth models install",
        "only dictionary and form rules look for typos; run `sitehealth models install`",
    ),
    "llm": (
        "只有用本机语言模型复核错别字才需要；请运行 sitehealth models install llm",
        "needed only for second opinions of a local language model; run `sitehealth models install llm`",
    ),
}
"""What the absence of a group of models costs."""


@click.command(short_help="Say what is installed and what is missing.")
@config_options
def doctor(config: Path | None, overrides: tuple[str, ...]) -> None:
    """Check the installation; exit with 2 when something that is needed is broken."""
    findings = [*_packages(), *_system()]
    if not any(finding.state == BROKEN for finding in findings):
        # what follows imports those packages
        findings += [
            *_typo_models(),
            _typos(config, overrides),
            _browser(config, overrides),
            _ocr(),
            _store(config, overrides),
        ]
    for state, part, detail in findings:
        click.echo(f"{padded(worded(*state), 8)} {part:<18} {detail}")
    if any(finding.state == BROKEN for finding in findings):
        raise SystemExit(2)


def _packages() -> Iterator[Diagnosis]:
    yield Diagnosis(OK, "python", sys.version.split()[0])
    for name in REQUIRED:
        found = _version(name)
        yield Diagnosis(OK, name, found) if found else Diagnosis(BROKEN, name, worded(*NOT_INSTALLED))
    for name, cost in OPTIONAL.items():
        found = _version(name)
        yield Diagnosis(OK, name, found) if found else Diagnosis(MISSING, name, worded(*cost))


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _present(name: str, place: object, cost: str) -> Diagnosis:
    """Say where something is, or what it costs that it is nowhere."""
    return Diagnosis(OK, name, str(place)) if place else Diagnosis(MISSING, name, cost)


def _system() -> Iterator[Diagnosis]:
    yield Diagnosis(OK, "openssl", ssl.OPENSSL_VERSION)
    authorities = ssl.get_default_verify_paths()
    found = authorities.cafile or authorities.capath
    cost = worded(
        "系统没有根证书：apt-get install ca-certificates", "no system certificates: apt-get install ca-certificates"
    )
    yield _present("certificates", found, cost)
    free = shutil.disk_usage(Path.cwd()).free // 2**20
    yield Diagnosis(OK if free > 500 else BROKEN, "disk", worded(f"剩余 {free} MiB", f"{free} MiB free"))


def _typo_models() -> Iterator[Diagnosis]:
    from monitor.models import status

    for model in status():
        yield _present(model.name, model.path if model.installed else None, worded(*LACKS[model.group]))


def _typos(config: Path | None, overrides: tuple[str, ...]) -> Diagnosis:
    """Say whether the typo check can work as it is configured, and whether it asks a second opinion."""
    from checks.typos import Typos
    from monitor.settings.checks import build_one
    from monitor.typo_engine.load import weights_of

    try:
        check = build_one(Typos, settings_from(config, overrides).checks.get(Typos.id, {}))
    except Fault as fault:
        return Diagnosis(BROKEN, "typo check", fault.message)
    except (ValueError, OSError) as error:
        return Diagnosis(BROKEN, "typo check", error_text(error))
    weights = weights_of(check)
    return Diagnosis(OK, "typo check", worded(f"复核模型：{weights or '无'}", f"second opinion: {weights or 'none'}"))


def _browser(config: Path | None, overrides: tuple[str, ...]) -> Diagnosis:
    """Say whether pages can be drawn, and whether the browser has a network namespace of its own."""
    from monitor.browser.chromium import executable_of, may_have_namespace, why_it_does_not_start, why_not_drawn

    try:
        settings = settings_from(config, overrides).browser
    except Fault as fault:
        return Diagnosis(BROKEN, "browser", fault.message)
    reason = why_not_drawn(settings) or why_it_does_not_start(settings)
    if reason is not None:
        lack = worded(f"网页按服务器发来的样子检查：{reason.zh}", f"pages are judged as they are sent: {reason.en}")
        return Diagnosis(MISSING, "browser", lack)
    walls = worded("有自己的网络命名空间", "in a network namespace of its own")
    if not may_have_namespace():
        walls = worded("没有自己的网络命名空间", "without a network namespace of its own")
    return Diagnosis(OK, "browser", f"{executable_of(settings)}, {walls}")


def _ocr() -> Diagnosis:
    """Say whether the text of pictures is read."""
    from monitor.ocr.line_reader import why_not_read

    reason = why_not_read()
    if reason is not None:
        lack = worded(
            f"图片和扫描件中的文字不检查：{reason.zh}", f"the text of pictures and scans is not judged: {reason.en}"
        )
        return Diagnosis(MISSING, "pictures", lack)
    how = worded(
        "用已安装的模型识别文字，不联网下载", "their text is read by models that are installed; nothing is downloaded"
    )
    return Diagnosis(OK, "pictures", how)


def _store(config: Path | None, overrides: tuple[str, ...]) -> Diagnosis:
    try:
        settings = settings_from(config, overrides)
        with opened_to_read(settings) as store:
            count, url = len(store.runs.latest(1000)), settings.store.url
            return Diagnosis(OK, "store", worded(f"{url}，{count} 次检查", f"{url}, {count} run(s)"))
    except Fault as fault:
        return Diagnosis(BROKEN, "store", fault.message)
