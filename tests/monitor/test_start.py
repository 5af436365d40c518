"""An inspection imports what its checks have use for: of the CPU time of a short one, two thirds are imports."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version

from monitor import __version__
from tests.monitor.web import html, web

FOR_OTHERS = (
    *("checks.columns.lists", "checks.columns.limits", "checks.reading.dates", "checks.reading.published"),
    *("checks.privacy", "checks.read_pictures", "checks.reading.attachments", "checks.freshness", "checks.probes"),
    *("checks.security.observatory", "checks.typos.engine"),
    *("monitor.crawl.list_pages", "monitor.inspection.attachments", "monitor.inspection.picture_texts"),
    *("monitor.inspection.scoring", "monitor.probes.host", "monitor.probes.tls", "monitor.typo_engine.list_cache"),
    *("alembic", "bs4", "ctypes", "email.parser", "h2", "httpcore", "jinja2", "lxml", "multiprocessing", "numpy"),
    *("openpyxl", "rich", "structlog", "xlsxwriter"),
)
"""What checks of other things, other formats, upgrades, further processes, and sites that speak HTTP/2 need."""

PARAGRAPH = "清河县人民政府办公室关于做好二〇二六年度政府信息公开工作年度报告编制发布工作的通知。" * 3


def imported_by(checks, folder):
    """Return the modules that an inspection of two pages without pictures imports."""
    page = html(f"<p>{PARAGRAPH}</p><a href=/other.html>公告</a><script>var page = 1;</script>")
    with web({"/": page, "/other.html": page}).running() as site:
        command = ["inspect", f"{site.url}/", "--checks", checks, "--allow-private"]
        settings = [f"store.url=sqlite:///{folder}/store.db", "crawl.delay=0", "crawl.second_look=false"]
        output = ["--format", "json", "--out", str(folder / "report.json")]
        options = [part for setting in settings for part in ("--set", setting)]
        program = [sys.executable, "-X", "importtime", "-m", "monitor", *command, *options, *output]
        done = subprocess.run(program, check=False, capture_output=True, text=True, cwd=folder)
        pages = len(site.asked("/other.html"))
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line}
    assert done.returncode == 0, done.stderr
    assert pages > 0
    assert "monitor.inspection.finish" in imported
    return imported


def test_an_inspection_of_links_imports_nothing_that_other_checks_need(tmp_path):
    assert imported_by("links", tmp_path).intersection(FOR_OTHERS) == set()


def test_a_site_without_pictures_needs_nothing_that_reads_them(tmp_path):
    assert "monitor.inspection.picture_texts" not in imported_by("links,pictures", tmp_path)


def test_the_lists_of_the_typo_check_are_left_to_the_process_that_reads_texts(tmp_path):
    lists = {"checks.typos.engine", "checks.typos.lexicon.near_misses", "checks.typos.lexicon.pairs"}
    assert imported_by("typos", tmp_path).intersection(lists) == set()


def test_the_version_is_what_is_installed():
    assert version("sitehealth") == __version__


def test_nothing_is_collected_while_a_command_is_imported():
    program = (
        "import gc, sys, monitor.__main__ as command; seen = [];"
        "gc.callbacks.append(lambda phase, _: seen.append(phase)); sys.argv[1:] = ['--help'];"
        "__import__('atexit').register(lambda: print('collections:', len(seen))); command.main()"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert "collections: 0" in done.stdout


def test_numpy_starts_no_threads_in_a_command():
    program = "import monitor.cli, os; monitor.cli.main.callback(); import numpy; print(os.listdir('/proc/self/task'))"
    given = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=given)
    assert len(done.stdout.split()) == 1
