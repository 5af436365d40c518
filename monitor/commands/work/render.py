"""Draw one page for somebody at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import click

from checks.model import ScriptFault, Text
from checks.probes import SILENT
from monitor.browser.chromium import BrowserMissingError
from monitor.browser.renderer import Drawn, NotDrawnError, Renderer, Wanted
from monitor.commands.common import UNINSPECTED, Fault, language_of, no_url, worded
from monitor.fetch import Fetched
from monitor.fetch.configured import fetcher_for
from monitor.loop import run
from monitor.pages.urls import MalformedError, host_of, normalise
from monitor.settings.site import Settings
from reports.safe import one_line

SETTLED = Text("{seconds:.1f} 秒画完：{title}（{url}）", "drawn in {seconds:.1f} s: {title} ({url})")
UNSETTLED = Text(
    "{seconds:.1f} 秒后仍在变化，取当时的内容：{title}（{url}）",
    "still changing after {seconds:.1f} s, taken as it was then: {title} ({url})",
)
SIZES = Text("源码 {sent} 字符，渲染后 {drawn} 字符", "{sent} characters sent, {drawn} drawn")
SCRIPT_ERROR = Text("脚本出错：{error}", "a script failed: {error}")


def render_page(settings: Settings, url: str, form: str, *, out: Path | None, picture: Path | None) -> None:
    """Draw a page, print what came of it, and write it where that was asked for. Raises Fault."""
    try:
        address = normalise(url)
    except MalformedError as error:
        raise Fault(no_url(error)) from None
    try:
        fetched, drawn = run(_draw(settings, address, picture=picture is not None))
    except BrowserMissingError as error:
        raise Fault(error.reason(language_of(settings))) from None
    except NotDrawnError as error:
        raise Fault(f"{address}: {error.reason(language_of(settings))}", UNINSPECTED) from None
    for path, content in ((out, drawn.html.encode("utf-8", "replace")), (picture, drawn.picture)):
        if path is not None:
            _write(path, content)
    click.echo(_as_json(drawn) if form == "json" else _as_text(fetched, drawn, language_of(settings)))


async def _draw(settings: Settings, url: str, *, picture: bool) -> tuple[Fetched, Drawn]:
    async with fetcher_for(settings.crawl) as fetcher:
        fetched = await fetcher.fetch(url)
        if fetched.response.error is not None:
            reason = SILENT.get(fetched.response.error, Text(fetched.response.detail, fetched.response.detail))
            raise NotDrawnError(reason)
        own = {host_of(url), host_of(fetched.response.url)}
        renderer = Renderer(settings.browser, fetcher.fetch, is_ours=lambda asked: host_of(asked) in own)
        try:
            return fetched, await renderer.draw(fetched, Wanted(window=picture))
        finally:
            await renderer.close()


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Fault(
            worded(f"{path} 写不进去：{error.strerror}", f"{path} cannot be written: {error.strerror}")
        ) from None


def _as_json(drawn: Drawn) -> str:
    body = {
        "url": drawn.url,
        "title": drawn.title,
        "settled": drawn.settled,
        "seconds": round(drawn.seconds, 3),
        "html": drawn.html,
        "requests": [asked._asdict() for asked in drawn.asked],
        "errors": [_error(fault) for fault in drawn.faults],
    }
    return json.dumps(body, ensure_ascii=False)


def _as_text(fetched: Fetched, drawn: Drawn, language: str) -> str:
    head = SETTLED if drawn.settled else UNSETTLED
    lines = [
        head(language).format(seconds=drawn.seconds, title=one_line(drawn.title), url=one_line(drawn.url)),
        SIZES(language).format(sent=len(fetched.body), drawn=len(drawn.html)),
    ]
    lines += [f"{asked.outcome:<20} {asked.method:<5} {asked.kind:<11} {one_line(asked.url)}" for asked in drawn.asked]
    lines += [SCRIPT_ERROR(language).format(error=one_line(_error(fault))) for fault in drawn.faults]
    return "\n".join(lines)


def _error(fault: ScriptFault) -> str:
    return f"{fault.name}: {fault.message}" if fault.name else fault.message
