"""How a site writes is remembered from run to run, and decides what is a slip there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from checks.links import Links
from checks.model import Block
from checks.typos import Typos
from checks.typos.site_language import Habits, SiteLanguage
from monitor.inspection.checking import Judging
from monitor.inspection.site_language import SiteWording, wording_for
from monitor.pages.urls import host_of
from monitor.store import Store
from monitor.store.memory.languages import LanguageStore
from monitor.store.memory.verdicts import VerdictStore
from monitor.typo_engine.load import with_engine
from tests.factories import page
from tests.monitor.web import Command, Outcome, html, links, web
from tests.server.site import Exchange

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "report.schema.json").read_text("utf-8"))
USUAL = Habits().usual
ANEW = ("crawl.conditional=false",)


@pytest.fixture
def inspect(tmp_path) -> Command:
    return Command(tmp_path)


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    with Store(f"sqlite:///{tmp_path}/store.db") as opened:
        yield opened


def found(outcome: Outcome) -> list[tuple[str, str]]:
    """What is said of every typo, and how sure it is; the report is what its schema says."""
    Draft202012Validator(SCHEMA).validate(outcome.report)
    return [(row["message"], row["confidence"]) for row in outcome.found("typo")]


class Village:
    """A site with a notice for each of so many villages, and one more that the test writes."""

    def __init__(self, notice: str, count: int, latest: str = "敬请期待。") -> None:
        self.notice, self.latest = notice, latest
        paths = [f"/n/{number}.html" for number in range(count)]
        self.site = web({"/": links(*paths, "/latest.html"), "/n/": self._notice, "/latest.html": self._latest})

    async def _notice(self, exchange: Exchange) -> None:
        number = exchange.last.removesuffix(".html")
        await exchange.answer(html(f"<p>第{number}村{self.notice}</p>"))

    async def _latest(self, exchange: Exchange) -> None:
        await exchange.answer(html(f"<p>{self.latest}</p>"))


# ---- both ways, from the outside -----------------------------------------------------------------


def test_a_rare_variant_of_what_the_site_always_writes_is_suspected_once_the_site_is_known(inspect):
    village = Village("举办开渔节活动，请村民参加。", USUAL + 2)
    slip = "今年还将举办开鱼节活动，敬请期待。"
    with village.site.running() as site:
        first = inspect(site.url, checks="typos")
        village.latest = slip
        second = inspect(site.url, checks="typos")
        third = inspect(site.url, checks="typos")
        village.latest = "今年还将举办开渔节活动，敬请期待。"
        fourth = inspect(site.url, checks="typos")
    assert found(first) == []
    assert found(second) == [("本站通常写作“渔”，此处写作“鱼”，请核对", "suspected")]
    (finding,) = second.found("typo")
    assert finding["url"] == f"{site.url}/latest.html"
    assert (second.code, finding["baseline"]) == (0, "new")
    assert [row["baseline"] for row in third.found("typo")] == ["unchanged"]  # answered from memory, as it was
    assert (found(fourth), len(fourth.report["fixed"])) == ([], 1)


def test_a_slip_that_was_there_from_the_start_is_found_when_its_page_is_read_again(inspect):
    village = Village("举办开渔节活动，请村民参加。", USUAL + 2, "今年还将举办开鱼节活动，敬请期待。")
    with village.site.running() as site:
        outcomes = [inspect(site.url, checks="typos", settings=ANEW) for _ in range(3)]
    assert [len(found(outcome)) for outcome in outcomes] == [0, 1, 1]
    assert outcomes[2].found("typo")[0]["baseline"] == "unchanged"


def test_a_form_that_many_texts_use_is_no_typo_although_it_looks_like_one(inspect):
    village = Village("举办企叶采摘活动。", Habits().established)
    with village.site.running() as site:
        first = inspect(site.url, checks="typos", settings=ANEW)
        second = inspect(site.url, checks="typos", settings=ANEW)
    assert found(first) == [("“企叶”疑为“企业”的同音误字", "suspected")] * Habits().established
    assert found(second) == []


def test_a_wording_that_a_person_vouched_for_stays_wrong_however_often_it_is_used(inspect):
    village = Village("认真布署防汛工作。", Habits().established * 2)
    with village.site.running() as site:
        first = inspect(site.url, checks="typos", settings=ANEW)
        second = inspect(site.url, checks="typos", settings=ANEW)
    assert len(found(first)) == len(found(second)) == Habits().established * 2
    assert {row["baseline"] for row in second.found("typo")} == {"unchanged"}


def test_a_look_at_the_homepage_leaves_the_language_of_the_site_alone(inspect, tmp_path):
    village = Village("举办开渔节活动，请村民参加。", 20)
    with village.site.running() as site:
        inspect(site.url, checks="typos")
        with Store(f"sqlite:///{tmp_path}/store.db") as opened:
            kept = LanguageStore(opened.engine, host_of(f"{site.url}/")).load()
        inspect(site.url, "--scope=homepage", checks="typos")
        inspect(site.url, checks="typos")  # all from memory
        with Store(f"sqlite:///{tmp_path}/store.db") as opened:
            after = LanguageStore(opened.engine, host_of(f"{site.url}/")).load()
    assert kept is not None
    assert SiteLanguage.from_bytes(kept).count("开渔节活") == 20
    assert after == kept


# ---- what is kept --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "read", "kept"), [(0, 0, 0), (0, 1, 1), (10, 7, 10), (10, 8, 8), (10, 30, 30), (10, 0, 10)]
)
def test_a_run_that_read_little_of_the_site_does_not_replace_its_language(store, known, read, kept):
    for texts in (known, read):
        wording = SiteWording(LanguageStore(store.engine, "qinghe"))
        wording.learn(Block(f"第{number}条") for number in range(texts))
        wording.save()
    languages = LanguageStore(store.engine, "qinghe")
    assert languages.count_texts() == kept
    stored = languages.load()
    assert (SiteLanguage.from_bytes(stored).texts if stored else 0) == kept


def test_every_site_has_a_language_of_its_own(store):
    for site, count in (("qinghe", 2), ("anning", 3)):
        wording = SiteWording(LanguageStore(store.engine, site))
        wording.learn(Block(f"第{number}条") for number in range(count))
        wording.save()
    assert [LanguageStore(store.engine, site).count_texts() for site in ("qinghe", "anning", "none")] == [2, 3, 0]


def test_a_language_of_another_layout_is_dropped_and_learnt_anew(store):
    languages = LanguageStore(store.engine, "qinghe")
    languages.save(b"SL0\n", 1_000)
    wording = SiteWording(languages)
    wording.learn([Block("优化营商环境")])
    wording.save()
    assert languages.count_texts() == 1


def test_only_checks_that_ask_for_it_have_the_site_counted(store):
    languages = LanguageStore(store.engine, "qinghe")
    assert wording_for((Links(),), languages) is None
    assert wording_for((Links(), Typos()), languages) is not None


def test_numpy_is_not_imported_for_links():
    code = (
        "import sys; from checks.links import Links; import monitor.inspection.run as it\n"
        "assert it.wording_for((Links(),), None) is None; assert 'numpy' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=500, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# ---- a check that fails at it --------------------------------------------------------------------


class Failing(Typos):
    """Typos that cannot say anything about a site."""

    cpu_bound = False

    def review(self, subject, findings, site):
        raise RuntimeError(subject.text)


async def test_what_a_check_said_stands_where_it_fails_on_the_site_and_nothing_counts_as_looked_at(store):
    check = with_engine(Failing())
    judging = Judging(
        (check,), VerdictStore(store.engine), wording_for((check,), LanguageStore(store.engine, "qinghe"))
    )
    found = await judging.judge(page(text="各单位要认真布署工作。"))
    assert [finding.rule.id for _, finding in found] == ["typo"]
    assert (judging.tallies.findings["typos"], judging.tallies.errors["typos"]) == (1, 1)
