"""Words of the trades, and the ordinary words that only look like them."""

import pytest

from checks.security.injection.lexicon import odd_host, read, trade_host, trade_path

SELLING = [
    "澳门新葡京官网",
    "真.人.百.家.乐",
    "六 合 彩",
    "澳門賭場",
    "ＢＥＴ３６５",
    "AV在线观看",
    "办理毕业证",
    "传奇私服发布网",
    "博彩",
    "online casino",
    "スーパーコピー",
]
ORDINARY = [
    "中国福利彩票",
    "体育彩票管理中心",
    "打击网络赌博专项行动",
    "警惕“百家乐”赌博陷阱",
    "扫黄打非",
    "金沙江流域治理",
    "南京六合区",
    "公私服务大厅",
    "成人高考报名",
    "激情广场大家唱",
    "暴雨黄色预警",
    "税务代开发票服务指南",
    "娱乐场所管理条例",
    "形形色色的展品",
    "Essex County Council",
    "",
    " \n\t",
]


@pytest.mark.parametrize("text", SELLING)
def test_advertising_is_told(text):
    assert read(text).sells


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_are_not(text):
    assert not read(text).sells
    assert not read(text).strong
    assert not read(text).weak


def test_a_pile_of_advertising_outweighs_a_word_of_warning():
    assert not read("谨防百家乐").sells
    assert read("谨防假冒 百家乐 六合彩 时时彩 官网").sells


def test_a_pitch_or_a_second_term_makes_it_stuffed():
    assert read("百家乐").stuffed is False
    assert read("百家乐下载").stuffed is True
    assert read("百家乐 六合彩").stuffed is True


@pytest.mark.parametrize(
    ("host", "trade", "odd"),
    [
        ("www.bet365.com", True, True),
        ("bet365.example.com", True, True),
        ("www.xpj8899.com", True, True),
        ("mycasino.net", True, True),
        ("www.example.top", False, True),
        ("www.9988776.com", False, True),
        ("203.0.113.9", False, True),
        ("10.1.2.3", False, False),
        ("127.0.0.1", False, False),
        ("www.alphabet.com", False, False),
        ("www.qinghe.gov.cn", False, False),
        ("localhost", False, False),
    ],
)
def test_names_of_the_trade_and_thrown_away_names(host, trade, odd):
    assert (trade_host(host), odd_host(host)) == (trade, odd)


@pytest.mark.parametrize(
    ("url", "trade"),
    [
        ("http://a.com/bocai/1.html", True),
        ("http://a.com/x/casino-online", True),
        ("http://a.com/alphabet/index.html", False),
        ("http://casino.a.com/", False),
        ("http://a.com", False),
    ],
)
def test_a_path_may_speak_of_the_trade(url, trade):
    assert trade_path(url) is trade
