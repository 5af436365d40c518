"""Make passages of the lines that were read from a picture: what a reader of characters gets wrong is put right here.

A line of a notice ends where the paper does, in the middle of a word; half-width and full-width marks look alike; and
the circle that stands for zero (〇) is passed over, which leaves a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median
from unicodedata import normalize

from checks.model.picture_text import Box, PicturePlace, ReadCharacter

FULL_WIDTH = dict(zip(",:;!?()", "，：；！？（）", strict=True))
"""What a half-width mark stands for beside a Chinese character."""

DIGITS = frozenset("一二三四五六七八九〇零")
CIRCLES = frozenset("○O0o〇")

GAP = 1.6
"""Pitches between two characters from which on something stands between them: a space, or a zero."""

ZERO = 2.5
"""Pitches up to which it is one character."""

FILLED_IN = 0.9
"""How sure it is that a zero stands where one was passed over: its place tells, and not its form."""

AROUND = 4
"""Characters on each side of a wording that were read with it."""


@dataclass(frozen=True)
class PicturePassage:
    """A run of text of a picture: a paragraph, a heading, a cell; ``is_column`` where it goes from top to bottom."""

    characters: tuple[ReadCharacter, ...]
    is_column: bool = False

    @cached_property
    def text(self) -> str:
        """Its text, a character for each that was read."""
        return "".join(each.text for each in self.characters)

    def place(self, start: int, end: int) -> PicturePlace:
        """Return where a wording stands that has been found in the text, and how sure its reading is.

        What stands around it counts: a character that was read wrongly makes a typo of the one beside it. Marks do not,
        which are often read as others of their kind.
        """
        wording = self.characters[start:end] or self.characters[-1:]
        box = wording[0].box
        for each in wording[1:]:
            box = box.joined(each.box)
        around = self.characters[max(0, start - AROUND) : end + AROUND]
        certainties = [each.certainty for each in around if each.text.isalnum()]
        return PicturePlace(box, min(certainties, default=0.0))

    def line_of(self, start: int, end: int) -> Box:
        """Return the lines on which a wording stands, in full."""
        place = self.place(start, end).box
        box = place
        for each in self.characters:
            if each.box.page == place.page and each.box.top < place.bottom and each.box.bottom > place.top:
                box = box.joined(each.box)
        return box


def passages_of(lines: Iterable[Sequence[ReadCharacter]]) -> list[PicturePassage]:
    """Return the passages of a picture in the order in which they are read: columns of characters from the right."""
    every = [_Line(tuple(line)) for line in lines if line]
    if sum(line.is_column for line in every) * 2 > len(every):
        every.sort(key=lambda line: (line.first.box.page, -line.first.box.left))
    paragraphs: list[list[_Line]] = []
    for line in every:
        if paragraphs and _goes_on(paragraphs[-1], line):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return [
        PicturePassage(
            tuple(_as_written([each for line in paragraph for each in _with_gaps(line)])), paragraph[0].is_column
        )
        for paragraph in paragraphs
    ]


@dataclass(frozen=True)
class _Line:
    """A line as it stands. Its characters go on from left to right, in a column from top to bottom.

    ``ends`` of a character are where along the line it begins and ends; ``depth`` is how far down the page it stands,
    in a column how far to the left. A line that is turned a little is judged by its first and last characters alone.
    """

    characters: tuple[ReadCharacter, ...]

    @property
    def first(self) -> ReadCharacter:
        return self.characters[0]

    @property
    def last(self) -> ReadCharacter:
        return self.characters[-1]

    @cached_property
    def is_column(self) -> bool:
        across = abs(self.last.box.left - self.first.box.left)
        return abs(self.last.box.top - self.first.box.top) > max(across, self.first.box.height / 2)

    @cached_property
    def size(self) -> float:
        """How large its characters are."""
        return median(each.box.width if self.is_column else each.box.height for each in self.characters)

    def ends(self, character: ReadCharacter) -> tuple[int, int]:
        box = character.box
        return (box.top, box.bottom) if self.is_column else (box.left, box.right)

    def depth(self, character: ReadCharacter) -> int:
        return -character.box.right if self.is_column else character.box.top


def _goes_on(paragraph: Sequence[_Line], line: _Line) -> bool:
    """Return whether a line goes on with a paragraph: as large as the one above, right below it, which was full.

    Of a paragraph of one line nobody knows how long its lines are: the next one must not be longer.
    """
    before, size = paragraph[-1], paragraph[-1].size
    if before.first.box.page != line.first.box.page or before.is_column is not line.is_column:
        return False
    is_alike = 0.75 < line.size / size < 1.33
    is_below = 0.7 * size < line.depth(line.first) - before.depth(before.first) < 2.6 * size
    # A first line is indented by two characters, the others are not.
    is_aligned = -3.2 * size < line.ends(line.first)[0] - before.ends(before.first)[0] < 1.2 * size
    if not (is_alike and is_below and is_aligned) or before.last.text in "。！？；!?;":
        return False
    begins, ends = before.ends(before.first)[0], before.ends(before.last)[1]
    longest = max(each.ends(each.last)[1] for each in (*paragraph, line))
    return ends > longest - 1.5 * size and ends - begins > 8 * size


def _with_gaps(line: _Line) -> Iterator[ReadCharacter]:
    """Yield the characters of a line, and what was passed over between two of them."""
    centres = [sum(line.ends(each)) / 2 for each in line.characters]
    pairs = list(pairwise(line.characters))
    steps = [after - before for before, after in pairwise(centres)]
    usual = [step for step, pair in zip(steps, pairs, strict=True) if all(_is_han(each.text) for each in pair)]
    pitch = median(usual) if len(usual) > 2 else 0.0
    yield line.first
    for step, (before, after) in zip(steps, pairs, strict=True):
        if pitch and step > GAP * pitch and _is_han(before.text) and _is_han(after.text):
            is_zero = step < ZERO * pitch and before.text in DIGITS and after.text in DIGITS
            between = before.box.joined(after.box)
            yield ReadCharacter("〇", FILLED_IN, between) if is_zero else ReadCharacter(" ", 0.0, between)
        yield after


def _as_written(characters: Sequence[ReadCharacter]) -> Iterator[ReadCharacter]:
    """Yield characters with the marks that stand beside Chinese ones, with zero and digits as they are written."""
    for number, each in enumerate(characters):
        around = (*characters[max(0, number - 1) : number], *characters[number + 1 :][:1])
        beside = {other.text for other in around}
        if each.text in FULL_WIDTH and any(map(_is_han, beside)):
            yield each._replace(text=FULL_WIDTH[each.text])
        elif each.text in CIRCLES and beside and beside <= DIGITS:
            yield each._replace(text="〇")
        elif "０" <= each.text <= "ｚ" and each.text.isalnum():
            yield each._replace(text=normalize("NFKC", each.text))
        else:
            yield each


def _is_han(text: str) -> bool:
    return "一" <= text <= "鿿" or text == "〇"
