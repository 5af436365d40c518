"""Tell the parts of a text in which a wording may be meant whatever it looks like: names, quotations, headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from checks.late_pattern import late
from checks.typos import names
from checks.typos.alone import rarity
from checks.typos.around import Around
from checks.typos.form.stutter import SUFFIXES
from checks.typos.lexicon.boundaries import is_han
from checks.typos.lexicon.new_words import is_in_new_word
from checks.typos.names import NameKind, Span
from checks.typos.page_terms import telling
from checks.typos.segmentation import vocabulary
from checks.typos.weighing.rereading import Edit

SHORT_NAMES = frozenset("津冀晋沪浙皖闽赣鲁豫鄂湘粤琼渝蜀黔滇陕陇邕甬瓯穗洮厄墨斐斯缅柬菲埃叙")
"""Characters that name a province, a city, a river or a country wherever they stand oddly: 津融, 引洮, 中斐."""

SHORTEST = 5
"""Characters from which on a text says enough of itself to be judged by."""

HAN = late("[\u4e00-\u9fff]")
QUOTED = late("“[^“”]{1,30}”|‘[^‘’]{1,30}’|《[^《》]{1,9}》|「[^「」]{1,30}」")
"""What is quoted: names of campaigns and works, words on words. A longer title is a document's own."""

VERSE = late(
    "(?:(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{7}，[\u4e00-\u9fff]{7}|(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{5}，[\u4e00-\u9fff]{5})(?=[。！？；])"
)
"""Two lines of a poem, which are of five characters or of seven: 千磨万击还坚劲，任尔东西南北风。"""

SHORTENED = frozenset(
    "美国 英国 法国 德国 韩国 泰国 中国 俄国 日本 朝鲜 越南 缅甸 老挝 印度 伊朗 约旦 埃及 古巴 巴西 智利 秘鲁 瑞士 瑞典"
    " 挪威 芬兰 丹麦 波兰 荷兰 希腊 捷克 希望 迄今".split()
)
"""Words of two characters of which official writing says the first alone: 韩驻华使馆, 希各方遵守."""

LEFT_ALONE = 4.5
"""Nats (``alone.rarity``) from which on a character is a word of its own so seldom that nothing was shortened to it:
公安机, but not 消费税案."""

SHORT_ENDS = frozenset("险游码")
"""Characters that stand for longer words at the end of a noun, beside those that end many nouns: 保险, 旅游, 号码."""

ALIKE_ITEMS = (2, 3)
"""Characters of items in a list that are made alike: 按时、按规, 引侨资、汇侨智."""

SHORT_BODY = late("(?:[省市县区州盟]|国家|中央|全国)[\u4e00-\u9fff]{1,2}[院部局所站办厅委]$")
"""The short name of a body: 省食检院, 团中央青农部."""

SEPARATING = frozenset("好完过个")
"""What stands between the halves of a verb that can be taken apart: 服好务, 请过假, 帮个忙."""


@dataclass(frozen=True)
class Setting:
    """A text, and the parts of it in which a wording may be meant whatever it looks like."""

    text: str

    @cached_property
    def _names(self) -> Sequence[Span]:
        return [span for span in names.spans(self.text) if span.kind is not NameKind.TITLE]

    @cached_property
    def _quoted(self) -> Sequence[tuple[int, int]]:
        return [match.span() for match in QUOTED.finditer(self.text)]

    @cached_property
    def _is_short(self) -> bool:
        return len(HAN.findall(self.text)) < SHORTEST

    def is_name(self, change: Edit) -> bool:
        """Return whether a change is in the name of a person, a place or a body."""
        start, end = change[0], change[0] + len(change[1])
        return any(start < span.end and end > span.start for span in self._names)

    def is_written_again(self, change: Edit) -> bool:
        """Return whether the text has a wording a second time, alone or with a neighbour: nobody slips twice alike.

        Of what stands twice only both together are the wording: 全面协议 says nothing of 全面面协议.
        """
        at, wrong, right = change
        end = at + len(wrong)
        wordings = telling(self.text, at, end)
        if wrong and not right and self.text.endswith(wrong, 0, at):
            wordings = (wording for wording in wordings if wrong * 2 in wording)
        return any(self.text.count(wording) > 1 for wording in wordings)

    def is_taken_apart(self, change: Edit) -> bool:
        """Return whether a change would only put the halves of a verb together again: 服好务 → 服务."""
        at, wrong, right = change
        whole = self.text[max(0, at - 1) : at] + self.text[at + 1 : at + 2]
        return wrong in SEPARATING and not right and vocabulary().costs([whole]) != [None]

    def is_shortened(self, change: Edit) -> bool:
        """Return whether a change would only write out what is said by one character on purpose: 韩 → 韩国.

        So would one that makes a word of the character that ends a longer one (消费税案 → 案件, 身份码 → 号码), and one
        that gives to each of two words what they share (预、决算 → 预算、决算).
        """
        at, wrong, right = change
        if wrong or len(right) != 1 or not at:
            return False
        if self._is_shared(at, right):
            return True
        whole, other = self.text[at - 1] + right, right + self.text[at : at + 1]
        if whole in SHORTENED or SHORT_BODY.search(self.text[max(0, at - 4) : at + 1]):
            return True
        if self.text[at : at + 1] in SHORT_ENDS and vocabulary().costs([other]) != [None] and self._ends_a_noun(at):
            return True
        return (
            self.text[at - 1] in SUFFIXES
            and vocabulary().costs([other]) == [None] != vocabulary().costs([whole])
            and rarity(self.text[at - 1]) < LEFT_ALONE
            and self._ends_a_noun(at - 1)
        )

    def _ends_a_noun(self, at: int) -> bool:
        """Return whether a character may end the word before it, which is one: not so in 单位|和|个|不得."""
        if at < len("税费"):
            return False
        around = Around.of(self.text, at, at + 1)
        return around.is_border(at + 1) and len(around.word_at(at - 1)) > 1

    def _is_shared(self, at: int, right: str) -> bool:
        """Return whether two words of one character stand beside an enumeration comma for longer ones."""
        if self.text[at : at + 1] == "、":
            return right in self.text[at + 1 : at + 4]
        mark = at - 2
        return mark > 0 and self.text[mark] == "、" and Around.of(self.text, mark - 1, mark).is_border(mark - 1)

    def is_made_alike(self, change: Edit) -> bool:
        """Return whether a change is in an item of a list that is made like the item beside it, for the occasion.

        Such items begin alike or have their middle in common: 凝侨心、引侨资、汇侨智、聚侨力. What ends alike is mostly
        of one kind and no more (债权人、责务人), but where it is a word of two characters by itself: 改装、复装、迁移.
        """
        start, end = change[0], change[0] + len(change[1])
        return bool(change[2]) and any(
            self._are_alike(mark, size, range(start, end))
            for size in ALIKE_ITEMS
            for mark in range(max(0, start - size - 1), min(len(self.text), end + size))
            if self.text[mark] == "、"
            and (mark < start <= end <= mark + 1 + size or mark - size <= start <= end <= mark)
        )

    def _are_alike(self, mark: int, size: int, changed: range) -> bool:
        """Return whether items of a size on either side of a comma share a character that is not the changed one."""
        first, end = mark - size, mark + 1 + size
        if first < 0 or not Around.of(self.text, first, mark).is_border(first):
            return False
        is_word = size == ALIKE_ITEMS[0] and changed.start > mark and self.text[end : end + 1] == "、"
        beside = zip(range(first, mark if is_word else mark - 1), range(mark + 1, len(self.text)), strict=False)
        return any(
            self.text[one] == self.text[other] and is_han(self.text[one]) and not {one, other} & {*changed}
            for one, other in beside
        )

    def is_in_new_word(self, change: Edit) -> bool:
        """Return whether a change is in a word that dictionaries lack, of today's writing or of a trade: 非银, 管位."""
        return is_in_new_word(self.text, change[0], change[0] + len(change[1]))

    def is_half_of_pair(self, change: Edit) -> bool:
        """Return whether a change would take out what is said twice of two things: 有起有伏, 边学边做."""
        at, wrong, right = change
        return bool(wrong) and not right and wrong in {self.text[max(0, at - 2) : at - 1], self.text[at + 2 : at + 3]}

    def is_verse(self, change: Edit) -> bool:
        """Return whether a change is in two lines that a poem may have: its words are rare, and often old."""
        return any(match.start() <= change[0] < match.end() for match in VERSE.finditer(self.text))

    def is_apart(self, change: Edit) -> bool:
        """Return whether a change is in a heading too short to judge, or in a quotation, which may be of anything."""
        return self._is_short or any(start < change[0] < end for start, end in self._quoted)
