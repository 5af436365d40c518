"""Find brackets and quotation marks without a counterpart, turned round or of mixed width (GB/T 15834).

What is missing is suggested where it most likely belongs: the end of a title, the end of a clause.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from checks.late_pattern import late
from checks.typos.candidate import Suspect
from checks.typos.form.rule import DOUBTFUL, HAN, LAYER, LIKELY

PAIRS = {"《": "》", "“": "”", "（": "）", "(": ")", "【": "】", "〔": "〕", "〈": "〉"}
CLOSERS = {closer: opener for opener, closer in PAIRS.items()}
QUOTES = "“”‘’"
ENDS = "。！？；"
TWINS = {"(": "（", ")": "）"}
"""Half-width parentheses pair with full-width ones: mixing them is untidy, not unpaired."""

WIDTHS = {"(": "（", ")": "）"}

LOOKALIKES = {"》": "<＜", "《": ">＞", "”": '"', "“": '"'}
"""What is typed for the other half of a pair."""

ENUMERATION = late(r"(?:^|[\s。；;：:，,、（(“])[\w一二三四五六七八九十]{1,3}$")
"""What stands before the parenthesis of 1） and a)."""

NUMBERED_ITEM = late(r"\d[）)]")

MIXED = late(r"（([^（）()]*)\)|\(([^（）()]*)）")
"""A pair of parentheses of which one is half-width. That there is Chinese between them is asked afterwards: to ask it
here takes a look at every two places after a parenthesis that nothing closes."""

CHINESE = late(f"[{HAN}]")

NUMBERED = late(r"[一二三四五六七八九十百\d]+")

COMPLETE = late(r"(?:[。！？；]|的(?:通知|公告|通告|公示|批复|决定|意见|函|报告|说明))[”’》）)】 ]*$")
"""How a sentence or the title of a document ends; what ends otherwise may have been cut short."""

REOPENED = late(
    "“[^“”\n]{1,40}(“)(?=[^“”\n]*(?:$|“))|^[^“”]*(?<=[^“”，。：；、！？])(”)[^“”，。：；、！？]{1,12}“(?![^“”]*”)"
    f"|(?:^|“[^“”\n]*”)[^“”\n]*(?<=[{HAN}])(”)(?=[^“”\n]{{2,60}}”)"
)
"""The second of two opening marks with none between, the first of a pair that is turned round, the first of two closing
marks with none between."""

TITLE_END = late(
    "(?:办法|条例|规定|意见|通知|方案|规划|细则|纲要|决定|公告|通告|法|报告|标准|规范|目录|指南|指引|计划|要点|制度|章程|准则"
    "|规程|公约|条约|协定|宣言|清单)(?=[的和，。；、及等与第（”]|规定|要求|精神|有关|$)"
)
"""What the title of a document ends with, and what goes on after it."""

TERM_END = late("[的等是为，。；：！？、）》\n]|$")
"""What goes on after a term in quotation marks."""

SAID = late(
    "(?:[^\u4e00-\u9fff]|[说道称问叫喊曰答]|指出|强调|表示|认为|提出|要求|明确|规定|回答|写着?|宣布|主张|认可其?)$"
)
"""What stands before words that are quoted, which may run on into the next paragraph; anything else quotes a term."""

DIVISIONS = late("[市县区旗州](?:、[市县区旗州])+")
"""What stands in parentheses behind a division whose name differs from place to place: 各县（市、区）."""

CLAUSE_END = late("[，。；：！？、\n]|$")

CLAUSE_BEGIN = late("[，。；：！？、“”（）》\\s]")

GAP = late('[“”"‘’]\\s*[“”"‘’（(]?\\s+[“”"‘’]|[“（(]\\s|\\s[”）)]')
"""A gap where a sample of code or an icon was left out: what stands around is no pair of marks any more."""

CITING = late("印发|根据|按照|依据|依照|修改|制定|贯彻落实|贯彻|执行|发布|出台|违反|适用|符合|参照|签署|按|依")
"""What the title of a document follows."""

NAMING = late("关于|对|修改|修订|废止|转发|印发|贯彻|落实|实施|执行")
"""What the title of a document begins with that names another."""

NAMED = late("《[^《》]*》的[^《》，。；：！？\\n]*")
"""The title that is named, and what the outer one goes on with up to its closing mark."""

LONGEST_SHOWN = 30
"""Characters of a bracketed wording that are shown whole with its other half; of a longer one, ``SHOWN`` beside it."""

SHOWN = 6


def suspects(text: str) -> Iterator[Suspect]:
    """Yield what is wrong with the brackets and quotation marks of a text; a turned mark explains unpaired ones."""
    around = list(turned(text))
    unpaired_marks = [one for one in unpaired(text) if not (around and _is_quoted(one))]
    found = [*around, *mixed_widths(text), *unpaired_marks]
    # Few texts have anything to find: to look for a gap in those alone saves a twentieth of the time of all rules.
    if found and not GAP.search(text):
        yield from found


def _is_quoted(suspect: Suspect) -> bool:
    return bool(QUOTE.search(suspect.wrong + suspect.right))


def unpaired(text: str) -> Iterator[Suspect]:
    """Yield brackets and quotation marks without a counterpart.

    Only text that ends like a sentence or a title is judged, and nothing that was cut short with dots. A quotation may
    run on into the next paragraph, which opens it again, so an open “ after what somebody says is no fault, nor is a ”
    that ends the paragraph, and another closing one is only suspected. A mark that begins a text closes what stands in
    another.
    """
    if not _BRACKET.search(text) or "..." in text or "…" in text or not COMPLETE.search(text):
        return
    open_: list[tuple[str, int]] = []
    for match in _BRACKET.finditer(text):
        mark = TWINS.get(match[0], match[0])
        if mark in PAIRS:
            open_.append((mark, match.start()))
        else:
            yield from _close(text, match.start(), mark, open_)
    yield from (_opened(text, at) for opener, at in open_ if not (opener in QUOTES and _runs_on(text, at)))


_BRACKET = late("[" + re.escape("".join({*PAIRS, *CLOSERS, *TWINS})) + "]")


def _close(text: str, at: int, mark: str, open_: list[tuple[str, int]]) -> Iterator[Suspect]:
    """Pair a closing mark with what is open; yield what it leaves unpaired."""
    if CLOSERS[mark] not in (opener for opener, _ in open_):
        if not _closes_nothing(text, at, mark):
            yield _closed(text, at)
        return
    while (top := open_.pop())[0] != CLOSERS[mark]:
        yield _opened(text, top[1])


def _closes_nothing(text: str, at: int, mark: str) -> bool:
    """Return whether a closing mark needs no opening one: the end of a long quotation, the parenthesis of 1）."""
    if not at:
        return True
    if mark != "）":
        return mark == "”" and text[at - 1] in ENDS and at + 1 == len(text)
    listed = text[at - 1 : at].isdigit() and len(NUMBERED_ITEM.findall(text)) > 1
    return listed or bool(ENUMERATION.search(text[max(0, at - 4) : at]))


def _runs_on(text: str, at: int) -> bool:
    """Return whether the quotation that a “ opens may go on in the next paragraph."""
    return bool(SAID.search(text[max(0, at - 4) : at])) or not at


def _opened(text: str, at: int) -> Suspect:
    """Return the opening mark at a place with its missing half where the title or the clause ends."""
    mark = text[at]
    if mark in LOOKALIKES:
        stray = _first_of(LOOKALIKES[mark], text, at + 1, PAIRS[mark])
        if stray is not None:
            return Suspect(stray, text[stray], PAIRS[mark], LAYER, "half-width", DOUBTFUL)
    next_ = _BRACKET.search(text, at + 1)
    if mark == "《" and next_ and next_[0] == "《" and CITING.fullmatch(text, at + 1, next_.start()):
        wrong = text[at : next_.start()]  # 《根据《办法》: it was opened too early
        return Suspect(at, wrong, wrong[1:], LAYER, "unpaired", LIKELY)
    end = _end_of_outer(text, at, next_.start()) if mark == "《" and next_ and next_[0] == "《" else None
    end = end or _end_of(mark, text, at + 1, next_.start() if next_ else len(text))
    begin = at if end - at <= LONGEST_SHOWN else end - SHOWN
    wrong = text[begin:end]
    right = wrong + PAIRS[mark] if end > at + 1 else ""  # nothing to enclose: it was typed twice, as in ((七）
    chance = DOUBTFUL if right and _is_at_edge(text, at, end) else LIKELY
    return Suspect(begin, wrong, right, LAYER, "unpaired", chance)


def _is_at_edge(text: str, begin: int, end: int) -> bool:
    """Return whether brackets around a part of a text would stand at its edge, where the other half may be elsewhere.

    What encloses several paragraphs opens one and closes another (（注1：…, 注2：…）), and what cut a text out of its
    page may have left a mark behind.
    """
    return begin == 0 or end == len(text)


def _end_of_outer(text: str, at: int, inner: int) -> int | None:
    """Return where a title ends that another is named in: 《关于印发《办法》的通知; None where none is named in it.

    ``at`` is where its mark stands, ``inner`` that of the other.
    """
    closed = text.find("》", inner)
    if closed < 0 or not NAMING.match(text, at + 1, inner) or text[closed + 1 : closed + 2] != "的":
        return None
    clause = CLAUSE_END.search(text, closed + 1)
    title = TITLE_END.search(text, closed + 1, clause.start() if clause else len(text))
    return title.end() if title else None


def _end_of(mark: str, text: str, start: int, stop: int) -> int:
    """Return where what a mark opens most likely ends, between two places."""
    title = TITLE_END.search(text, start, stop) if mark == "《" else None
    if title:
        return title.end()
    divisions = DIVISIONS.match(text, start, stop) if mark == "（" else None
    if divisions:
        return divisions.end()
    end = (TERM_END if mark in QUOTES else CLAUSE_END).search(text, start, stop)
    return end.start() if end else stop


def _closed(text: str, at: int) -> Suspect:
    """Return the closing mark at a place with its missing half where the clause or the title begins."""
    mark = text[at]
    outer = _begin_of_outer(text, at) if mark == "》" else None
    if outer is not None:
        chance = DOUBTFUL if _is_at_edge(text, outer, at + 1) else LIKELY
        return Suspect(outer, text[outer : at + 1], f"《{text[outer : at + 1]}", LAYER, "unpaired", chance)
    begin = _begin_of_clause(text, at)
    if begin == at or (mark == "》" and text[begin - 1 : begin] == mark):  # it was closed before: 《条例》（2017）》
        kind = "unpaired" if mark == "》" else "alone"  # where a sentence ended before, the other half may be anywhere
        return Suspect(at, mark, "", LAYER, kind, _chance(text, mark, at, at + 1))
    if mark in LOOKALIKES:
        stray = _first_of(LOOKALIKES[mark], text, begin, mark)
        if stray is not None:
            return Suspect(stray, text[stray], CLOSERS[mark], LAYER, "half-width", DOUBTFUL)
        cited = CITING.search(text, begin, at)
        begin = cited.end() if cited and cited.end() < at else begin
    end = at + 1 if at - begin <= LONGEST_SHOWN else begin + SHOWN
    wrong = text[begin:end]
    return Suspect(begin, wrong, CLOSERS[mark] + wrong, LAYER, "unpaired", _chance(text, mark, begin, at + 1))


def _begin_of_outer(text: str, at: int) -> int | None:
    """Return where a title begins that names another: 关于印发《办法》的通知》; None where it names none."""
    inner = text.rfind("《", 0, at)
    if inner < 0 or not NAMED.fullmatch(text, inner, at):
        return None
    begin = text.rfind("关于", 0, inner)
    return begin if begin >= 0 and not CLAUSE_BEGIN.search(text, begin, inner) else None


def _first_of(marks: str, text: str, start: int, closer: str) -> int | None:
    """Return where the first of some marks stands before the next ``closer``; None: nowhere."""
    first, end = (_next_place(_places(text, wanted), start) for wanted in (marks, closer))
    return first if first is not None and (end is None or first < end) else None


def _next_place(places: Sequence[int], start: int) -> int | None:
    """Return the first of some places in order that is not before ``start``."""
    found = bisect_left(places, start)
    return places[found] if found < len(places) else None


# A text may have a bracket in every second place, and each asks for the marks before or behind it: the places of the
# last texts are kept, for to look for them anew each time takes the square of the text's length.


@lru_cache(maxsize=8)
def _places(text: str, marks: str) -> Sequence[int]:
    """Return where any of some marks stands in a text."""
    return [match.start() for match in re.finditer(f"[{re.escape(marks)}]", text)]


@lru_cache(maxsize=2)
def _clause_begins(text: str) -> Sequence[int]:
    """Return where the clauses of a text begin."""
    return [0, *(match.end() for match in CLAUSE_BEGIN.finditer(text))]


def _begin_of_clause(text: str, at: int) -> int:
    """Return where the clause that ends at a place begins."""
    begins = _clause_begins(text)
    return begins[bisect_right(begins, at) - 1]


def _chance(text: str, mark: str, begin: int, end: int) -> float:
    return DOUBTFUL if mark in QUOTES or _is_at_edge(text, begin, end) else LIKELY


def turned(text: str) -> Iterator[Suspect]:
    """Yield a quotation mark that looks the wrong way: “创新“. It is to be looked at, and no more.

    Most were turned by what converted the text, or by a keyboard that has one key for both: the meaning is safe. Where
    all of several are, one of them is told.
    """
    found = list(REOPENED.finditer(text)) if QUOTE.search(text) else []
    if len(found) > 1 and not PAIRED_QUOTES.search(text):
        found = found[:1]
    for match in found:
        group = match.lastindex or 1
        right = "”" if match[group] == "“" else "“"
        yield Suspect(match.start(group), match[group], right, LAYER, "turned", DOUBTFUL)


QUOTE = late("[“”]")

PAIRED_QUOTES = late("“[^“”]*”")


def mixed_widths(text: str) -> Iterator[Suspect]:
    """Yield the half-width parenthesis of a pair whose other one is full-width; (一） is how lists are numbered."""
    for match in MIXED.finditer(text) if "(" in text or ")" in text else ():
        within = match[1] or match[2] or ""
        if CHINESE.search(within) and not NUMBERED.fullmatch(within):
            at = match.start() if match[2] else match.end() - 1
            yield Suspect(at, text[at], WIDTHS[text[at]], LAYER, "mixed", DOUBTFUL)
