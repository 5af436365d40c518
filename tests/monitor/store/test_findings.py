"""Findings, pages and answers go into the store as values and come out equal; only the store knows their rows."""

from __future__ import annotations

import json
import zlib

import pytest
from msgspec.structs import replace

from checks import RULES
from checks.model import (
    Confidence,
    Excerpt,
    Facts,
    Finding,
    Kind,
    Redirect,
    Reference,
    Referrer,
    Region,
    Response,
    Severity,
    Text,
)
from monitor.store import Store
from monitor.store.closing import close
from monitor.store.codec import finding_from_json, finding_to_json
from monitor.store.crawl.frontier import Batch, CrawlStore
from monitor.store.crawl.pages import PackedReferences, PageRecord, hosts_in, pack_references
from monitor.store.crawl.targets import AnsweredTarget, NewTarget, TargetAnswer
from monitor.store.findings import CHUNK, CheckFinding, FindingStore
from monitor.store.ledger.sightings import FaultRecord, FaultStore, Sighting
from monitor.store.memory.verdicts import VerdictStore
from monitor.store.runs import RunRecord
from reports.model import Baseline
from reports.remediation.policy import LedgerPolicy
from tests.factories import at, link, reference

DEAD = replace(link(at("/gone.html"), 404), homepage=True)
FINDINGS = (
    Finding(RULES["stale-column"], at("/tzgg/"), "通知公告", {"days": 40}),
    Finding(RULES["broken-link"], "", at("/gone.html"), variant="http-4xx", target=DEAD, placeless=True, count=3),
    Finding(
        RULES["typo"],
        at("/a.html"),
        "布署",
        {"wrong": "布署", "right": "部署"},
        evidence="认真布署工作",
        suggestion="部署",
        confidence=Confidence.SUSPECTED,
        severity=Severity.MINOR,
        text=Excerpt("认真", "布署", "工作", 2),
        column="工作动态",
        region=Region.BODY,
        referrers=(Referrer(at("/"), "动态", Region.MENU),),
        referrer_count=7,
    ),
)


def begin(store: Store) -> RunRecord:
    return store.runs.begin(site="a", name="", url=at("/"), scope="site", engine="1", scheduled_for=None)


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.rule.id)
def test_a_finding_reads_as_it_was_written(finding):
    assert finding_from_json(finding_to_json(finding)) == finding


@pytest.mark.parametrize("written", [[at("/"), "动态"], [at("/"), "动态", "of-another-version"]])
def test_a_referrer_of_another_version_reads_as_one_whose_region_is_unknown(written):
    body = finding_to_json(FINDINGS[-1]) | {"referrers": [written], "region": "of-another-version"}
    read = finding_from_json(body)
    assert (read.referrers, read.region) == ((Referrer(at("/"), "动态"),), Region.UNKNOWN)


def test_references_of_a_version_without_regions_can_be_read():
    packed = zlib.compress(json.dumps([list(reference())[:6]]).encode())
    assert PackedReferences(packed).all() == [reference()]


ALSO_REFERENCES = (
    reference("/a.html", text="通知 \n“公告”", fragment="x", region=Region.MENU),
    Reference("javascript:;", "", Kind.PAGE, "\ud800", element="area[href]"),
    reference("https://user@www.beijing.gov.cn:8080/b.pdf", Kind.ATTACHMENT),
)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_references_read_as_they_were_written_but_for_half_a_pair_of_surrogates(count):
    read = [each._replace(text=each.text.replace("\ud800", "?")) for each in ALSO_REFERENCES[:count]]
    assert PackedReferences(pack_references(ALSO_REFERENCES[:count])).all() == read


def rows_by_zlib(references):
    """Return references as earlier versions packed them."""
    rows = json.dumps([list(each) for each in references], ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(rows.encode("utf-8", "replace"), 1)


def test_no_references_lead_anywhere():
    assert PackedReferences(pack_references(())).leading_to({""}) == []


@pytest.mark.parametrize("pack", [pack_references, rows_by_zlib])
def test_references_of_both_versions_are_chosen_by_where_they_lead(pack):
    packed = pack(ALSO_REFERENCES)
    whole, wanted = PackedReferences(packed).all(), {"", ALSO_REFERENCES[2].url}
    assert [each.read() for each in PackedReferences(packed).leading_to(wanted)] == whole[1:]
    assert [each.fragment() for each in PackedReferences(packed).leading_to({whole[0].url})] == ["x"]
    assert hosts_in(packed) == {"www.qinghe.gov.cn", "user@www.beijing.gov.cn:8080"}


def test_a_finding_of_a_rule_that_is_no_more_says_so_and_keeps_its_fingerprint():
    body = finding_to_json(FINDINGS[0]) | {"rule": "of-another-version"}
    read = finding_from_json(body)
    assert (read.rule.id, read.rule.family) == ("of-another-version", "retired")
    assert read.fingerprint == replace(FINDINGS[0], rule=replace(FINDINGS[0].rule, id="of-another-version")).fingerprint


def test_a_run_keeps_each_finding_once_with_the_check_that_made_it(store):
    findings = FindingStore(store.engine, begin(store).id)
    findings.save(CheckFinding("typos", finding) for finding in (*FINDINGS, *FINDINGS))
    kept = [stored for chunk in findings.load() for stored in chunk]
    assert {(stored.fingerprint, stored.check) for stored in kept} == {(each.fingerprint, "typos") for each in FINDINGS}
    assert all(stored.finding in FINDINGS and stored.baseline is Baseline.NEW for stored in kept)
    assert (findings.any_of({"typos"}), findings.any_of({"links"})) == (True, False)


def test_findings_are_read_some_hundred_at_a_time(store):
    findings = FindingStore(store.engine, begin(store).id)
    many = [Finding(RULES["stale-column"], at("/"), f"{number}") for number in range(2 * CHUNK + 1)]
    findings.save(CheckFinding("freshness", finding) for finding in many)
    chunks = list(findings.load())
    assert [len(chunk) for chunk in chunks] == [CHUNK, CHUNK, 1]
    assert {stored.fingerprint for chunk in chunks for stored in chunk} == {each.fingerprint for each in many}


def test_a_closed_run_keeps_baselines_and_the_history_of_faults(store):
    run, finding = begin(store), FINDINGS[2]
    findings, history = FindingStore(store.engine, run.id), FaultStore(store.engine, "a", "site")
    findings.save([CheckFinding("typos", finding)])
    record = FaultRecord("typos", 1.0, 2.0, run.id, 2, None, None)
    settled = [[(stored._replace(baseline=Baseline.UNCHANGED), record) for stored in c] for c in findings.load()]
    ended = {"now": 2.0, "forget_unseen": False, "policy": LedgerPolicy()}
    close(store.engine, run, {"status": "complete"}, settled, fixed={}, **ended)
    assert [stored.baseline for chunk in findings.load() for stored in chunk] == [Baseline.UNCHANGED]
    assert history.load([finding.fingerprint, "none"]) == {finding.fingerprint: record}
    assert list(history.load_sightings([finding.fingerprint])) == [
        Sighting("site", finding.fingerprint, "typos", finding)
    ]
    close(store.engine, run, {}, [], fixed={finding.fingerprint: Text("打开了", "opens")}, **(ended | {"now": 3.0}))
    assert list(history.load_sightings([finding.fingerprint])) == []
    assert history.load([finding.fingerprint])[finding.fingerprint] == record._replace(fixed=3.0, fixed_run=run.id)


def test_verdicts_on_texts_are_of_one_version_of_a_check(store):
    verdicts = VerdictStore(store.engine)
    verdicts.save("typos", "1", {b"a": [FINDINGS[2]], b"b": []}, 1.0)
    assert verdicts.load("typos", "1", [b"a", b"b", b"c"]) == {b"a": [FINDINGS[2]], b"b": []}
    assert verdicts.load("typos", "2", [b"a"]) == {}


# ---- pages and targets ---------------------------------------------------------------------------

PAGE = PageRecord(
    url=at("/a.html"),
    title="通知",
    etag='"1"',
    digest=b"16 bytes of hash",
    anchors=frozenset({"top", "end"}),
    fragments=(at("/b.html#x"),),
    references=(reference("/b.html", Kind.PAGE, text="乙", fragment="x"),),
    findings=(CheckFinding("typos", FINDINGS[2]),),
    facts=Facts(at("/a.html"), title="通知", article=True),
)


def test_a_page_answers_for_itself_in_the_next_run_of_the_same_checks(store):
    first = CrawlStore(store.engine, begin(store))
    first.save(Batch(pages={PAGE.url: PAGE}), {})
    second = CrawlStore(store.engine, begin(store))
    other = CrawlStore(store.engine, replace(second.row, engine="2"))
    assert (second.load_page(PAGE.url), second.knows_pages()) == (PAGE, True)
    assert (second.load_page(at("/")), other.load_page(PAGE.url), other.knows_pages()) == (None, None, False)
    assert list(second.load_references()) == []
    second.save(Batch(unchanged=[PAGE.url]), {})
    assert [(url, references.all()) for url, references in second.load_references()] == [
        (PAGE.url, list(PAGE.references))
    ]
    assert (list(second.load_page_facts()), list(second.load_fragments())) == ([PAGE.facts], [list(PAGE.fragments)])
    assert list(second.load_hosts()) == [{"www.qinghe.gov.cn"}]
    assert second.load_anchors([PAGE.url, at("/")]) == {PAGE.url: (PAGE.anchors, False)}


def test_pages_of_which_the_columns_need_nothing_have_no_facts(store):
    crawl = CrawlStore(store.engine, begin(store))
    sheets = [PageRecord(at(f"/{number}.css")) for number in range(2)]
    crawl.save(Batch(pages={each.url: each for each in (PAGE, sheets[0])}), {})
    crawl.save(Batch(pages={each.url: each for each in sheets}), {})
    assert list(crawl.load_page_facts()) == [PAGE.facts]


def test_the_last_answer_of_a_target_counts(store):
    crawl = CrawlStore(store.engine, begin(store))
    met = [NewTarget(number, at(f"/{number}"), "page", "a[href]", 1, 0) for number in range(4)]
    gone = TargetAnswer((Response(at("/"), 404),))
    crawl.save(Batch(met=met, answered=[(0, gone), (0, None), (1, None), (1, gone), (2, gone), (3, None)]), {})
    assert [target.url for target in crawl.load_amiss()] == [met[1].url, met[2].url]
    crawl.save(Batch(answered=[(2, None), (3, gone)]), {})
    assert [target.url for target in crawl.load_amiss()] == [met[1].url, met[3].url]
    assert [answered for _, answered in crawl.load_targets()] == [True] * 4


def test_answers_are_kept_where_there_is_something_to_say(store):
    crawl = CrawlStore(store.engine, begin(store))
    met = [NewTarget(number, at(f"/{number}.pdf"), "attachment", "a[href]", 1, 0) for number in range(3)]
    hop = Redirect(at("/1.pdf"), 302, at("/login"))
    answer = TargetAnswer(
        (Response(at("/1.pdf"), error="timeout", detail="slow"), Response(at("/login"), 200, redirects=(hop,))),
        sniffed="html",
        soft_404=("title", "path"),
        title="登录",
    )
    crawl.save(Batch(met=met, answered=[(0, None), (1, answer)]), {})
    assert list(crawl.load_targets()) == [(met[0], True), (met[1], True), (met[2], False)]
    assert crawl.load_amiss() == [AnsweredTarget(met[1].url, "attachment", "a[href]", answer)]
    assert list(crawl.load_fine()) == [met[0].url]
    assert crawl.load_attachments() == [(met[0].url, None), (met[1].url, answer)]
    assert crawl.count_kinds() == {"attachment": 2}
