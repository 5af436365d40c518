"""Proofread a document before it is published."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from monitor.commands.common import INTERRUPTED, config_options, language_of, settings_from


@click.command(short_help="Proofread a text, .docx, .html, .md, picture or PDF, or a folder, before it is published.")
@click.argument("file", type=click.Path(exists=True, allow_dash=True, path_type=Path))
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
    """Look for typos and slips of form in FILE, in every document of a folder, or in the standard input for ``-``.

    Of a folder, files that cannot be read (PDF, images, spreadsheets and other binary files) are named and skipped.

    A picture or the pages of a PDF, named by itself, is read as an inspection reads it (extra `ocr`): typos, personal
    data, marks of secrecy and dates, each with its place in pixels, its page and how sure the reading is.

    Results come while the file is read. With --format json every line is an object: source, start, end (offsets in
    characters of the plain text), wrong, right, rule, confidence, layer, before, after; a skipped file is an object
    with source and skipped. Of a picture, `picture` (page, left, top, right, bottom, certainty) stands for start, end
    and layer. Half-width marks by habit are one object for a file, with their count.

    Exit codes: 0 nothing confirmed, 1 something is, 2 usage or configuration, 3 the file cannot be read,
    130 interrupted.
    """
    from monitor.commands.work.proofread import proofread_file

    settings = settings_from(config, overrides)
    try:
        printed = proofread_file(file, form, language or language_of(settings), jobs, settings)
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    raise SystemExit(1 if printed["confirmed"] else 0)
