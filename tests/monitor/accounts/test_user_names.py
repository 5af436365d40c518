"""User names: one form for each, and none that is taken for another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.accounts.user_names import NameRefusedError, as_looked_up, user_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("zhang", "zhang"),
        (" Zhang.San ", "zhang.san"),
        ("ＺＨＡＮＧ１", "zhang1"),
        ("zhang@example.gov.cn", "zhang@example.gov.cn"),
        ("张三", "张三"),
        ("张三２", "张三2"),
        ("ﬁne", "fine"),
        ("straße", "strasse"),
        ("K1", "k1"),  # the sign of Kelvin
    ],
)
def test_a_name_is_kept_in_one_form(typed, kept):
    assert user_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "张",
        "zhang san",
        "zhang\u00a0san",
        "zhang\u200bsan",
        "zhang\u202esan",
        "zhang\x00",
        "zh\nang",
        "аdmin",  # a Cyrillic a
        "admín",
        "ad\u0301min",
        "αdmin",
        "zhang张",
        "张zhang",
        "张 三",
        "张丶三",
        "丨丨",
        ".zhang",
        "zhang-",
        "-zhang",
        "a" * 65,
        "张" * 21,
        "<script>",
        "a/b",
        "a'b",
        "\ud800ab",
        "ab\ue000",
        "〇〇",
        "⼀⼁",
    ],
)
def test_what_could_be_another_name_is_none(typed):
    with pytest.raises(NameRefusedError, match="a user name is 2 to 64"):
        user_name(typed)


@given(st.text(max_size=200))
def test_what_is_kept_is_kept_again_and_plain(typed):
    try:
        name = user_name(typed)
    except NameRefusedError:
        return
    assert user_name(name) == name == as_looked_up(typed)
    assert len(name) <= 64
    assert name.isprintable()
    assert not any(each.isspace() for each in name)
