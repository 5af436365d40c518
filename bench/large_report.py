"""Measure the reports of a run with 50,000 findings: each format that lists all of them, in a process of its own.

    python bench/large_report.py [--findings 50000] [--formats xlsx,html]

Half of the findings are broken links with three pages that refer to them, half are typos. Printed are the CPU seconds
of writing, the size, and how much memory writing took beside the findings themselves.
"""

from __future__ import annotations

import argparse
import io
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from checks import RULES
from checks.model import Excerpt, Finding
from reports import FORMATS
from reports.model import Baseline, Entry
from tests.factories import at, entry, link, report


class Counted(io.RawIOBase):
    """A file that forgets what is written to it and counts the bytes."""

    size = 0

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, data: object) -> int:
        """Count."""
        length = len(memoryview(data))  # type: ignore[arg-type]
        self.size += length
        return length


def entries(count: int) -> Iterator[Entry]:
    """Yield findings as sites have them."""
    for number in range(count):
        page = at(f"/art/2026/{number % 5_000}.html")
        if number % 2:
            wrong = Excerpt("各单位要严格管理办公系统", "帐号", f"，定期更换密码，不得外借第{number}人使用。", 24)
            found = Finding(RULES["typo"], page, f"{number}", {"wrong": "帐号", "right": "账号"}, text=wrong)
        else:
            referrers = tuple((at(f"/list/{number + each}.html"), "关于印发实施方案的通知") for each in range(3))
            target = link(at(f"/upload/t20241030_{number}.pdf"), referrers=referrers)
            found = Finding(RULES["broken-link"], page, target.url, {"status": 404}, variant="http-4xx", target=target)
        yield entry(
            found, Baseline.NEW if number % 10 == 0 else Baseline.UNCHANGED, page_title=f"第{number % 500}期公告"
        )


def measure(name: str, count: int) -> None:
    """Write one format and print what it took."""
    FORMATS[name].write(report(), "zh-CN", Counted())  # imports what the format needs
    made, out = report(*entries(count)), Counted()
    before, held = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    FORMATS[name].write(made, "zh-CN", out)
    taken = time.process_time() - before
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held
    print(f"{name}: {taken:.1f} CPU s, {out.size / 1e6:.1f} MB, {more / 1024:.0f} MiB more memory", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--findings", type=int, default=50_000)
    parser.add_argument("--formats", default="xlsx,html")
    chosen = parser.parse_args()
    names = chosen.formats.split(",")
    if len(names) == 1:
        measure(names[0], chosen.findings)
        return
    for name in names:  # a process each: the most memory that one held would stand for the next
        command = [sys.executable, __file__, "--formats", name, "--findings", str(chosen.findings)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
