"""What the inspection gets: findings with place, rule, tier and suggestion."""

from __future__ import annotations

import pickle
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checks.model import Block, Check, Confidence, Finding
from checks.typos import Typos
from checks.typos.candidate import Suspect
from checks.typos.engine import PIECE, Engine
from checks.typos.lexicon.own_words import OwnWords
from checks.typos.rules import FORM_RULES, MESSAGES
from checks.typos.site_language import Habits, SiteLanguage, SiteReader
from monitor.typo_engine.load import load_engine
from tests.checks.typos.equipped import typos


def inspect(text: str, check: Typos | None = None) -> list[Finding]:
    return list((check or typos()).inspect(Block(text)))


def test_a_finding_says_where_what_and_how_sure() -> None:
    (finding,) = inspect("会议要求，各单位要认真布署年度工作。")
    assert finding.rule.id == "typo"
    assert finding.text is not None
    assert finding.text[1:] == ("布署", "年度工作。", 11)
    assert (finding.suggestion, finding.confidence, finding.params["layer"]) == (
        "部署",
        Confidence.CONFIRMED,
        "lexicon",
    )
    assert finding.rule.say(finding, "zh-CN") == "“布署”疑为“部署”的同音误字"


@pytest.mark.parametrize(
    ("text", "rule", "confidence"),
    [
        ("成立工作领导小姐", "severe-typo", Confidence.CONFIRMED),
        ("会议决定按装监控设备", "typo", Confidence.SUSPECTED),
        ("国发[2018]12号", "document-number", Confidence.CONFIRMED),
        ("加强领导,落实责任，确保安全。", "punctuation", Confidence.SUSPECTED),
    ],
)
def test_rules_and_tiers(text: str, rule: str, confidence: Confidence) -> None:
    (finding,) = inspect(text)
    assert (finding.rule.id, finding.confidence) == (rule, confidence)
    for language in ("zh-CN", "en"):
        assert finding.text is not None
        assert finding.text.wrong in finding.rule.say(finding, language)


def test_every_kind_of_message_can_be_said() -> None:
    for rule in Typos.rules:
        variants = rule.message if isinstance(rule.message, dict) else {"": rule.message}
        for variant in variants:
            finding = Finding(rule, "", params={"wrong": "甲", "right": "乙"}, variant=variant)
            assert "甲" in rule.say(finding, "zh-CN")


@pytest.mark.parametrize(("layer", "kind"), [("form", "stray"), ("form", "doubled"), ("look-alike", "extra")])
def test_what_should_go_is_said_to_go(layer: str, kind: str) -> None:
    finding = Typos()._finding("附件、请下载", Suspect(2, "、", "", layer, kind, 0.9))
    assert finding.rule.say(finding, "zh-CN") == "“、”疑似多余，应删去"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(
    ("layer", "kind"), [*(("form", kind) for kind in FORM_RULES), *(("lexicon", kind) for kind in MESSAGES)]
)
def test_nothing_is_said_to_become_nothing(layer: str, kind: str, language: str) -> None:
    finding = Typos()._finding("附件、请下载", Suspect(2, "、", "", layer, kind, 0.9))
    said = finding.rule.say(finding, language)
    assert "、" in said
    assert "“”" not in said


def test_thresholds_are_settings() -> None:
    assert inspect("会议决定按装监控设备", typos(confirmed=0.5))[0].confidence is Confidence.CONFIRMED
    assert not inspect("会议决定按装监控设备", typos(suspected=0.6))


@pytest.mark.parametrize("settings", [{"confirmed": 0.05}, {"suspected": 0.0}, {"confirmed": 1.1}])
def test_refuses_thresholds_that_cross(settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="0 < suspected"):
        typos(**settings)  # type: ignore[arg-type]


def test_the_operators_dictionary_counts(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("[pairs]\n市民中新 市民中心 严重\n[allowed]\n布署令\n", "utf-8")
    check = typos(dictionary=str(own))
    assert [finding.rule.id for finding in inspect("请到市民中新领取布署令", check)] == ["severe-typo"]


def test_a_missing_dictionary_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        typos(dictionary=str(tmp_path / "none.txt"))


def test_the_version_names_what_a_verdict_depends_on(tmp_path: Path) -> None:
    (tmp_path / "zh_CN.lm").write_bytes(b"model")
    own = tmp_path / "own.txt"
    own.write_text("[names]\n陈珺\n", "utf-8")
    checks = [
        typos(),
        typos(confirmed=0.95),
        typos(style=True),
        typos(dictionary=str(own)),
        typos(models=str(tmp_path)),
    ]
    assert len({check.version for check in checks}) == len(checks)
    assert typos().version == pickle.loads(pickle.dumps(typos())).version


def test_the_fingerprint_does_not_move_with_the_text_around_it() -> None:
    (one,), (other,) = inspect("会议要求，各单位要认真布署工作。"), inspect("今年的会议要求，各单位要认真布署工作。")
    assert replace(one, url="u").fingerprint == replace(other, url="u").fingerprint


def test_overlaps_are_told_once() -> None:
    (finding,) = inspect("要依法追究行事责任。")
    assert finding.suggestion == "刑事责任"


def test_foreign_text_is_left_alone_but_for_residues() -> None:
    assert not inspect("縣政府辦公室關於佈署工作的通知,請遵照執行")
    assert [finding.rule.id for finding in inspect("Lorem ipsum dolor sit amet")] == ["template-text"]


@pytest.mark.parametrize("text", ["欢迎访问{{site.title}}", "发布时间：${article.date}", "Welcome to <%= name %>"])
def test_template_code_is_reported_where_it_is_asked_for_and_by_templates_where_not(text: str) -> None:
    told = [finding.rule.id for finding in typos(template_code=True).inspect(Block(text))]
    assert (told, inspect(text)) == (["template-text"], [])


class Guess:
    """A layer that always suspects the same."""

    def __init__(self, *suspects: Suspect) -> None:
        self._suspects = list(suspects)

    def suspects(self, text: str, masked: bytearray) -> list[Suspect]:
        return self._suspects


def test_layers_that_agree_are_surer_than_each_alone() -> None:
    text = "会议决定按装监控设备"
    guess = Suspect(4, "按", "安", "language-model", "homophone", 0.8)
    engine = Engine(*_parts(), OwnWords(), (Guess(guess),))
    (suspect,) = engine.suspects(text)
    alone = Engine(*_parts(), OwnWords(), ()).suspects(text)[0].probability
    assert 0.3 < alone < suspect.probability < 1


class Recorder(Guess):
    """A layer that remembers what it read, and suspects its first character."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def suspects(self, text: str, masked: bytearray) -> list[Suspect]:
        assert len(text) == len(masked)
        self.read.append(text)
        return [Suspect(0, text[0], "丙", "language-model", "shape", 0.99)]


def test_long_texts_are_read_in_pieces_and_places_are_those_of_the_whole() -> None:
    recorder = Recorder()
    text = "甲乙丁戊己庚辛壬癸子丑寅。" * 700
    suspects = Engine(*_parts(), OwnWords(), (recorder,)).suspects(text)
    assert "".join(recorder.read) == text
    assert max(map(len, recorder.read)) <= PIECE
    assert all(text[one.start] == one.wrong for one in suspects)
    assert [one.start for one in suspects] == [0, *accumulate(len(piece) for piece in recorder.read[:-1])]


def test_short_texts_are_read_together_and_get_back_what_is_theirs() -> None:
    recorder = Recorder()
    engine = Engine(*_parts(), OwnWords(), (recorder,))
    read = engine.read(["甲乙丁戊己庚。", "Not Chinese.", "辛壬癸子丑寅。"])
    assert recorder.read == ["甲乙丁戊己庚。\n辛壬癸子丑寅。"]
    assert [[(one.start, one.wrong) for one in found] for found in read] == [[(0, "甲")], [], []]


def _parts() -> tuple[object, object]:
    engine = load_engine(Typos())
    return engine.lexicon, engine.phrases


def test_a_site_confirms_adds_and_drops() -> None:
    language = SiteLanguage()
    for number in range(60):
        language.add(f"第{number}条 优化营商环境，提高水平。")
    for name in "甲乙丙丁戊":
        language.add(f"{name}村举办开渔节活动")
    site = SiteReader(language, lambda *pair: pair == ("镜", "境"), Habits(50, 2, 25, 5))
    text = "优化营商环镜，举办开渔节活动"
    guesses = [("环镜", "环境", 4), ("开渔", "开鱼", 9)]
    made = [
        typos()._finding(text, Suspect(start, wrong, right, "language-model", "homophone", 0.4))
        for wrong, right, start in guesses
    ]
    (kept,) = typos().review(Block(text), made, site)
    assert (kept.suggestion, kept.confidence) == ("环境", Confidence.CONFIRMED)
    (added,) = typos().review(Block(text), [], site)
    assert (added.suggestion, added.params["layer"], added.confidence) == ("环境", "site", Confidence.SUSPECTED)


def _fishing() -> SiteReader:
    """A site that writes 开渔节 all the time, and hurried hands that put 鱼 and 镜."""
    language = SiteLanguage()
    for number in range(60):
        language.add(f"第{number}条 举办开渔节活动，优化营商环境，提高水平。")
    return SiteReader(language, lambda *pair: pair in {("鱼", "渔"), ("镜", "境")}, Habits(50, 2, 25, 5))


def test_what_a_list_and_the_site_agree_on_is_told_once() -> None:
    text = "大力优化营商环镜，"
    (finding,) = typos().review(Block(text), inspect(text), _fishing())
    assert finding.params["layer"] == "lexicon"


@pytest.mark.parametrize(
    ("text", "settings", "count"),
    [
        ("今年“举办开鱼节活动”。", {}, 1),
        ("今年“举办开鱼节活动”。", {"skip_quotations": True}, 0),
        ("See the programme of the village: 举办开鱼节活动", {}, 0),
    ],
)
def test_the_site_is_not_asked_about_what_is_skipped(text: str, settings: dict[str, bool], count: int) -> None:
    assert len(list(typos(**settings).review(Block(text), [], _fishing()))) == count


def test_the_site_is_not_asked_about_protected_names(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("[names]\n开鱼节\n", "utf-8")
    assert not list(typos(dictionary=str(own)).review(Block("举办开鱼节活动"), [], _fishing()))


def test_texts_together_are_judged_as_each_alone() -> None:
    texts = ["各单位要认真布署工作。", "Not Chinese.", "会议决定按装监控设备。", ""]
    together = typos().inspect_all([Block(text) for text in texts])
    assert together == [inspect(text) for text in texts]
    assert together == Check.inspect_all(typos(), [Block(text) for text in texts])


PIECES = st.sampled_from(
    [
        *"的的了和，。、；：？！“”《》（）()[]〔〕 \n,;1230９a\U00020000\ud800é",
        "人民共合国",
        "布署",
        "进行",
        "2月30日",
        "{{x}}",
        "（一）",
        "社会主义核价值观",
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_gets_spans_that_lie_in_it_and_apart(text: str) -> None:
    suspects = load_engine(Typos()).suspects(text)
    assert all(text[one.start : one.end] == one.wrong for one in suspects)
    assert all(one.end <= other.start for one, other in pairwise(suspects))
