"""Read a text as an advertisement for gambling, pornography, forged papers and the like, or as ordinary words.

The word lists are our own (``data/lexicon.txt``). A hit is a signal, never a verdict: the press, the police and the
state lotteries use many of the same words. So ordinary government words are taken out first, and a text that warns or
reports on enforcement counts for nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind
from msgspec import Struct

from checks.late_pattern import late
from checks.packaged import packaged_text
from checks.security.hosts import address, inside, registrable

TRADITIONAL = str.maketrans(
    "門賭場樂娛龍鬥輪盤電遊戲機網開發註冊體驗亞歐視頻線觀無碼國產愛劇亂輸贏馬會資圖庫證畢業辦貸"
    "銷營樣貨莊閒錢現優質樓鳳約裝備賽車億萬號華鴻雲壇寶韓絲襪誘畫圍買賣傳單職變態",
    "门赌场乐娱龙斗轮盘电游戏机网开发注册体验亚欧视频线观无码国产爱剧乱输赢马会资图库证毕业办贷"
    "销营样货庄闲钱现优质楼凤约装备赛车亿万号华鸿云坛宝韩丝袜诱画围买卖传单职变态",
)
"""Traditional characters that the trades write, and their simplified forms."""

FILLERS = late(
    r"[\s\u200b-\u200f\u2060\ufeff\u00ad.·•・*_\-—~|/\\,，。、:：;；!！?？'\"“”‘’()（）\[\]【】{}<>《》「」+=^`@#$%&]+"
)
"""Blanks and ornaments that are put between the signs of a word to hide it from filters."""

LATIN = late(r"[a-z0-9][a-z0-9-]*")

HEADING = late(r"\[(?:[a-z]+ )?([a-z]+)\]")
PATH_WORD = re.compile(r"[a-z]+\d*")

CHEAP_SUFFIX = frozenset(
    "top xyz vip cc icu club tk pw win bid loan men click cyou sbs buzz fun ga ml cf gq ws site online live best "
    "monster rest quest lol bond hair beauty mom cam pics sx to la ph bet casino poker xxx porn sex adult tube date "
    "trade party science racing review stream download faith cricket accountant".split()
)
"""Top-level domains that cost next to nothing and that official bodies and their partners do not use."""

LONGEST = 2000
"""Characters of a text that are read; an anchor or a title that goes on longer has said what it is."""

MANY = 3
"""So many different advertising terms in one text outweigh a word of warning: nobody reports that way."""


class AdvertisingTerms(Struct, frozen=True):
    """The terms of a text: ``strong`` are advertising language, ``weak`` occur in news too, ``faint`` in any trade.

    ``promotion`` tells of a sales pitch beside them; ``nothing_else`` that there is hardly more than weak terms.
    """

    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    faint: tuple[str, ...] = ()
    promotion: bool = False
    nothing_else: bool = False

    @property
    def sells(self) -> bool:
        """Whether the text advertises: by its own language, or because doubtful words pile up."""
        return (
            bool(self.strong) or self.nothing_else or len(self.weak) >= MANY or (len(self.weak) > 1 and self.promotion)
        )

    @property
    def stuffed(self) -> bool:
        """Whether advertising terms pile up, or come with the words of a sales pitch."""
        return self.sells and (len(self.strong) + len(self.weak) > 1 or self.promotion)


NOTHING = AdvertisingTerms()

STRENGTHS = ("strong", "weak", "faint")


class _Words(Struct, frozen=True):
    finder: AhoCorasick
    sections: tuple[str, ...]
    advertising: AhoCorasick
    pitches: tuple[str, ...]
    latin: dict[str, str]
    path: frozenset[str]
    host: re.Pattern[str]


@lru_cache(maxsize=16_384)
def read(text: str) -> AdvertisingTerms:
    """Return what a text says of the trades; ordinary words and words of warning give nothing."""
    words = _words()
    folded = fold(text[:LONGEST])
    found: dict[str, list[str]] = defaultdict(list)
    squeezed = FILLERS.sub("", folded)
    for index, start, end in words.finder.find_matches_as_indexes(squeezed):
        found[words.sections[index]].append(squeezed[start:end])
    for word in LATIN.findall(folded):
        if word in words.latin:
            found[words.latin[word]].append(word)
    strong, weak, faint = (tuple(dict.fromkeys(found[kind])) for kind in STRENGTHS)
    if not (strong or weak or faint) or (found["context"] and len(strong) < MANY):
        return NOTHING
    pitched = bool(found["promotion"]) or any(pitch in term for term in strong for pitch in words.pitches)
    nothing_else = bool(weak) and len(squeezed) - sum(map(len, weak)) <= 1
    return AdvertisingTerms(strong, weak, faint, pitched, nothing_else)


def fold(text: str) -> str:
    """Return the text without differences of width, case and script (traditional, simplified)."""
    return unicodedata.normalize("NFKC", text).casefold().translate(TRADITIONAL)


def advertises(text: str) -> bool:
    """Whether a long text may hold advertising language: a fast first look, to be followed by ``read``."""
    return bool(_words().advertising.find_matches_as_indexes(text))


@lru_cache(maxsize=8192)
def trade_host(host: str) -> bool:
    """Whether a label of the name is one of the trades': ``bet365…``, ``xpj123…``, ``bocai-…``."""
    if address(host) is not None:
        return False
    labels = host.removesuffix(registrable(host).partition(".")[2]).strip(".").split(".")
    words = {word for label in labels for word in (label, *label.split("-"))}
    return any(map(_words().host.fullmatch, words))


def trade_path(url: str) -> bool:
    """Whether the path of an address speaks of the trades: ``/bocai/``, ``/casino-online.html``."""
    path = url.partition("://")[2].partition("/")[2].partition("?")[0].lower()
    return bool(path) and not _words().path.isdisjoint(PATH_WORD.findall(path))


@lru_cache(maxsize=8192)
def odd_host(host: str) -> bool:
    """Whether the name looks thrown away: a cheap suffix, mostly digits, or a bare public address.

    Innocent hosts look like this too, so it only counts beside other signals.
    """
    known = address(host)
    if known is not None:
        return not inside(host) and not known.is_loopback
    label, _, suffix = registrable(host).partition(".")
    digits = sum(sign.isdigit() for sign in label)
    return trade_host(host) or suffix.rpartition(".")[2] in CHEAP_SUFFIX or digits >= 4 or digits * 2 >= len(label) > 2


@lru_cache(maxsize=1)
def _words() -> _Words:
    sections = _sections()
    terms = {word: kind for kind in reversed(STRENGTHS) for word in sections[kind]}
    ordinary = {word: kind for kind in ("promotion", "context", "plain") for word in sections[kind]}
    chinese = {word: kind for word, kind in {**terms, **ordinary}.items() if word in ordinary or not word.isascii()}
    return _Words(
        finder=AhoCorasick(list(chinese), matchkind=MatchKind.LeftmostLongest),
        sections=tuple(chinese.values()),
        advertising=AhoCorasick(sections["strong"]),
        pitches=tuple(sections["promotion"]),
        latin={word: kind for word, kind in terms.items() if word.isascii()},
        path=frozenset(sections["path"]),
        host=late("|".join(sections["host"])),
    )


def _sections() -> dict[str, list[str]]:
    """Return the words by the last word of their section's heading: strong, weak, plain, context, promotion, host."""
    found: dict[str, list[str]] = defaultdict(list)
    section = ""
    for line in packaged_text("checks.security", "data/lexicon.txt").splitlines():
        heading = HEADING.fullmatch(line)
        if heading:
            section = heading[1]
        elif not line.startswith("#"):
            found[section].extend(line.split())
    return found
