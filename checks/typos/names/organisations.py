"""Recognise organisations: those that are listed, and companies by the form of their name."""

from __future__ import annotations

from collections.abc import Iterator

from checks.late_pattern import late
from checks.typos.around import Around
from checks.typos.names.gazetteer import packaged
from checks.typos.names.span import NameKind, Span
from checks.typos.segmentation import vocabulary

COMPANY = late(
    "(?P<name>[\u4e00-\u9fff（）()]{2,16}?)(?:有限责任公司|股份有限公司|有限公司|集团公司|经营部|专业合作社|合作社|事务所|商行)"
)
"""A firm: what stands before its legal form, up to 16 characters."""

GROUP = late("(?P<name>[\u4e00-\u9fff]{2})集团")
"""A group of firms, which is mostly called by two characters that make no word: 国机集团."""

TRADE = late("[蚕茶桑烟酒糖盐药竹菌果花鱼虾蜂蔬粮棉麻木石煤冰雪茧菇菜参藕姜蒜瓷陶玉绣]业")
"""A trade by what it makes, of which few are in dictionaries: 蚕业 is no slip for 产业."""

NOT_OF_IT = late(
    ".*(?:[的了和与及由对向为将在被是于等或且]|根据|关于|委托|以及|包括|提供|接受|其中|本次|通过|查处|相关|推进|发展|有关|成立|设立)"
)
"""What stands before a firm's name and is no part of it."""


def spans(text: str) -> Iterator[Span]:
    """Yield organisations, and the trades that they are of."""
    for start, end in packaged("organisations").find(text):
        if Around.of(text, start, end).are_borders(start, end):  # not 外交部 in 外交部长
            yield Span(start, end, NameKind.ORGANISATION)
    yield from (Span(*match.span(), NameKind.ABBREVIATION) for match in TRADE.finditer(text))
    for match in GROUP.finditer(text):
        if vocabulary().costs([match["name"]]) == [None] and Around.of(text, *match.span()).is_border(match.start()):
            yield Span(*match.span(), NameKind.ORGANISATION)
    for match in COMPANY.finditer(text):
        before = NOT_OF_IT.match(match["name"])
        start = match.start() + (before.end() if before else 0)
        if match.end("name") - start > 1:
            yield Span(start, match.end(), NameKind.ORGANISATION)
