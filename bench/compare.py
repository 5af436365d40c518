"""Compare this checkout with another one: whether both find the same, and at what cost.

    git worktree add /tmp/before REVISION
    python bench/compare.py /tmp/before [--site FOLDER] [--pages FOLDER] [--rounds 3] [--checks links]

Before and after a change that must change nothing but the time it takes. ``--pages`` folders have HTML files, below
them too: each is parsed by both, and everything that was read of it (text, references and where they stand, anchors,
metas) and all that the checks of pages say must be the same. ``--site`` folders were written by ``sitegen.py`` of
``--bench``: both inspect the site, in turns, and the reports must be the same but for times; what is printed are the
medians of the CPU seconds. Both may be given several times. Exits with 1 where anything differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from measuring import ROOT, cost_of, environment, inspecting, serving

ENDINGS = {".html", ".htm", ".shtml"}
READ_ON = datetime(2026, 1, 1, tzinfo=UTC)
PARTS = ("findings", "fixed", "wordings", "unverified", "checks", "columns", "notices")
"""What of a report must be the same; the rest has the times of the run."""


def main() -> None:
    options = arguments()
    if options.read:
        json.dump(digests(options.read), sys.stdout)
        return
    same = [same_pages(options.other, folder) for folder in options.pages]
    same += [same_site(site, options) for site in options.site]
    sys.exit(0 if all(same) else 1)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("other", type=Path, help="the other checkout")
    parser.add_argument("--pages", type=Path, action="append", default=[], help="folder of HTML files")
    parser.add_argument("--site", type=Path, action="append", default=[], help="site made by sitegen.py")
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"), help="folder of siteserve.py")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--checks", default="links")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)  # what the processes are asked that read pages
    return parser.parse_args()


# ---- pages ---------------------------------------------------------------------------------------


def same_pages(other: Path, folder: Path) -> bool:
    """Return whether both read the same in every page of a folder, and say in which they do not."""
    command = [sys.executable, __file__, str(other), "--read", str(folder.absolute())]
    read = [
        json.loads(subprocess.run(command, env=environment(tree), check=True, capture_output=True).stdout)
        for tree in (ROOT, other)
    ]
    ours, theirs = read
    differing = sorted(name for name in ours if ours[name] != theirs.get(name))
    print(f"{folder}: {len(ours):,} pages read, {len(differing)} differ", *differing[:10], sep="\n  ", flush=True)
    return not differing and len(ours) == len(theirs)


def digests(folder: Path) -> dict[str, list[str]]:
    """Return of every page what was read of it and what is wrong with it, as digests, by its name."""
    from checks import CHECKS
    from checks.model import Page, Response
    from monitor.pages.parse import Parser
    from monitor.pages.urls import HrefResolver

    parser = Parser(HrefResolver())
    checks = [check() for check in CHECKS if check.subject is Page]
    found = {}
    for path in sorted(each for each in folder.rglob("*") if each.suffix in ENDINGS and each.is_file()):
        name = path.relative_to(folder).as_posix()
        url = f"http://www.example.gov.cn/{name}"
        page = parser.parse(url, Response(url, 200), path.read_bytes(), READ_ON)
        read = (page.title, page.lang, page.charset, page.meta, page.text, page.references, sorted(page.anchors))
        said = [repr(finding) for check in checks for finding in check.inspect(page)]
        found[name] = [digest(read), digest(said)]
    return found


def digest(value: object) -> str:
    return hashlib.blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# ---- sites ---------------------------------------------------------------------------------------


def same_site(site: Path, options: argparse.Namespace) -> bool:
    """Return whether both say the same of a site, and print what it cost them."""
    origin = json.loads((site / "manifest.json").read_text("utf-8"))["meta"]["origin"]
    trees = {"this": ROOT, "other": options.other}
    seconds: dict[str, list[float]] = {name: [] for name in trees}
    reports: dict[str, Any] = {}
    with serving(options.bench, site), tempfile.TemporaryDirectory() as name:
        for number in range(options.rounds):
            for tree, checkout in trees.items():
                folder = Path(name) / f"{tree}-{number}"
                folder.mkdir()
                command = inspecting(f"{origin}/", folder, "--checks", options.checks)
                seconds[tree].append(cost_of(command, checkout).cpu)
                reports[tree] = judged(json.loads((folder / "report.json").read_text("utf-8")))
    differing = [part for part in PARTS if reports["this"][part] != reports["other"][part]]
    ours, theirs = (statistics.median(seconds[tree]) for tree in trees)
    ratio = statistics.median(one / other for one, other in zip(*seconds.values(), strict=True))
    print(f"{site}: {len(reports['this']['findings'])} findings; the same but for: {differing or 'nothing'}")
    print(f"  {ours:.2f} CPU s, the other {theirs:.2f}, ratio {ratio:.2f}", flush=True)
    return not differing


def judged(report: dict[str, Any]) -> dict[str, Any]:
    """Return what a report judges, in an order that does not depend on which page was read first."""
    return {part: ordered(report[part]) for part in PARTS}


def ordered(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {key: ordered(each) for key, each in value.items() if key not in {"first_seen", "last_seen"}}
    if isinstance(value, list):
        return sorted((ordered(each) for each in value), key=repr)
    return value


if __name__ == "__main__":
    main()
