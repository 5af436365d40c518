"""What it takes for a guess to become a finding: two independent kinds of evidence, outside of names and quotations."""

from __future__ import annotations

import pytest

from checks.typos import Typos
from checks.typos.candidate import LOOK_ALIKE, Basis, Suspect, Usage
from checks.typos.weighing import ALONE, Group, Setting, chance_of, edit, groups, in_words, reading, weigh
from checks.typos.weighing.model_alone import OUT_OF_PLACE
from checks.typos.weighing.rereading import last_places
from monitor.typo_engine.load import load_engine

CONFIRMED, SUSPECTED = Typos().confirmed, Typos().suspected


def guess(  # noqa: PLR0913, PLR0917 - a suspect has as many parts
    text: str, wrong: str, right: str, chance: float, kind: str = "homophone", usage: Usage = Usage.MET
) -> Suspect:
    return Suspect(text.index(wrong), wrong, right, "language-model", kind, chance, usage=usage)


def listed(text: str, wrong: str, right: str, basis: Basis) -> Suspect:
    return Suspect(text.index(wrong), wrong, right, LOOK_ALIKE, "homophone", 0.9, basis=basis)


def chance(text: str, *suspects: Suspect, model_read: bool = True) -> float:
    (group,) = groups(text, suspects)
    return chance_of(Setting(text), group, model_read=model_read)


def test_a_list_and_the_model_prove_together_what_neither_proves_alone() -> None:
    text = "大力优化营商环镜，提高服务水平。"
    known, guessed = listed(text, "营商环镜", "营商环境", Basis.REVIEWED), guess(text, "镜", "境", 0.9)
    assert chance(text, known, guessed) >= CONFIRMED
    assert chance(text, known) <= ALONE
    assert chance(text, known, model_read=False) <= ALONE


@pytest.mark.parametrize(
    ("text", "wrong", "right", "proven"),
    [
        ("会对咸有乘客造成一定影响", "咸", "现", True),
        ("盗印他人出版物的，依法处罚", "印", "用", False),
        ("水库的灌溉面积有所扩大", "溉", "概", False),
    ],
)
def test_the_model_alone_needs_words_that_break(text: str, wrong: str, right: str, *, proven: bool) -> None:
    assert (chance(text, guess(text, wrong, right, 0.999)) >= CONFIRMED) == proven


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("津融投资服务集团有限公司来访", "津", "金"),
        ("依法查处了海口源健力体育用品有限公司骗税案件", "健力", "建立"),
        ("打响“浙里来消费”品牌活动", "里", "理"),
        ("市领导", "市", "是"),
    ],
)
def test_in_names_quotations_and_short_headings_a_guess_is_suspected_at_most(text: str, wrong: str, right: str) -> None:
    both = (listed(text, wrong, right, Basis.MINED), guess(text, wrong, right, 0.999))
    assert chance(text, *both) <= ALONE


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("中斐双方签署了协议，期待进一步合作", "斐", "非"),
        ("启动实施引洮延伸增效工程建设", "洮", "导"),
        ("齐齐哈尔队的于净今天获得冠军，工人王世平排在第二", "于", "干"),
        ("汉源县九襄镇卫生院基础设施建设项目", "襄", "乡"),
        ("购车后，李即对该车进行了一次大修", "李", "立"),
    ],
)
def test_in_a_name_the_language_model_alone_is_not_believed(text: str, wrong: str, right: str) -> None:
    assert chance(text, guess(text, wrong, right, 0.999)) < SUSPECTED


def test_a_short_name_of_a_place_is_none_where_a_list_knows_the_wording() -> None:
    text = "依照有关法津规定处理"
    assert chance(text, listed(text, "法津", "法律", Basis.MINED), guess(text, "津", "律", 0.99)) >= CONFIRMED


@pytest.mark.parametrize(
    ("text", "changes", "last"),
    [
        ("管管理", [(0, "管", ""), (1, "管", "")], [(1, "管", "")] * 2),
        ("理理理的", [(2, "理", ""), (0, "理", ""), (1, "理", "")], [(2, "理", "")] * 3),
        ("推进推进工作", [(0, "推进", ""), (1, "进推", "")], [(2, "推进", "")] * 2),
        ("法法律", [(0, "", "法"), (2, "", "法")], [(2, "", "法")] * 2),
        ("营商环镜", [(3, "镜", "境")], [(3, "镜", "境")]),
    ],
)
def test_a_change_is_one_wherever_in_a_run_it_is_made(
    text: str, changes: list[tuple[int, str, str]], last: list[tuple[int, str, str]]
) -> None:
    assert list(last_places(text, changes)) == last


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("要为企业服好务，为群众办实事", "好"), ("他曾请过假回家探亲", "过"), ("请帮个忙，把材料送到窗口", "个")],
)
def test_a_verb_taken_apart_is_none_too_many(text: str, wrong: str) -> None:
    assert chance(text, guess(text, wrong, "", 0.99, "extra")) == 0


@pytest.mark.parametrize(
    ("text", "edit_", "model", "basis", "sure"),
    [
        ("医护人员争分夺妙抢救病人", ("妙", "秒"), 0.5, Basis.IDIOM, True),
        ("取得科研成果评价结论的单位", ("评", "平"), 0.7, Basis.REVIEWED, False),
        ("开展科技城果评价工作", ("城", "成"), 0.7, Basis.REVIEWED, True),
        ("开展科技城果评价工作", ("城", "成"), 0.4, Basis.REVIEWED, False),
    ],
)
def test_a_whole_wording_needs_less_of_the_language_model(
    text: str, edit_: tuple[str, str], model: float, basis: Basis, *, sure: bool
) -> None:
    known, guessed = listed(text, *edit_, basis), guess(text, *edit_, model)
    assert (chance(text, known, guessed) >= CONFIRMED) == sure


@pytest.mark.parametrize(("model", "worth_a_look"), [(0.95, False), (0.98, True)])
def test_a_sound_that_is_only_near_needs_a_very_sure_language_model(model: float, *, worth_a_look: bool) -> None:
    text = "为市场内经营者提供固定商位和相应设施"
    found = chance(text, guess(text, "商", "单", model, "near-homophone"))
    assert (found >= SUSPECTED) == worth_a_look
    assert found < CONFIRMED


@pytest.mark.parametrize(
    ("text", "wrong", "right", "kind", "model", "proven"),
    [
        ("不断提高乡村智利效能，健全帮扶政策体系", "智利", "治理", "homophone", 0.99, True),
        ("不断提高乡村智利效能，健全帮扶政策体系", "智利", "治理", "homophone", 0.94, False),
        ("双方经协三商并按程序报经批准", "三", "商", "near-homophone", 0.99, True),
        ("税务机关将依中法不予退税", "中", "", "extra", 0.98, True),
        ("大会投了票，结果已经公布", "了", "", "extra", 0.99, False),
        ("广场工程程已经完工并投入使用", "程", "", "repeated", 0.995, True),
        ("盗印他人出版物的，依法处罚", "印", "用", "shape", 0.99, False),
    ],
)
def test_where_the_language_model_leaves_no_doubt_nothing_else_is_needed(  # noqa: PLR0913
    text: str, wrong: str, right: str, kind: str, model: float, *, proven: bool
) -> None:
    place = text.index("程程") + 1 if kind == "repeated" else text.index(wrong)
    suspect = Suspect(place, wrong, right, "language-model", kind, model, usage=Usage.USUAL)
    assert (chance(text, suspect) >= CONFIRMED) == proven


@pytest.mark.parametrize(
    ("text", "edit_", "kind", "model", "usage", "tier"),
    [
        # what nobody writes proves nothing, unless the model is nearly certain
        ("笔者也有兴趣略抒己见", ("略", "各"), "shape", 0.987, Usage.UNKNOWN, "suspected"),
        ("收录了周总理的大量手迹", ("手迹", "收集"), "homophone", 0.95, Usage.UNKNOWN, ""),
        ("各国会同意访客入境", ("访客", "方可"), "homophone", 0.932, Usage.UNKNOWN, ""),
        ("会对咸有乘客造成一定影响", ("咸", "现"), "homophone", 0.975, Usage.UNKNOWN, "suspected"),
        ("会对咸有乘客造成一定影响", ("咸", "现"), "homophone", 0.99, Usage.UNKNOWN, "confirmed"),
        ("会对咸有乘客造成一定影响", ("咸", "现"), "homophone", 0.985, Usage.USUAL, "confirmed"),
        ("据报道，美国国会有议员呼吁制裁", ("有", ""), "extra", 0.96, Usage.USUAL, ""),
        ("发现松褐天牛和小蠹等害虫", ("小蠹", "消毒"), "homophone", 0.9915, Usage.UNKNOWN, "suspected"),
        ("发现松褐天牛和小蠹等害虫", ("小蠹", "消毒"), "homophone", 0.9915, Usage.USUAL, "confirmed"),
        # the commonest characters are likely anywhere
        ("王世平还替在港务局工作的儿子报了名", ("替", "是"), "homophone", 0.996, Usage.MET, "suspected"),
        # what official writing has again and again needs no words that break
        ("路达到了，平均满载率月为四成", ("月", "约"), "homophone", 0.985, Usage.USUAL, "confirmed"),
        ("路达到了，平均满载率月为四成", ("月", "约"), "homophone", 0.985, Usage.MET, "suspected"),
        # a word for a word
        ("不得盗印他人的其他印刷品", ("印", "用"), "shape", 0.989, Usage.MET, ""),
        # sounds that are only near
        ("协会将对已供建设用地进行核查", ("已", "提"), "near-homophone", 0.995, Usage.MET, "suspected"),
    ],
)
def test_what_a_change_makes_is_known_or_it_proves_little(  # noqa: PLR0913, PLR0917
    text: str, edit_: tuple[str, str], kind: str, model: float, usage: Usage, tier: str
) -> None:
    found = chance(text, guess(text, *edit_, model, kind, usage))
    assert _tier(found) == tier


def _tier(found: float) -> str:
    if found >= CONFIRMED:
        return "confirmed"
    return "suspected" if found >= SUSPECTED else ""


@pytest.mark.parametrize(
    ("model", "usage", "tier"),
    [
        (0.98, Usage.USUAL, "confirmed"),
        (0.94, Usage.USUAL, "suspected"),
        (0.94, Usage.MET, ""),
        (0.89, Usage.USUAL, ""),
    ],
)
def test_a_character_is_missing_that_usual_writing_has_there(model: float, usage: Usage, tier: str) -> None:
    text = "省人民代表大会常务委员第十五次会议批准"
    missing = Suspect(text.index("员"), "员", "员会", "language-model", "missing", model, usage=usage)
    assert _tier(chance(text, missing)) == tier


@pytest.mark.parametrize(
    ("text", "wrong", "right", "shortened"),
    [
        ("完善长期护理险制度，扩大服务供给", "护理险", "护理保险", True),
        ("推出乡村生态游等精品产品", "生态游", "生态旅游", True),
        ("对低收家庭给予补助", "收家庭", "收入家庭", False),
    ],
)
def test_an_abbreviation_lacks_nothing(text: str, wrong: str, right: str, *, shortened: bool) -> None:
    at = text.index(wrong)
    known = Suspect(at, wrong, right, LOOK_ALIKE, "missing", 0.5, basis=Basis.MINED_HINT)
    place = at + next(i for i, char in enumerate(right) if wrong[i] != char)
    guessed = Suspect(
        place - 1, text[place - 1], right[place - at - 1 : place - at + 1], "language-model", "missing", 0.98
    )
    assert (chance(text, known, guessed) < SUSPECTED) == shortened


@pytest.mark.parametrize(
    ("text", "wrong", "right", "basis", "tier"),
    [
        ("国家统局昨日发布一季度数据", "国家统局", "国家统计局", Basis.MINED, "confirmed"),
        ("我省出席全国人代表大会的代表", "全国人代表大会", "全国人民代表大会", Basis.PHRASE, "confirmed"),
        ("任何单位和个不得擅自占用", "个不得", "个人不得", Basis.MINED_DOUBTFUL, "confirmed"),
        ("会议审议了消费税案的说明", "税案的", "税案件的", Basis.MINED_DOUBTFUL, ""),
    ],
)
def test_what_a_list_vouches_for_or_no_noun_ends_with_is_not_shortened_on_purpose(
    text: str, wrong: str, right: str, basis: Basis, tier: str
) -> None:
    known = Suspect(text.index(wrong), wrong, right, LOOK_ALIKE, "missing", 0.9, basis=basis)
    place, _, lost = edit(known)
    both = text[place - 1] + lost
    guessed = Suspect(place - 1, text[place - 1], both, "language-model", "missing", 0.975, usage=Usage.USUAL)
    assert _tier(chance(text, known, guessed)) == tier


@pytest.mark.parametrize(
    ("text", "wrong", "right", "model", "basis", "tier"),
    [
        ("前形势下加强多边义和联合国作用", "多边义", "多边主义", 0.9, Basis.MINED_DOUBTFUL, "confirmed"),
        ("前形势下加强多边义和联合国作用", "多边义", "多边主义", 0.5, Basis.MINED_DOUBTFUL, "suspected"),
        ("前形势下加强多边义和联合国作用", "多边义", "多边主义", 0.5, Basis.MINED_HINT, ""),
        ("坚持实事求，不搞形式主义", "实事求，", "实事求是，", 0.0, Basis.MINED_DOUBTFUL, "suspected"),
        ("本月社零总额增长百分之五", "零总额", "零售总额", 0.0, Basis.MINED_DOUBTFUL, ""),
        ("积极推广配方肥和缓释肥", "配方肥", "配方施肥", 0.8, Basis.MINED_HINT, ""),
    ],
)
def test_a_list_and_words_that_agree_on_a_missing_character_need_little_of_the_model(  # noqa: PLR0913, PLR0917
    text: str, wrong: str, right: str, model: float, basis: Basis, tier: str
) -> None:
    known = Suspect(text.index(wrong), wrong, right, LOOK_ALIKE, "missing", 0.5, basis=basis)
    place, _, lost = edit(known)
    both = text[place - 1] + lost
    guessed = Suspect(place - 1, text[place - 1], both, "language-model", "missing", model, usage=Usage.USUAL)
    assert _tier(chance(text, *([known, guessed] if model else [known]))) == tier


def test_a_list_is_no_reason_to_doubt_the_language_model() -> None:
    text, edit_ = "避免工作重腹安排，切实为基层减负", ("腹", "复")
    guessed = guess(text, *edit_, 0.998, usage=Usage.USUAL)
    assert chance(text, listed(text, "重腹", "重复", Basis.MINED_DOUBTFUL), guessed) >= chance(text, guessed)


@pytest.mark.parametrize(
    ("text", "edit_", "kind", "model", "usage", "tier"),
    [
        ("介绍双方抗击疫情和开战合作的情况", ("战", "展"), "homophone", 0.988, Usage.USUAL, "confirmed"),
        ("介绍双方抗击疫情和开战合作的情况", ("战", "展"), "homophone", 0.98, Usage.USUAL, "suspected"),
        ("介绍双方抗击疫情和开战合作的情况", ("战", "展"), "homophone", 0.988, Usage.MET, ""),
        ("这不是是外交问题，请向主管部门了解", ("是", ""), "repeated", 0.995, Usage.USUAL, "confirmed"),
        ("这不是是外交问题，请向主管部门了解", ("是", ""), "repeated", 0.995, Usage.MET, "suspected"),
    ],
)
def test_what_official_writing_has_again_and_again_proves_a_word_for_a_word_and_a_doubling(  # noqa: PLR0913, PLR0917
    text: str, edit_: tuple[str, str], kind: str, model: float, usage: Usage, tier: str
) -> None:
    assert _tier(chance(text, guess(text, *edit_, model, kind, usage))) == tier


def test_an_idiom_has_one_form_whatever_words_its_slip_made() -> None:
    text = "严查各类巧立名木的乱收费行为"
    assert chance(text, listed(text, "巧立名木", "巧立名目", Basis.IDIOM)) >= CONFIRMED


def test_what_makes_a_new_word_is_suspected_at_most() -> None:
    text = "打造数智经济发展高地"
    known = listed(text, "数智经济", "数字经济", Basis.REVIEWED)
    found = chance(text, known, guess(text, "智", "字", 0.995, "near-homophone", Usage.USUAL))
    assert SUSPECTED <= found <= ALONE


def test_of_two_ways_to_mend_one_place_the_likelier_is_told() -> None:
    text = "全省规模以上业工增加值增长百分之六"
    swapped = guess(text, "业工", "工业", 0.999, "transposed", Usage.USUAL)
    missing = Suspect(text.index("上"), "上", "上工", "language-model", "missing", 0.94, usage=Usage.USUAL)
    told = {one.right: one.probability for one in weigh(text, [swapped, missing], model_read=True)}
    assert told["工业"] >= CONFIRMED
    assert told["上工"] < SUSPECTED


@pytest.mark.parametrize(("edit_", "tier"), [(("做", "作"), "suspected"), (("载", "在"), "confirmed")])
def test_one_way_to_write_a_word_for_another_is_a_matter_of_style(edit_: tuple[str, str], tier: str) -> None:
    text = "本条例未做规定的，载依照有关法律执行"
    assert _tier(chance(text, guess(text, *edit_, 0.997, usage=Usage.USUAL))) == tier


@pytest.mark.parametrize(
    ("text", "wrong", "right", "edit_", "usage", "tier"),
    [
        ("甚至走家串巷，挨门登记", "走家串巷", "走街串巷", ("家", "街"), Usage.UNKNOWN, "suspected"),
        ("甚至走家串巷，挨门登记", "走家串巷", "走街串巷", ("家", "街"), Usage.MET, "confirmed"),
        ("具有二千个以上商位的市场", "以上商位", "以上单位", ("商", "单"), Usage.USUAL, "suspected"),
        ("年中追加专向经费所致", "专向经费", "专项经费", ("向", "项"), Usage.USUAL, "confirmed"),
    ],
)
def test_what_is_only_counted_is_asked_whether_it_is_known(  # noqa: PLR0913, PLR0917
    text: str, wrong: str, right: str, edit_: tuple[str, str], usage: Usage, tier: str
) -> None:
    counted = listed(text, wrong, right, Basis.FREQUENT)
    kind = "near-homophone" if "商" in edit_ else "homophone"
    assert _tier(chance(text, counted, guess(text, *edit_, 0.996, kind, usage))) == tier


def test_a_trade_is_a_name() -> None:
    text = "根据全市蚕业发展实际，统一规划"
    known = listed(text, "蚕业发展", "产业发展", Basis.REVIEWED)
    assert chance(text, known, guess(text, "蚕", "产", 0.99, "near-homophone", Usage.USUAL)) <= ALONE


@pytest.mark.parametrize(
    ("text", "edit_", "tier"),
    [
        ("凝侨心、引侨资、汇侨智、聚侨力工作成效明显", ("力", "务"), ""),
        ("凝侨心、引侨姿、汇侨智、聚侨力工作成效明显", ("姿", "咨"), ""),
        ("学生须按时、按规提交材料", ("规", "规定"), ""),
        ("由债权人、责务人和担保人参照执行", ("责", "债"), "confirmed"),
        ("增加用水量，需要接入、改装、复装、迁移设施的", ("复", "包"), ""),
        ("普通门诊、们诊特定病种以及跨市生育", ("们", "门"), "confirmed"),
        ("优化存量、新增资就源、资产、资金", ("就", ""), "confirmed"),
        ("编制年度预、决算和经费总概算", ("预", "预算"), ""),
        ("监管进、出加工区的运输工具", ("出", "出口"), ""),
    ],
)
def test_what_is_made_for_the_occasion_is_no_slip(text: str, edit_: tuple[str, str], tier: str) -> None:
    kind = "missing" if len(edit_[1]) > 1 else "shape" if edit_[1] else "extra"
    assert _tier(chance(text, guess(text, *edit_, 0.99, kind, Usage.USUAL))) == tier


def test_a_verse_is_left_alone() -> None:
    text = "千磨万击还坚劲，任尔东西南北风。中国作为负责任的大国，将坚持下去。"
    assert chance(text, guess(text, "磨", "百", 0.994)) < SUSPECTED


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("中方高度重视发展中白关系", "白", "日"),
        ("愿同哥方共同努力，深化合作", "哥", "各"),
        ("引入国机集团、中国通用等企业", "机", "际"),
        ("走出高效益的发展模式。（辛闻）", "辛", "新"),
        ("火车站广告部的单伟同志告诉工作人员", "伟", "位"),
        ("直接责任人芦艾林被追究责任", "芦", "和"),
        ("办公室主任计承法受到记大过处分", "计", "继"),
    ],
)
def test_names_are_known_by_what_stands_around(text: str, wrong: str, right: str) -> None:
    assert chance(text, guess(text, wrong, right, 0.994, usage=Usage.USUAL)) < SUSPECTED


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [("王作安 中央统战部副部长、宗教局局长", "王", "工"), ("管理办公室主任计承法受到行政记大过处分", "计", "继")],
)
def test_where_a_name_may_begin_the_language_model_is_never_certain(text: str, wrong: str, right: str) -> None:
    assert chance(text, guess(text, wrong, right, 0.999)) <= ALONE


def test_two_characters_that_make_a_word_together_are_one_change() -> None:
    text = "宗教团体、宗教元宵或者宗教活动场所"
    found = list(groups(text, [guess(text, "元", "院", 0.98), guess(text, "宵", "校", 0.999)]))
    assert [group.change for group in found] == [(7, "元宵", "院校")]
    assert chance_of(Setting(text), found[0], model_read=True) >= CONFIRMED


def test_what_is_no_word_together_stays_two_changes() -> None:
    text = "宗教团体、宗教元宵或者宗教活动场所"
    found = groups(text, [guess(text, "元", "园", 0.98), guess(text, "宵", "小", 0.999)])
    assert [group.change for group in found] == [(7, "元", "园"), (8, "宵", "小")]


def test_what_the_text_writes_again_is_a_term_of_its_own() -> None:
    text = "需要试养的，应当在试养所在地申请"
    assert chance(text, guess(text, "试", "饲", 0.99, "near-homophone")) < SUSPECTED
    assert chance(text[:6], guess(text, "试", "饲", 0.99, "near-homophone")) >= SUSPECTED


def test_a_set_phrase_that_lacks_a_character_is_worth_a_look_whatever_the_model_says() -> None:
    text = "坚持以人民中心的发展思想"
    lacking = Suspect(2, "以人民中心", "以人民为中心", LOOK_ALIKE, "missing", 0.6, basis=Basis.PHRASE, doubtful=True)
    assert SUSPECTED <= chance(text, lacking) < CONFIRMED


def test_a_doubling_is_told_once_whichever_twin_goes() -> None:
    text = "四通桥桥南侧是中国农业科学院站"
    twins = [Suspect(at, "桥", "", "language-model", "repeated", 0.95) for at in (2, 3)]
    assert len(list(weigh(text, twins, model_read=True))) == 1


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("印发了《中国共产党机构贬制工作条例》的通知", False),
        ("看了电影《贬制工作》以后大家很受教育", True),
    ],
)
def test_the_title_of_a_document_is_written_as_other_text_is(text: str, *, apart: bool) -> None:
    assert Setting(text).is_apart((text.index("贬制"), "贬", "编")) == apart


@pytest.mark.parametrize("wrong", ["五", "二", "百"])
def test_figures_are_not_guessed_at(wrong: str) -> None:
    text = f"“十{wrong}五”时期是关键时期"
    assert chance(text, guess(text, wrong, "四", 0.99)) == 0


def test_a_reviewed_pair_speaks_for_itself_unless_other_words_explain_it() -> None:
    for text, right in (("各单位要认真布署工作", True), ("派出所已介入调查", False), ("作出取消售台武器的决定", False)):
        found = [one for one in load_engine(Typos()).suspects(text, SUSPECTED) if one.layer == "lexicon"]
        assert bool(found) == right, text


def test_what_stands_twice_is_for_the_rules_of_form_to_prove() -> None:
    text = "本次会议的的内容十分重要"
    model = Suspect(text.index("的的"), "的", "", "language-model", "repeated", 0.99)
    form = Suspect(text.index("的的"), "的的", "的", "form", "repeated", 0.92)
    assert chance(text, model) <= ALONE
    assert chance(text, model, form) >= CONFIRMED


def test_the_same_deletion_told_of_either_twin_is_one_change() -> None:
    text = "加强管管理"
    first, second = (Suspect(at, "管", "", "language-model", "repeated", 0.9) for at in (2, 3))
    (group,) = groups(text, [first, second])
    assert len(group.suspects) == 2


@pytest.mark.parametrize(
    ("suspect", "change"),
    [
        (("按装", "安装"), (3, "按", "安")),
        (("的的", "的"), (4, "的", "")),
        (("核价", "核心价"), (4, "", "心")),
    ],
)
def test_an_edit_is_the_change_alone(suspect: tuple[str, str], change: tuple[int, str, str]) -> None:
    assert edit(Suspect(3, *suspect, "form", "", 1.0)) == change


@pytest.mark.parametrize(
    ("text", "wrong", "right", "shown"),
    [
        ("集中精力为人民服好务，但", "好", "", ("服好务", "服务")),
        ("会对咸有乘客造成影响", "咸", "现", ("咸有乘客", "现有乘客")),
        ("本市中医医院医院信息系统", "医院", "", ("医院医院", "医院")),
        ("好的", "好", "", ("好的", "的")),
        ("请各单位研究，并合并意见", "并合", "", ("并合并", "并")),
    ],
)
def test_a_guess_is_shown_with_its_word_and_always_has_a_right_hand_side(
    text: str, wrong: str, right: str, shown: tuple[str, str]
) -> None:
    found = in_words(text, guess(text, wrong, right, 0.9))
    assert (found.wrong, found.right) == shown
    assert text[found.start : found.end] == found.wrong


def test_a_reading_says_how_the_words_of_a_text_change() -> None:
    broken, whole = reading("灌概面积", (1, "概", "溉")), reading("灌溉面积", (1, "溉", "概"))
    assert broken.gain > 0 > whole.gain
    assert (broken.before, broken.after) == (1, len("灌溉面积"))


def test_a_reading_says_which_characters_stand_alone_that_hardly_ever_do() -> None:
    lacking, whole = reading("所作的努和采取的行动", (4, "", "力")), reading("所作的努力和行动", (4, "力", ""))
    assert lacking.stranded > OUT_OF_PLACE > 0 > whole.stranded
    assert reading("奋斗意及志", (3, "及", "")).stranded > OUT_OF_PLACE
    assert reading("非常任理事国国，", (6, "国", "")).own > 0


@pytest.mark.parametrize(
    ("text", "wrong", "right", "kind", "model", "usage", "tier"),
    [
        # a character that is no word is left of the word that lacks one
        ("对疫情所作的努和采取的行动", "努", "努力", "missing", 0.93, Usage.USUAL, "confirmed"),
        ("对疫情所作的努和采取的行动", "努", "努力", "missing", 0.93, Usage.MET, "suspected"),
        ("对疫情所作的努和采取的行动", "努", "努力", "missing", 0.75, Usage.USUAL, "suspected"),
        ("对疫情所作的努和采取的行动", "努", "努力", "missing", 0.65, Usage.USUAL, ""),
        # one that is a word may be meant
        ("双方将就此事作进一步讨论", "事", "事情", "missing", 0.91, Usage.USUAL, ""),
        # behind a mark a clause may begin with a verb
        ("追缴税款并处罚款，计三千元整", "，", "，共", "missing", 0.96, Usage.USUAL, "suspected"),
        # official writing shortens these words
        ("沟通之后，中方希澳方加强保障", "希", "希望", "missing", 0.97, Usage.USUAL, ""),
        ("客人作为韩驻华使馆的代表来访", "韩", "韩国", "missing", 0.97, Usage.USUAL, ""),
        ("揭开某珠宝公司偷逃消费税案真相", "案", "案件", "missing", 0.95, Usage.USUAL, ""),
        # a character that is no word stands beside what is too much
        ("激发干部的奋斗意及志和热情", "及", "", "extra", 0.87, Usage.USUAL, "confirmed"),
        ("激发干部的奋斗意及志和热情", "及", "", "extra", 0.7, Usage.USUAL, "suspected"),
        ("中方对其此访有何期待和看法", "其", "", "extra", 0.87, Usage.USUAL, ""),
        # what is no word is typed twice
        ("联合国安理会非常任理事国国，另有安排", "国", "", "repeated", 0.97, Usage.USUAL, "confirmed"),
        # two in the wrong order
        ("为纪念建城百年，各地的化文活动丰富", "化文", "文化", "transposed", 0.975, Usage.USUAL, "confirmed"),
        ("外交邮袋由使馆派人员办理接交和发运", "接交", "交接", "transposed", 0.975, Usage.MET, "suspected"),
        ("中国领导人将与他谈及以巴和谈", "以巴", "巴以", "transposed", 0.983, Usage.UNKNOWN, ""),
        # a near sound whose place no word fills
        ("结合外方关切，加快建设海洋厂业体系", "厂", "产", "near-homophone", 0.99, Usage.MET, "confirmed"),
        ("提供固定商位和相应配套设施", "商", "单", "near-homophone", 0.99, Usage.MET, "suspected"),
        # one pronoun for another
        ("她于昨日去世，中方对她有何评价", "她", "此", "near-homophone", 0.993, Usage.USUAL, ""),
        # a word for a word of which writing knows little
        ("促进本地区的国际民商事私法合作", "私", "司", "homophone", 0.993, Usage.MET, "suspected"),
    ],
)
def test_what_stands_alone_and_hardly_ever_does_is_a_kind_of_evidence(  # noqa: PLR0913, PLR0917
    text: str, wrong: str, right: str, kind: str, model: float, usage: Usage, tier: str
) -> None:
    place = text.rindex(wrong)
    suspect = Suspect(place, wrong, right, "language-model", kind, model, usage=usage)
    assert _tier(chance(text, suspect)) == tier


def test_a_counted_list_and_the_model_prove_what_leaves_a_stranded_character() -> None:
    text = "查出食品中含有三聚氰氨的奶粉"
    known = listed(text, "三聚氰氨", "三聚氰胺", Basis.FREQUENT)
    assert chance(text, known, guess(text, "氨", "胺", 0.985)) >= CONFIRMED
    assert chance(text, known, guess(text, "氨", "胺", 0.9)) <= ALONE


@pytest.mark.parametrize(
    ("other", "model", "tier"),
    [
        ("布署", 0.92, "confirmed"),  # a slip for certain
        ("布署", 0.8, "suspected"),
        ("布署", 0.7, ""),
        ("部署", 0.92, ""),  # none
    ],
)
def test_near_a_slip_another_one_is_likelier(other: str, model: float, tier: str) -> None:
    text = f"要认真抓好工作{other}，在平台上添报人才需求。"
    found = [guess(text, "添", "填", model, usage=Usage.UNKNOWN)]
    if other == "布署":
        found.append(Suspect(text.index("布"), "布署", "部署", "lexicon", "homophone", 0.99, basis=Basis.PAIR))
    weighed = {one.wrong: one.probability for one in weigh(text, found, model_read=True)}
    assert _tier(weighed["添"]) == tier


def test_a_new_word_near_a_slip_is_none() -> None:
    text = "现将有关事向告知如下，由专班盯办"
    slip, word = guess(text, "向", "项", 0.999, usage=Usage.USUAL), guess(text, "盯", "承", 0.95, usage=Usage.USUAL)
    assert {one.right: one.probability >= SUSPECTED for one in weigh(text, [slip, word], model_read=True)} == {
        "项": True,
        "承": False,
    }


def test_two_guesses_that_are_nearly_certain_are_each_others_slip() -> None:
    text = "请在平台上添报人才需求，并将名单书南报送。"
    both = [guess(text, "添", "填", 0.98), guess(text, "南", "面", 0.91)]
    far = [guess(text, "添", "填", 0.98), guess("，" * 200 + text, "南", "面", 0.91)]
    assert [_tier(one.probability) for one in weigh(text, both, model_read=True)][1] == "confirmed"
    assert [_tier(one.probability) for one in weigh(text + "，" * 200 + text, far, model_read=True)][1] == ""


def test_two_ways_to_mend_one_place_do_not_prove_each_other() -> None:
    text = "请在平台上添报人才需求。"
    both = [guess(text, "添", "填", 0.98), guess(text, "人", "入", 0.91)]
    assert _tier([one.probability for one in weigh(text, both, model_read=True)][1]) == ""


MODERN = [
    "“十五五”规划纲要草案已经形成。",
    "国民经济和社会发展第十五个五年规划纲要",
    "国民经济和社会发展第十六个五年规划纲要",
    "推动传统产业数智化转型，构建数智赋能体系。",
    "打通痛点难点堵点，办好民生实事。",
    "实施服务消费提质惠民行动。",
    "现就有关事项通知如下：",
    "现将有关事项通告如下。",
    "现将有关事项通报如下。",
    "现将有关事项函告如下。",
    "现将有关情况通告如下。",
    "为做好秋季植树工作，现将有关事项公告如下：",
    "纪念建团百年主题活动启动。",
    "这一事件将影响立陶宛的国际形象。",
    "我院主院区搬迁公告",
    "慰问驻济部队官兵。",
    "加强院感控制和感控队伍建设。",
    "推动卫生健康委完善工作机制。",
    "政民互动",
    "首页 政民互动 领导信箱",
    "成交日期以合同为准。",
    "因此此项工作必须抓好。",
    "实施医疗卫生强基工程。",
    "外交部张志军副部长会见代表团。",
    "殷殷嘱托重若千钧。",
    "不搞政治泛化和安全泛化。",
    "副秘书瓦伊迪来访。",
]
"""Right sentences of recent official writing that lists of older writing call one slip away from something else."""


@pytest.mark.parametrize("text", MODERN)
def test_lists_alone_leave_modern_writing_alone(text: str) -> None:
    assert not load_engine(Typos()).suspects(text, SUSPECTED)


def test_no_weight_is_missing_for_what_lists_know() -> None:
    text = "营商环镜"
    for basis in Basis:
        if basis not in {Basis.NONE, Basis.PAIR, Basis.DOUBTFUL_PAIR}:
            (group,) = groups(text, [listed(text, "营商环镜", "营商环境", basis)])
            assert group == Group(edit(group.suspects[0]), group.suspects)
            assert 0 < next(weigh(text, group.suspects, model_read=False)).probability <= ALONE
