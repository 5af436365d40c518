"""Say which parts of a text are not prose that a proofreader would touch, and why.

Skipped altogether: text that is hardly Chinese or is in traditional characters, because every dictionary here is of
simplified Chinese. Masked for every layer: URLs, e-mail addresses, code, document numbers, the operator's protected
names, and quotations where the configuration says so. Masked for the guessing layers only: lists of names and names
after a label, where any character may stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from checks.typos.lexicon.boundaries import SURNAMES, packaged_words

FIXED = 1
"""Mask of what no layer may touch."""
NAME = 2
"""Mask of what looks like a personal name: only wordings that a person vouched for are reported there."""

HAN = re.compile("[\u4e00-\u9fff]")
TRADITIONAL = frozenset(
    "國會個來時們發經現這對後說過還開關應該從點問間題學實業產務員機電車長門馬鳥魚龍東樂書畫報導據處當見覺觀視親計訂記許設訪證評詞試詩話該語誤讀誰課"
    "調請論諸諾謀謝識譯議護譽變讓負財貢貧貨販責貴買費貿資賓質購賽贊贏趙躍軍軟轉輕載輔輛輸農運達遠適選遺郵鄉醫釋針鐵銀錢錯鎮鏡陽隊階際隨險雖雙雜離難雲"
    "靈靜響頁項順須預領頭頻顆類顧風飛飯館驗驚體麗麼黃黨齊"
)
"""Frequent characters that simplified text does not use."""

FOREIGN_SHARE, TRADITIONAL_SHARE = 0.3, 0.05
"""Least share of Han characters in prose, and of traditional ones among them in text that is traditional."""

MACHINE = re.compile(
    r"(?:https?|ftp)://[\w./?=&%#:~+@!-]+|\bwww\.[\w./?=&%#-]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|<[A-Za-z/!][^<>]{0,200}>|\b\w+\([^()\u4e00-\u9fff]*\);?"
)
"""Addresses, mark-up and calls."""

DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,8}(?=\s?[〔\[［（(【]\s*(?:19|20)\d\d\s*[〕\]］）)】])")
"""The abbreviated issuer before a year in brackets: 闽政办〔2018〕."""

QUOTATION = re.compile("“[^“”]{2,400}”|《[^《》]{2,100}》|「[^「」]{2,400}」")

_SURNAME = "[" + "".join(sorted(SURNAMES)) + "]"
_TITLE = (
    "(?:主席|总理|书记|部长|省长|市长|县长|区长|镇长|乡长|局长|处长|科长|主任|院长|校长|所长|委员长|董事长|总经理|经理|教授|老师|医生"
    "|记者|同志|先生|女士|司令员|政委|总统|首相|大使)"
)
_PERSON = _SURNAME + r"[\u4e00-\u9fff]{1,2}"
NAME_LIST = re.compile(rf"(?<![\u4e00-\u9fff]){_PERSON}(?:[、，,\s]\s*{_PERSON}(?![\u4e00-\u9fff])){{2,}}")
LABELLED = re.compile(
    rf"(?:记者|通讯员|联系人|经办人|编辑|责编|校对|审核|摄影|供稿|作者|姓名|负责人|发布人)[：:\s]*(?P<name>{_PERSON})(?![\u4e00-\u9fff])"
    rf"|(?:任命|免去|推选|聘任|提名)(?P<appointed>{_PERSON})(?=为|的|任|同志)"
    rf"|(?<![\u4e00-\u9fff])(?P<titled>{_PERSON})(?=同志|先生|女士|，[男女]，)"
    rf"|{_TITLE}(?P<named>{_PERSON})(?=[，、。：（(]|在|说|和|与|等|指出|强调|出席|主持|介绍|表示|宣布|会见|率|代表|参加)"
    rf"|(?P<surname>{_SURNAME})(?={_TITLE})"
)


def is_foreign(text: str) -> bool:
    """Tell text that is not simplified Chinese prose: few Han characters, kana or hangul, traditional characters."""
    han = HAN.findall(text)
    letters = sum(map(str.isalpha, text))
    if not han or len(han) < FOREIGN_SHARE * letters or re.search("[\u3041-\u30ff\uac00-\ud7af]{2}", text):
        return True
    return sum(char in TRADITIONAL for char in han) > TRADITIONAL_SHARE * len(han)


def mask(text: str, protected: Sequence[str] = (), *, quotations: bool = False) -> bytearray:
    """Return a byte a character: 0 for prose, ``FIXED`` or ``NAME`` for what is skipped.

    ``protected`` are wordings that are right as they stand; ``quotations`` masks what stands in quotation marks and
    book-title marks.
    """
    masked = bytearray(len(text))
    for match in NAME_LIST.finditer(text):
        if not _is_word_list(match[0]):
            _cover(masked, match.span(), NAME)
    for match in LABELLED.finditer(text):
        _cover(masked, match.span(match.lastgroup or 0), NAME)
    for expression in (MACHINE, DOCUMENT_NUMBER, *((QUOTATION,) if quotations else ())):
        for match in expression.finditer(text):
            _cover(masked, match.span(), FIXED)
    for wording in protected:
        at = text.find(wording)
        while at >= 0:
            _cover(masked, (at, at + len(wording)), FIXED)
            at = text.find(wording, at + 1)
    return masked


def _is_word_list(run: str) -> bool:
    """Tell a list of ordinary words (金融、石油、服务) from a list of names."""
    items = [item for item in re.split(r"[、，,\s]+", run) if item]
    return sum(item in packaged_words().known for item in items) * 3 > len(items)


def _cover(masked: bytearray, span: tuple[int, int], value: int) -> None:
    start, end = span
    masked[start:end] = bytes([value]) * (end - start)
