"""Return whether a dictionary hit is a word of its own, or the end of one word and the beginning of the next.

Chinese has no spaces, so 自*己经*营 contains 己经 without any typo. A hit counts only where no known word crosses its
edge. The words are a packaged list (see ``data/README.md``); they serve for edges only, never as proof of spelling.
"""

from __future__ import annotations

import lzma
from functools import cache

from msgspec import Struct

from checks.packaged import packaged_bytes

LONGEST = 4
"""Characters in the longest word of the list; longer ones are made of these."""

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤方俞任袁柳鲍史唐费廉岑薛雷贺"
    "倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛禹狄米贝明臧计伏成戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路娄江童颜郭梅"
    "盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫经房裘缪干解应宗丁宣邓洪包诸左石崔吉龚程嵇邢裴陆荣翁荀羊甄曲封储靳焦牧谷车侯全班仰仲伊宫宁仇甘"
    "祖武符刘景詹龙叶幸司黎薄印白怀蒲赖卓蔺屠池乔胥能苍双闻党翟谭贡劳逄姬申扶堵冉宰郦桑桂牛寿通边燕尚农温别庄晏柴瞿阎慕连茹习艾容向古易慎戈"
    "廖庾终步都耿满弘匡国文寇广欧沃利蔚越师巩聂晁勾敖融冷訾辛阚那简饶曾沙养鞠须丰巢关蒯相查游竺权盖益桓公岳闫覃肖涂仝郗冼"
    "谌矫亓佘佟侴倴冀冮刁厉尉尕尧巫帅庹弋忻揭敬昝栗楚毋毌淦漆爨牟甯粟缑羿芦苟茆荆莘蘧逯遆邝郄郇郏鄢鄞酆鉏钭镡隆隋隽雒韶颉骞鬲仉仵"
)
"""Characters that begin a Han name: the classical list and what the census adds."""


def is_han(char: str) -> bool:
    """Return whether a character is one of the basic block of Han characters."""
    return "\u4e00" <= char <= "\u9fff"


class ShortWords(Struct, frozen=True):
    """Known words of two to four characters."""

    known: frozenset[str]

    def straddles(self, text: str, start: int, end: int) -> bool:
        """Return whether one word runs into the hit and another runs out of it, meeting inside: 自己|经营."""
        return any(
            self._ends(text, inside, before=start) and self._begins(text, inside, after=end)
            for inside in range(start + 1, end)
        )

    def touches(self, text: str, start: int, end: int) -> bool:
        """Return whether any word crosses either edge: stricter, for pairs that nobody vouched for one by one."""
        into = any(self._ends(text, inside, before=start) for inside in range(start + 1, end + 1))
        return into or any(self._begins(text, inside, after=end) for inside in range(start, end))

    def _ends(self, text: str, at: int, *, before: int) -> bool:
        """Return whether a word that starts left of ``before`` ends exactly at ``at``."""
        return any(text[i:at] in self.known for i in range(max(0, at - LONGEST), before))

    def _begins(self, text: str, at: int, *, after: int) -> bool:
        """Return whether a word that starts at ``at`` goes on past ``after``."""
        return any(text[at:i] in self.known for i in range(after + 1, min(len(text), at + LONGEST) + 1))

    def in_name(self, text: str, start: int, end: int) -> bool:
        """Return whether the hit may be a given name after a surname, or a whole name: any character may be one."""
        if start and text[start - 1] in SURNAMES and not self._closes(text, start):
            return True
        alone = not (start and is_han(text[start - 1])) and not (end < len(text) and is_han(text[end]))
        return text[start] in SURNAMES and end - start <= 3 and alone

    def _closes(self, text: str, at: int) -> bool:
        """Return whether a word of two or more ends at ``at``, so that its last character is no surname."""
        return any(text[i:at] in self.known for i in range(max(0, at - LONGEST), at - 1))


def unpacked() -> bytes:
    """Return the packaged list as text; 20 ms."""
    return lzma.decompress(packaged_bytes("checks.typos", "data/words.txt.xz"))


def take(text: bytes) -> None:
    """Have this process read the list from what ``unpacked`` returned, which was kept."""
    _taken[:] = [text]


_taken: list[bytes] = []


@cache
def packaged_words() -> ShortWords:
    """Read the packaged list: once a process, 10 ms and what it takes to unpack it."""
    text = _taken[0] if _taken else unpacked()
    return ShortWords(frozenset(text.decode().split()))
