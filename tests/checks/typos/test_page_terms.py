"""What a page has again and again, or in its title, is a term of its own; what it has once is not."""

from __future__ import annotations

import pytest

from checks.model import Block, Confidence
from checks.typos.candidate import Suspect
from checks.typos.lexicon.alike import alike
from checks.typos.page_terms import PageTerms
from checks.typos.site_language import SiteLanguage, SiteReader
from tests.checks.typos.equipped import typos

TEXT = "全镇发展蚕业二千亩。"
OTHERS = ("蚕业是传统产业。", "蚕业收入稳步增加。")


@pytest.mark.parametrize(
    ("title", "others", "wrong", "is_term"),
    [
        ("", OTHERS, "蚕业", True),
        ("蚕业振兴方案", (), "蚕业", False),
        ("蚕业振兴方案", OTHERS[:1], "蚕业", True),
        ("", OTHERS[:1], "蚕业", False),
        ("", ("发展壮大集体经济。", "推动发展。"), "发展", False),  # a common word is no term by itself
        ("", ("引导农户发展蚕桑。", "鼓励大户发展蚕桑。"), "发展", True),  # but is one in this company
        ("", OTHERS, "蚕", True),
        ("", (), "亩", False),
        ("", OTHERS, "", True),  # what may be missing within 蚕业 is not, where 蚕业 is a term
        ("", (), "", False),
    ],
)
def test_terms_of_a_page(title: str, others: tuple[str, ...], wrong: str, *, is_term: bool) -> None:
    document = PageTerms(title, (TEXT, *others))
    start = TEXT.index(wrong or "业")
    assert document.establishes(TEXT, start, start + len(wrong)) is is_term


@pytest.mark.parametrize(("others", "told"), [(0, [True]), (1, [True, True]), (2, [True, False, False])])
def test_marks_that_are_turned_all_over_a_page_are_told_once(others: int, told: list[bool]) -> None:
    texts = ["坚持“创新“的理念，抓好落实。", *(f"第{number}项要求“协调“推进，做好工作。" for number in range(others))]
    site, page = SiteReader(SiteLanguage(), alike), PageTerms("", texts)
    found = [list(typos().review(block, typos().inspect(block), site, page)) for block in map(Block, texts)]
    assert [bool(each) for each in found] == told
    assert all(
        (one.params["kind"], one.confidence) == ("turned", Confidence.SUSPECTED) for each in found for one in each
    )


@pytest.mark.parametrize(
    ("layer", "probability", "left"),
    [
        ("language-model", 0.9, [Confidence.SUSPECTED]),
        ("language-model", 0.4, []),
        ("look-alike", 0.9, [Confidence.SUSPECTED]),
        ("lexicon", 0.9, [Confidence.CONFIRMED]),
        ("form", 0.4, [Confidence.SUSPECTED]),
    ],
)
def test_guesses_at_a_term_are_a_step_less_sure(layer: str, probability: float, left: list[Confidence]) -> None:
    finding = typos()._finding(TEXT, Suspect(4, "蚕业", "产业", layer, "", probability))
    site = SiteReader(SiteLanguage(), alike)
    reviewed = typos().review(Block(TEXT), [finding], site, PageTerms("", (TEXT, *OTHERS)))
    assert [one.confidence for one in reviewed] == left
