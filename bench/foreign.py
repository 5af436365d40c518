"""Inspect documentation that nobody here wrote, and print every confirmed finding for reading.

    python bench/foreign.py FOLDER... [--pages N] [--quiet-rule broken-link ...]

Each FOLDER is a tree of HTML files with an index, such as the Debian packages gimp-help-zh-cn, sqlite3-doc,
postgresql-doc and debian-reference-zh-cn hold (``apt-get download`` and ``dpkg -x``). It is served on loopback and
inspected with the default checks. Dead local links and places are compared with those that lxml finds in the files,
reached from the index; with ``--pages`` only what is reported can be judged, so recall is not given.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html

POINTERS = {"a": "href", "area": "href", "link": "href", "img": "src", "script": "src", "iframe": "src", "frame": "src"}
INDEXES = ("index.html", "index.htm")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serve files without a word."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the library
        """Log nothing."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--pages", type=int, help="pages of each tree that are read at most")
    parser.add_argument("--quiet-rule", action="append", default=[], help="a rule whose findings are only counted")
    arguments = parser.parse_args()
    for folder in arguments.folders:
        handler = functools.partial(Quiet, directory=str(folder))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            home, index = f"http://127.0.0.1:{server.server_port}/", _index(folder)
            report = inspect(home + ("" if index in INDEXES else index), arguments.pages)
            server.shutdown()
        show(folder, home, report, set(arguments.quiet_rule), whole=not arguments.pages)


def inspect(home: str, pages: int | None) -> dict[str, Any]:
    """Return the report of an inspection with the default checks, in a store of its own."""
    with tempfile.TemporaryDirectory(prefix="sitehealth-bench-") as name:
        out = Path(name) / "report.json"
        command = [sys.executable, "-m", "monitor", "inspect", home, "--scope", "site", "--allow-private"]
        command += ["--format", "json", "--out", str(out), "--set", f"store.url=sqlite:///{name}/store.db"]
        command += ["--set", "crawl.delay=0", "--set", "crawl.second_look=false"]
        command += ["--max-pages", str(pages)] if pages else []
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        if not out.exists():
            sys.exit(f"the inspection of {home} wrote no report: {done.stderr[-2000:]}")
        return json.loads(out.read_text("utf-8"))  # type: ignore[no-any-return]


def show(folder: Path, home: str, report: dict[str, Any], quiet: set[str], *, whole: bool) -> None:
    """Print the confirmed findings, and how the dead local links compare with the files."""
    confirmed = [each for each in report["findings"] if each["confidence"] == "confirmed"]
    suspected = [each for each in report["findings"] if each["confidence"] != "confirmed"]
    print(f"\n== {folder}: {report['run']['pages']} pages, {len(confirmed)} confirmed, {len(suspected)} suspected")
    print("  suspected:", dict(Counter(each["rule"] for each in suspected)))
    reported = {dead for each in confirmed if (dead := _local(each, home))}
    rest = [each for each in confirmed if not _local(each, home)]
    print("  confirmed:", dict(Counter(each["rule"] for each in confirmed)))
    for each in rest:
        if each["rule"] not in quiet:
            print(f"  {each['rule']}\t{each['url'].removeprefix(home)}\t{each['message']}")
    dead = set(_dead(folder))
    false = {each for each in reported if not _is_dead(folder, *each)}
    print(f"  local links and places: {len(reported)} reported dead, {len(false)} falsely {sorted(false)[:20]}")
    if whole:
        missed = dead - reported
        print(f"  {len(dead)} dead in the files, {len(missed)} missed {sorted(missed)[:20]}")


def _local(finding: dict[str, Any], home: str) -> tuple[str, str] | None:
    """Return (path, fragment) of a dead link or place on the site itself, None for any other finding."""
    target = finding.get("target") or {}
    if finding["rule"] not in {"broken-link", "broken-fragment"} or not str(target.get("url", "")).startswith(home):
        return None
    path, _, fragment = target["url"].removeprefix(home).partition("#")
    return unquote(path), unquote(fragment)


def _dead(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (path, fragment) of every dead link and place that the pages reached from the index hold."""
    waiting = [_index(folder)]
    seen = set(waiting)
    while waiting:
        page = waiting.pop()
        for path, fragment in _pointers(folder, page):
            if _is_dead(folder, path, ""):
                yield path, ""  # whatever place is asked for in it
            elif _is_dead(folder, path, fragment):
                yield path, fragment
            elif path.endswith((".html", ".htm", "/")) and path not in seen:
                seen.add(path)
                waiting.append(path)


def _index(folder: Path) -> str:
    names = [name for name in INDEXES if (folder / name).exists()]
    return next(iter([*names, *sorted(each.name for each in folder.glob("index*.html"))]))


def _pointers(folder: Path, page: str) -> Iterator[tuple[str, str]]:
    root = "http://local/"
    for element in _parsed(folder / page).iter(*POINTERS):
        value = (element.get(POINTERS[element.tag]) or "").strip().replace("\\", "/")  # as the URL standard reads it
        parts = urlsplit(urljoin(root + page, value))
        if value and parts.netloc == "local":
            yield unquote(parts.path[1:]), unquote(parts.fragment)


def _is_dead(folder: Path, path: str, fragment: str) -> bool:
    file = folder / path
    file = next((file / name for name in INDEXES if (file / name).exists()), file) if file.is_dir() else file
    if not file.exists():
        return True
    named = file.suffix in {".html", ".htm"} and fragment and fragment.lower() != "top"
    return bool(named) and fragment not in _names(file)


@functools.cache
def _names(file: Path) -> frozenset[str]:
    tree = _parsed(file)
    return frozenset((*tree.xpath("//@id"), *tree.xpath("//a/@name")))


@functools.lru_cache(maxsize=8)
def _parsed(file: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(file.read_bytes() or b"<html></html>")


if __name__ == "__main__":
    main()
