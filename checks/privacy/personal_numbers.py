"""Find the numbers of people in text: ID numbers, mobile phones, bank cards.

Each is proved, not guessed: an ID number by its province, date of birth and check character (GB 11643-1999), a card
by its issuer's prefix and Luhn's sum (ISO/IEC 7812-1). Order numbers, document numbers, landlines, unified social
credit codes and account templates look alike and fail the proof, or say by their label what they are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from checks.late_pattern import late
from checks.privacy.names import find_name


class Sort(StrEnum):
    """What a number identifies."""

    ID = "id"
    PHONE = "phone"
    CARD = "card"


class Leak(NamedTuple):
    """A number of a person in a text: ``start`` and ``end`` are its place, ``certain`` that its context confirms it."""

    sort: Sort
    start: int
    end: int
    certain: bool


PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
"""GB/T 2260, the first two digits of an ID number."""

ISSUERS = (
    "62",
    "9558",
    "9559",
    "436742",
    "421865",
    "427020",
    "427030",
    "456351",
    "458123",
    "521899",
    "601382",
    "603367",
)
"""Prefixes of cards that Chinese banks issue: UnionPay's 62, and older ones of the large banks."""

_EDGE = r"(?<![0-9A-Za-z_=&%])(?<![^\u4e00-\u9fff]-)(?<!\d[.．])(?<![0-9A-Za-z_.:/]/)"
"""What stands before a number of its own. 甲/11010… and 甲-138… are, the last part of an address or a date is none."""
_ID = late(rf"{_EDGE}\d{{6}}[ -]?\d{{4}} ?\d{{4}}[ -]?\d{{3}}[\dXxＸｘ](?![0-9A-Za-z_-])")
_PHONE = late(
    rf"{_EDGE}(?:[+＋]?86[- ]?)?[1１][3-9３-９]\d(?:\d{{8}}|-\d{{4}}-\d{{4}}| \d{{4}} \d{{4}})(?![0-9A-Za-z_-])"
)
_CARD = late(rf"{_EDGE}(?:\d{{16,19}}|\d{{4}}([ -])\d{{4}}\1\d{{4}}\1\d{{4}}(?:\1\d{{1,3}})?)(?![0-9A-Za-z_-])")
_SHAPE_OF = dict.fromkeys(b"0123456789", ord("0")) | dict.fromkeys(b" -", ord("-"))
_SHAPES = bytes(_SHAPE_OF.get(each, ord(".")) for each in range(256))
"""A table for ``bytes.translate``: every digit to 0, blank and hyphen to a hyphen, all else to a full stop."""
_WIDE = "０１２３４５６７８９"

_OTHER_NUMBER = late(
    r"(?:信用代码|机构代码|登记号|注册号|许可证号?|订单|运单|快递|物流|流水|单号|受理号|办件|编号|编码|文号|案号|合同号?|发票|条码|条形码|"
    r"序列号|批号|索引号|项目代码|项目编号|标识码|备案|工单|票号|证书号|产权|宗地|批准文号|国药准字|ISBN|ISSN|QQ|qq|群号?|微信群)"
    r"[^\d\n，。；]{0,10}$"
)
_OFFICE = late(r"(?:值班|办公|公务|热线|举报|监督|服务电话|客服|投诉|咨询电话|传真|对公|24小时)[^\d\n，。；]{0,8}$")
_FOOTER = late(r"ICP备|公网安备|标识码|版权所有|[Cc]opyright|©|技术支持|网站地图")
_BANK = late(r"卡号|银行|开户|账[户号]|帐[户号]|储蓄|社保卡|一卡通|惠农卡|收款")
_PLACEHOLDER = late(r"(\d)\1{7}|0123456789|1234567890|(\d{4})\2{2}")
_ID_LABEL = late(r"身份证|证件号")
_BEFORE, _AFTER, _HOLDER = 40, 14, 60
_INSTITUTION = late(
    r"(?:户\s?名|单位名称|收款单位|收款人|账户名称?|开户名称)[ \u3000]*[:：]?[ \u3000]*[\u4e00-\u9fff（）()]{2,30}"
    r"(?:局|委|厅|办|院|校|中心|公司|处|站|所|会|社|部|政府|医院|基金|专户)(?![\u4e00-\u9fff])"
)
"""Whose account it is, where that is an office: the public is to pay into it."""


def find_leaks(text: str, today: date) -> Iterator[Leak]:
    """Yield every number of a person in a text, in order; most texts cost one look for a long number."""
    if not _has_long_number(text):
        return
    end = 0
    for leak in sorted((*_ids(text, today), *_cards(text), *_phones(text)), key=lambda leak: leak.start):
        if leak.start >= end:
            end = leak.end
            yield leak


def _has_long_number(text: str) -> bool:
    """Return whether a text has eleven digits in a row, or groups of three and four: 5 µs a page, a pattern takes 15.

    Digits of double width are no ASCII, so a text with any is looked at in full.
    """
    shapes = text.encode("ascii", "replace").translate(_SHAPES)
    return b"00000000000" in shapes or b"000-0000" in shapes or any(map(text.__contains__, _WIDE))


def is_id_number(number: str, today: date) -> bool:
    """Return whether 18 characters are an ID number: province, date of birth, check character (GB 11643-1999)."""
    if number[:2] not in PROVINCES or number[14:17] == "000":
        return False
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    weighted = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(number[:17]))
    return date(1900, 1, 1) <= birth <= today and "10X98765432"[weighted % 11] == number[17].upper()


def is_card_number(number: str) -> bool:
    """Return whether digits are a card number: issuer, length, Luhn's sum (ISO/IEC 7812-1), and no filler."""
    if not number.startswith(ISSUERS) or _PLACEHOLDER.search(number):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def mask(text: str, leaks: list[Leak]) -> str:
    """Return the text with every leaked number reduced to its head and tail; the length does not change."""
    pieces, end = [], 0
    for leak in leaks:
        number = text[leak.start : leak.end]
        keep = 3 if leak.sort is Sort.PHONE else 4
        hidden = "".join("*" if mark.isalnum() else mark for mark in number[keep:-2])
        pieces += [text[end : leak.start], number[:keep], hidden, number[-2:]]
        end = leak.end
    return "".join((*pieces, text[end:]))


def _plain(number: str) -> str:
    return unicodedata.normalize("NFKC", number).replace(" ", "").replace("-", "")


def _ids(text: str, today: date) -> Iterator[Leak]:
    for found in _ID.finditer(text):
        before = _before(text, found.start())
        labelled = bool(_ID_LABEL.search(before[-16:]))
        if is_id_number(_plain(found[0]), today) and (labelled or not _OTHER_NUMBER.search(before)):
            yield Leak(Sort.ID, found.start(), found.end(), certain=True)


def _cards(text: str) -> Iterator[Leak]:
    for found in _CARD.finditer(text):
        before = _before(text, found.start())
        around = text[max(0, found.start() - _HOLDER) : found.end() + _HOLDER]
        if is_card_number(_plain(found[0])) and not _OTHER_NUMBER.search(before) and not _INSTITUTION.search(around):
            yield Leak(Sort.CARD, found.start(), found.end(), certain=bool(_BANK.search(before)))


def _phones(text: str) -> Iterator[Leak]:
    """Yield mobiles beside a name. A contact named in a notice may be meant for the public: a suspicion."""
    for found in _PHONE.finditer(text):
        before, after = _before(text, found.start()), text[found.end() : found.end() + _AFTER]
        if _OTHER_NUMBER.search(before) or _OFFICE.search(before) or _FOOTER.search(before + after):
            continue
        if find_name(before) or find_name(after.split("\n")[0]):
            yield Leak(Sort.PHONE, found.start(), found.end(), certain=False)


def _before(text: str, start: int) -> str:
    return text[max(0, start - _BEFORE) : start]
