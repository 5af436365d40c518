"""Show help in the language of the reader: click lays it out, and its paragraphs are looked up in ``help_words``.

The table is imported where somebody who reads Chinese asks for help, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from monitor.commands.common import reader_language
from monitor.commands.work.text_table import width

PIECE = r"\s+|（*(?:[^\s\u2e80-\uffef]+|[\u2e80-\uffef])[，。；：、）！？]*"
"""What a line may break after: white space, a word of other letters, a Chinese character, each with the marks at it.

Compiled when help is shown: 4 ms of each start otherwise."""


class ReaderHelp(click.HelpFormatter):
    """Help as click lays it out; for who reads Chinese in Chinese, whose characters are two columns wide."""

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        if _is_english():
            super().write_heading(heading)
        else:
            self.write(f"{'':>{self.current_indent}}{_in_chinese(heading)}：\n")

    def write_text(self, text: str) -> None:
        """Write the paragraphs of a text."""
        super().write_text(_laid_out(text, self.width - self.current_indent))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write names with what they mean: options, commands."""
        known = list(rows)
        names = min(max((len(name) for name, _ in known), default=0), col_max) + col_spacing
        columns = max(self.width - names - 2, 10)  # as click counts them
        super().write_dl([(name, _laid_out(text, columns)) for name, text in known], col_max, col_spacing)


def translate_help() -> None:
    """Have click show help so, from now on."""
    click.Context.formatter_class = ReaderHelp


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a help text, each on one line: as the table has them."""
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


def _is_english() -> bool:
    return reader_language().startswith("en")


def _in_chinese(paragraph: str) -> str:
    """Return a paragraph in Chinese, or as it is where the table lacks it."""
    from monitor.commands.help_words import HELP

    return HELP.get(paragraph, paragraph)


def _laid_out(text: str, columns: int) -> str:
    """Return a help text for the reader; Chinese is broken into lines here, since click breaks between words alone."""
    if not text or _is_english():
        return text
    words, gap, more = text.rpartition("  [") if text.endswith("]") else (text, "", "")  # default, range, required
    chinese = [_in_chinese(each) for each in paragraphs(words)] if words else [""]
    chinese[-1] += gap + more
    return "\n\n".join("\n".join(["\b", *_lines(each, columns)]) for each in chinese)


def _lines(text: str, columns: int) -> list[str]:
    lines = [""]
    for piece in re.findall(PIECE, text):
        if not lines[-1] or width(lines[-1]) + width(piece) <= columns:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip())
    return [line.rstrip() for line in lines]
