"""Recognise places: those of the division codes, villages, and the short names of provinces, cities and countries."""

from __future__ import annotations

from collections.abc import Iterator

from checks.late_pattern import late
from checks.typos.around import Around
from checks.typos.names.gazetteer import packaged
from checks.typos.names.span import NameKind, Span
from checks.typos.segmentation import vocabulary

VILLAGE = late("自然村|行政村|村|社区|居委会|村委会|居民委员会|小区|屯|寨")
"""What follows the stem of a village's name."""

VILLAGE_OF_TOWN = late("(?:镇|乡|街道)([\u4e00-\u9fff]{2,4}?(?:(?<!乡)村|社区))(?![级庄民])")
"""A village after its town, whatever its name."""

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕秦甘陇青宁新港澳台"
CITIES = "穗深鹏蓉杭汉镐邕筑庐榕鹭厦甬瓯锡济郑兰椰汕莞绍婺衢芜绵襄赣浔漳泸蓉连哈昌筑"
COUNTRIES = (
    "中美俄日韩朝英法德意加澳印巴缅泰越老柬新马菲蒙乌吉塔哈土伊沙埃以叙约黎利苏南欧非墨智秘阿葡西荷比丹瑞挪芬波捷匈罗希"
)

SIDES = (
    COUNTRIES + "白哥塞厄斐梵卢科喀肯坦津赞刚摩毛突也圭苏委玻危尼冈几海牙萨汤图瓦瑙基帕密文东孟文不港澳台"
    "格保立斯索克卡安冰博布贝纳特圣所乍列伯"
)
"""Characters that name a state or a region where ``方`` or another country makes them one: 哥方, 中白关系."""

SIDE = late(f"[{SIDES}]方")

_HERE = f"[{PROVINCES}{CITIES}]"
_LAND = f"[{SIDES}]"

SHORT = late(
    rf"(?:驻|赴|援|访|抵|离|涉|在|来|入|返)(?P<there>{_HERE}|{_LAND})(?=[企抗医物专商资籍侨期高单部央工建合交签访友参考各方大使领馆学，。、；）])"
    r"|(?P<land>[中美俄日印巴](?!方)[\u4e00-\u9fff])(?=两国|双方|友好|建交|元首|领导人)"
    rf"|(?P<lands>{_LAND}{{2,3}})(?=两国|双方|三国|关系|友好|建交|边境|边界|合作|经贸|贸易|领导人|元首|外长|总理|战略|人文|混委会|自贸|铁路|班列)"
    rf"|(?P<service>{_HERE}(?:[事服政快里易好惠税企]通?办|里办|省事|政通|服通|事通|信融|税通|惠保|农码|政钉|财码|企通|易办|证通|e办))"
    rf"|(?P<regions>{_HERE}{{2,4}})(?=[地高铁城都通线两三四协一合区段]|毗邻|融合|同城|接壤|干线|走廊)"
)
"""Names of one character where what stands beside them makes them one: 驻济高校, 中柬友好, 皖事通办, 沪宁高铁."""


HAN = "\u4e00-\u9fff"

WATERS = late(
    rf"[{HAN}]{{1,2}}(?:河|江|溪|湖|水库)(?=流域|干流|支流|上游|中游|下游|两岸|沿岸|大桥|特大桥|大堤|源头|水系|灌区|入[河江湖海])"
)
"""Rivers, lakes and reservoirs before what only they have; few are listed."""

ALIKE = late(rf"[{HAN}]{{1,3}}(?P<sort>[山河江湖溪沟岛桥路街巷村镇乡寺])(?:、[{HAN}]{{1,3}}(?P=sort))+")
"""Names in a list that end alike: 府山、塔山、蕺山."""

NUMBERED = late(rf"[{HAN}]{{2,4}}(?:路|街|巷|弄|大道)(?=\d{{1,4}}(?:号|弄|栋|幢|、\d|[-—~至]\d))")
"""Streets before the numbers of houses: 范屋路145、147号."""

SHORT_NAME = 3
"""Characters up to which a name may be made of the ends of two words: 党和政府 does not name 和政."""


def spans(text: str) -> Iterator[Span]:
    """Yield places, and as abbreviations the names of one character."""
    yield from (Span(start, end, NameKind.PLACE) for start, end in _listed(text))
    if VILLAGE.search(text):
        for start, end in packaged("villages").find(text):
            suffix = VILLAGE.match(text, end)
            if suffix:
                yield Span(start, suffix.end(), NameKind.PLACE)
    yield from (Span(*match.span(1), NameKind.PLACE) for match in VILLAGE_OF_TOWN.finditer(text))
    for pattern in (WATERS, ALIKE, NUMBERED):
        yield from (Span(*match.span(), NameKind.PLACE) for match in pattern.finditer(text))
    for match in SIDE.finditer(text):
        if vocabulary().costs([match[0]]) == [None]:
            yield Span(*match.span(), NameKind.ABBREVIATION)
    for match in SHORT.finditer(text):
        yield Span(*match.span(match.lastgroup or 0), NameKind.ABBREVIATION)


def _listed(text: str) -> Iterator[tuple[int, int]]:
    """Yield the listed places that are not part of a longer one and begin and end where words do."""
    reached = 0
    for start, end in packaged("places").find(text):
        if end > reached and (end - start > SHORT_NAME or Around.of(text, start, end).are_borders(start, end)):
            yield start, end
            reached = end
