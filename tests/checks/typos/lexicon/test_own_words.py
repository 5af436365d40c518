"""The operator's dictionary, and its faults told by line."""

from __future__ import annotations

import pytest

from checks.typos.lexicon.own_words import OwnWordsError, parse
from checks.typos.lexicon.pair import Pair

GOOD = """\ufeff# 本局词表
[纠错]
市民中新 市民中心  严重
便民服务大听\t便民服务大厅
[names]
陈珺   # 局长
[放行]
截止今年底
"""


def test_reads_pairs_names_and_allowed_wordings() -> None:
    own = parse(GOOD)
    assert own.pairs == (Pair("市民中新", "市民中心", severe=True), Pair("便民服务大听", "便民服务大厅"))
    assert own.protected == ("陈珺", "截止今年底")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("市民中新 市民中心", "own.txt:1: '市民中新 市民中心' stands before the first section"),
        ("[pairs]\n\n市民中新", "own.txt:3: a pair is the wrong wording, the right one, and 严重 if it is severe"),
        ("[pairs]\n甲乙 甲丙 一般", "own.txt:2: '一般' is not 严重 or severe"),
        ("[pairs]\n甲乙 甲乙", "own.txt:2: '甲乙' is corrected to itself"),
        ("[pairs]\n甲 乙", "own.txt:2: '甲' is one character and would be found everywhere"),
        ("[pairs]\n甲乙 丙丁\n甲乙 丙戊", "own.txt:3: '甲乙' is listed twice"),
        ("# 词表\n[words]", "own.txt:2: unknown section '[words]'; there are [pairs], [names], [allowed]"),
    ],
)
def test_tells_a_fault_by_its_line(text: str, message: str) -> None:
    with pytest.raises(OwnWordsError) as raised:
        parse(text, "own.txt")
    assert str(raised.value).startswith(message)
