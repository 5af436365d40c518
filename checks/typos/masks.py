"""Say which parts of a text are not prose that a proofreader would touch, and why.

Skipped altogether: text that is hardly Chinese or is in traditional characters, because every dictionary here is of
simplified Chinese. Masked for every layer: URLs, e-mail addresses, code, document numbers, the operator's protected
names, and quotations where the configuration says so. Masked for the guessing layers only: lists of names and names
after a label, where any character may stand.
"""

from __future__ import annotations

from collections.abc import Sequence

from checks.late_pattern import late
from checks.typos.names import persons
from checks.typos.simplified import is_simplified

FIXED = 1
"""Mask of what no layer may touch."""
NAME = 2
"""Mask of what looks like a personal name: only wordings that a person vouched for are reported there."""

HAN = late("[\u4e00-\u9fff]+")
TRADITIONAL = late(
    "[國會個來時們發經現這對後說過還開關應該從點問間題學實業產務員機電車長門馬鳥魚龍東樂書畫報導據處當見覺觀視親計訂記許設訪證評詞試詩話該語誤讀誰課"
    "調請論諸諾謀謝識譯議護譽變讓負財貢貧貨販責貴買費貿資賓質購賽贊贏趙躍軍軟轉輕載輔輛輸農運達遠適選遺郵鄉醫釋針鐵銀錢錯鎮鏡陽隊階際隨險雖雙雜離難雲"
    "靈靜響頁項順須預領頭頻顆類顧風飛飯館驗驚體麗麼黃黨齊]"
)
"""Frequent characters that simplified text does not use."""

KANA_OR_HANGUL = late("[\u3041-\u30ff\uac00-\ud7af]{2}")

FOREIGN_SHARE, TRADITIONAL_SHARE = 0.3, 0.05
"""Least share of Han characters in prose, and of traditional ones among them in text that is traditional."""

MACHINE = late(
    r"(?:https?|ftp)://[\w./?=&%#:~+@!-]+|\bwww\.[\w./?=&%#-]+|[A-Za-z0-9._+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    r"|<[A-Za-z/!][^<>]{0,200}>|\b\w+\([^()\u4e00-\u9fff]*\);?"
)
"""Addresses, mark-up and calls. What stands before ``@`` is bounded (RFC 5321, 4.5.3.1.1): a run of word characters,
Han and digits among them, is else read again from each of its characters."""

YEAR_IN_BRACKETS = late(r"[〔\[［（(【]\s*(?:19|20)\d\d\s*[〕\]］）)】]")

DOCUMENT_NUMBER = late(rf"[\u4e00-\u9fff]{{1,8}}(?=\s?{YEAR_IN_BRACKETS.pattern})")
"""The abbreviated issuer before a year in brackets: 闽政办〔2018〕. Texts without such a year need no look for it."""

LETTERS = "甲乙丙丁"
"""The first of the ten stems, which texts count with as others do with A, B, C and D."""

COUNTED = late(f"(?<![\u4e00-\u9fff])[{LETTERS}][\u4e00-\u9fff]")
"""One of several that are told apart by letters, as 甲文 and 乙文: any noun may follow."""

QUOTATION = late("“[^“”]{2,400}”|《[^《》]{2,100}》|「[^「」]{2,400}」")


def is_foreign(text: str) -> bool:
    """Return whether a text is no simplified Chinese: few Han characters, kana or hangul, traditional characters.

    A traditional one or two among characters that only simplified writing has are slips.
    """
    han = sum(map(len, HAN.findall(text)))
    is_mostly_han = han >= FOREIGN_SHARE * len(text)  # most texts are: their letters need not be counted
    if not han or not (is_mostly_han or han >= FOREIGN_SHARE * sum(map(str.isalpha, text))):
        return True
    if KANA_OR_HANGUL.search(text):
        return True
    return len(TRADITIONAL.findall(text)) > TRADITIONAL_SHARE * han and not is_simplified(text)


def mask(text: str, protected: Sequence[str] = (), *, quotations: bool = False) -> bytearray:
    """Return a byte a character: 0 for prose, ``FIXED`` or ``NAME`` for what is skipped.

    ``protected`` are wordings that are right as they stand; ``quotations`` masks what stands in quotation marks and
    book-title marks.
    """
    masked = bytearray(len(text))
    for span in persons.certain(text):
        _cover(masked, (span.start, span.end), NAME)
    for match in COUNTED.finditer(text) if any(letter in text for letter in LETTERS) else ():
        _cover(masked, match.span(), NAME)
    numbered = (DOCUMENT_NUMBER,) if YEAR_IN_BRACKETS.search(text) else ()
    for expression in (MACHINE, *numbered, *((QUOTATION,) if quotations else ())):
        for match in expression.finditer(text):
            _cover(masked, match.span(), FIXED)
    for wording in protected:
        at = text.find(wording)
        while at >= 0:
            _cover(masked, (at, at + len(wording)), FIXED)
            at = text.find(wording, at + 1)
    return masked


def _cover(masked: bytearray, span: tuple[int, int], value: int) -> None:
    start, end = span
    masked[start:end] = bytes([value]) * (end - start)
