"""Weigh what speaks against a link: which signals it shows, and which signals together are an alarm.

No signal alone accuses anybody: official pages hide menus, link to strangers, and report on gambling. The table of
combinations is the whole policy.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from checks.late_pattern import late
from checks.model import Text
from checks.security.hosts import address, host_of, official
from checks.security.injection.hiding import Way
from checks.security.injection.lexicon import AdvertisingTerms, odd_host, read, trade_host, trade_path

if TYPE_CHECKING:
    from checks.model.turbohtml_core import Element


class Signal(Enum):
    """One thing that speaks against a link; the words are those of the explanation."""

    EXTERNAL = Text("指向站外", "leads to another site")
    FOREIGN = Text("指向与政务无关的陌生网站", "leads to a site that has nothing to do with government")
    UNSEEN = Text("目标网站从未在本站出现过", "its target was never seen on this site")
    HIDDEN = Text("被隐藏", "is hidden")
    CONCEALED = Text("用读者看不见的方式藏起来", "is put where no reader can see it")
    BURIED = Text("移出视野或缩到看不见", "is moved or shrunk out of sight")
    WRITTEN = Text("由脚本写入", "is written by a script")
    ENCODED = Text("地址经过编码伪装", "has its address encoded")
    OUTSIDE = Text("写在网页正文结构之外", "stands outside the document")
    SELLS = Text("含有赌博、色情、假证等推广用语", "advertises gambling, pornography or forged papers")
    HINTS = Text("含有赌博、色情、假证等敏感词", "uses words of gambling, pornography or forged papers")
    WARES = Text("含有商业推广词", "uses words of advertising")
    STUFFED = Text("推广用语堆砌", "piles advertising words up")
    ODD = Text("目标域名异常", "leads to a throw-away domain")
    BLOCK = Text("成片出现", "comes in a block")
    PILE = Text("同类链接大量出现", "comes with many of its kind")
    FRAME = Text("嵌入窗口", "is a frame")


S = Signal
COMBINATIONS: tuple[frozenset[Signal], ...] = tuple(
    map(
        frozenset,
        (
            {S.SELLS, S.FOREIGN},
            {S.SELLS, S.HIDDEN, S.EXTERNAL},
            {S.SELLS, S.CONCEALED},
            {S.SELLS, S.HIDDEN, S.STUFFED},
            {S.SELLS, S.HIDDEN, S.PILE},
            {S.SELLS, S.WRITTEN},
            {S.SELLS, S.PILE, S.STUFFED},
            {S.HINTS, S.FOREIGN, S.HIDDEN},
            {S.HINTS, S.FOREIGN, S.WRITTEN},
            {S.HINTS, S.FOREIGN, S.OUTSIDE},
            {S.WARES, S.FOREIGN, S.CONCEALED},
            {S.WARES, S.FOREIGN, S.WRITTEN, S.HIDDEN},
            {S.WARES, S.FOREIGN, S.OUTSIDE},
            {S.ODD, S.FOREIGN, S.CONCEALED},
            {S.ODD, S.FOREIGN, S.WRITTEN},
            {S.ODD, S.FOREIGN, S.OUTSIDE},
            {S.ENCODED, S.FOREIGN},
            {S.BLOCK, S.FOREIGN, S.CONCEALED},
            {S.BLOCK, S.FOREIGN, S.OUTSIDE},
            {S.BLOCK, S.FOREIGN, S.WRITTEN},
            {S.BURIED, S.FOREIGN},
            {S.UNSEEN, S.FOREIGN, S.CONCEALED},
            {S.UNSEEN, S.FOREIGN, S.WRITTEN},
            {S.FRAME, S.FOREIGN, S.CONCEALED},
        ),
    )
)
"""Sets of signals that together are an alarm; each holds at least two that are independent of one another."""

DAMNING = frozenset({S.SELLS, S.HINTS, S.WARES, S.CONCEALED, S.BURIED, S.ENCODED})
"""Wording and hiding. An alarm without either is a suspicion: a script may list state bodies, one by an old bare IP."""

SAME_SAYING = {
    S.BURIED: S.CONCEALED,
    S.CONCEALED: S.HIDDEN,
    S.FOREIGN: S.EXTERNAL,
    S.SELLS: S.HINTS,
    S.STUFFED: S.SELLS,
}
"""Signals that include another, which then is not named beside them."""

BLOCK_SIZE = 3
"""So many unrelated strangers in hiding are no coincidence."""

PILE_SIZE = 5
"""So many advertising links on one page are a doorway page, hidden or not."""

INSTITUTION = late(
    r"(?:网|网站|局|委|委员会|厅|办|办公室|部|院|校|所|站|署|台|馆|社|会|学|园|团|队|公司|集团|银行|报|"
    r"软件|科技|网络|传媒|信息|中心|政府|频道|频率|系统|入口|平台|微博|微信|公众号|客户端|邮箱|地图|导航|热线|服务|专题|专栏|大厅|联盟|园区|新区|景区|论坛|门户|在线)$"
    r"|^(?:中国|国家|全国|省|市|县|区)|无障碍|读屏|跳[过到转]|主要内容|技术支持|站点地图|联系我们|查看|详情|更多|关闭|下载|返回|邮箱登[录陆]|ENGLISH|English",
)
"""How institutions and the furniture of a site are called; keyword advertising reads otherwise."""


class SuspectLink(Struct, frozen=True):
    """One link or frame with everything that speaks against it.

    ``place`` is the element that hides it, so that a block of links in one is one finding; None where none does.
    """

    url: str
    host: str
    text: str
    evidence: str
    signals: frozenset[Signal]
    ways: tuple[Way, ...] = ()
    place: Element | None = None

    @property
    def alarming(self) -> bool:
        """Whether its signals meet in one of the combinations.

        An office's older system, called by its name (办公系统), has a bare address and is hidden as menus are.
        """
        plain = S.WRITTEN not in self.signals and all(way.ordinary for way in self.ways)
        signals = self.signals - {S.ODD} if plain and self.is_named_address else self.signals
        return any(combination <= signals for combination in COMBINATIONS)

    @property
    def certain(self) -> bool:
        """Whether a combination that that would be alarming at a first meeting too rests on its words or its hiding."""
        signals = self.signals - ({S.UNSEEN, S.ODD} if self.is_named_address else {S.UNSEEN})
        return any(combination <= signals and combination & DAMNING for combination in COMBINATIONS)

    @property
    def is_named_address(self) -> bool:
        """Whether it leads to a bare address under the name of an institution or of an office's system."""
        return address(self.host) is not None and bool(self.text) and not self.nondescript

    @property
    def nondescript(self) -> bool:
        """Whether it names no institution, as links among honest neighbours do."""
        return nondescript(self.text)


def nondescript(text: str) -> bool:
    """Whether the words of a link name neither an institution nor a piece of a site's furniture."""
    return bool(text) and INSTITUTION.search(text) is None


@lru_cache(maxsize=16_384)
def wording(text: str, url: str) -> frozenset[Signal]:
    """Return the signals that the words of a link and the name of its target give."""
    host = host_of(url)
    found = set(_reading(read(text)))
    if trade_host(host):
        found |= {S.SELLS, S.HINTS}
    elif trade_path(url) and not official(host):
        found.add(S.HINTS)
    if odd_host(host):
        found.add(S.ODD)
    return frozenset(found)


def _reading(reading: AdvertisingTerms) -> Iterable[Signal]:
    if reading.sells:
        yield S.SELLS
    if reading.stuffed:
        yield S.STUFFED
    if reading.strong or reading.weak:
        yield S.HINTS
    if reading.faint:
        yield S.WARES


def together(suspects: list[SuspectLink]) -> list[SuspectLink]:
    """Add the signals that only show when all links of a page are seen together."""
    hidden_strangers = {
        suspect.host
        for suspect in suspects
        if suspect.nondescript
        and S.FOREIGN in suspect.signals
        and suspect.signals & {S.CONCEALED, S.OUTSIDE, S.WRITTEN}
    }
    selling = {suspect.text for suspect in suspects if S.SELLS in suspect.signals}
    more = frozenset({S.BLOCK} if len(hidden_strangers) >= BLOCK_SIZE else ()) | frozenset(
        {S.PILE} if len(selling) >= PILE_SIZE else ()
    )
    return [
        replace(
            suspect,
            signals=suspect.signals | (more if suspect.nondescript or S.SELLS in suspect.signals else frozenset()),
        )
        for suspect in suspects
    ]


def explain(suspects: Iterable[SuspectLink]) -> Text:
    """Say in both languages which signals met, the way of hiding included."""
    zh, en = _named(frozenset().union(*(suspect.signals for suspect in suspects)))
    ways = dict.fromkeys(way.text for suspect in suspects for way in suspect.ways)
    if not ways:
        return Text(zh, en)
    return Text(f"{zh}（{'、'.join(way.zh for way in ways)}）", f"{en} ({', '.join(way.en for way in ways)})")


@lru_cache(maxsize=1_024)
def _named(signals: frozenset[Signal]) -> tuple[str, str]:
    """Return the words for signals in both languages, but for those that others include."""
    named = [
        signal.value
        for signal in Signal
        if signal in signals and not any(SAME_SAYING.get(other) is signal for other in signals)
    ]
    return "、".join(text.zh for text in named), ", ".join(text.en for text in named)
