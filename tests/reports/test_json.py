"""report.json holds every fact, for programs: it follows its schema, whatever the site wrote."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from checks.model import Excerpt, Kind, Redirect
from reports import FORMATS
from reports.json import SCHEMA_VERSION
from reports.model import Baseline
from tests.factories import at, entry, finding, link, report, run
from tests.reports.hostile import HOSTILE, hostile_report
from tests.reports.sample import BROKEN_LINK, sample

SCHEMA = json.loads(Path(__file__).parents[2].joinpath("docs", "report.schema.json").read_text("utf-8"))


@cache
def validator():
    Draft202012Validator.check_schema(SCHEMA)
    return Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def written(made, language="zh-CN"):
    """Return the parsed report, after holding it against the schema."""
    document = json.loads(FORMATS["json"].render(made, language))
    validator().validate(document)
    return document


def undescribed(value, schema, path="$"):
    """Yield the path of every field that the schema does not describe."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]] | {k: v for k, v in schema.items() if k != "$ref"}
    options = [*schema.get("anyOf", ()), *schema.get("allOf", ())]
    if options:
        yield from undescribed(value, next(option for option in options if option.get("type") != "null"), path)
    elif isinstance(value, dict):
        for name, inner in value.items():
            described = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if described is None:
                yield f"{path}.{name}"
            else:
                yield from undescribed(inner, described, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from undescribed(inner, schema.get("items", {}), f"{path}[]")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_schema_describes_every_field(language):
    assert set(undescribed(written(sample(), language), SCHEMA)) == set()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_kept_as_it_was_found(text):
    found = {item["rule"]: item for item in written(hostile_report(text))["findings"] if item["text"]}
    assert found["quoting"]["text"]["wrong"].encode("utf-8", "surrogatepass") == text.encode("utf-8", "surrogatepass")


@given(st.text(st.characters(codec=None)))
def test_any_text_survives(text):
    assert written(report(run=run(site=text)))["run"]["site"] == text


def test_the_run():
    document = written(sample())
    assert document["schema_version"] == SCHEMA_VERSION
    assert document["run"] == {
        "id": "20260905-site-07",
        "site": "清河县人民政府",
        "url": "https://www.qinghe.gov.cn/",
        "scope": "site",
        "scheduled_for": "2026-09-07T02:00:00+08:00",
        "started": "2026-09-07T02:00:12+08:00",
        "finished": "2026-09-07T02:47:00+08:00",
        "status": "partial",
        "pages": 4812,
        "requests": 26904,
        "links": 21377,
        "bytes": 612000000,
        "reason": "达到网页数上限 5,000",
    }


def test_a_link_finding():
    target = link(
        at("/a.pdf"),
        404,
        kind=Kind.ATTACHMENT,
        referrers=((at("/x"), "附件"),),
        referrer_count=7,
        redirects=(Redirect(at("/a.pdf"), 302, at("/b.pdf")),),
    )
    found = finding(
        BROKEN_LINK, at("/x"), key="a", variant="http-4xx", params={"status": 404}, target=target, placeless=True
    )
    (item,) = written(report(entry(found, Baseline.REOPENED)), "en")["findings"]
    assert item["id"] == found.fingerprint
    assert item["target"] == {
        "url": at("/a.pdf"),
        "status": 404,
        "error": "http-4xx",
        "kind": "attachment",
        "redirects": [{"url": at("/a.pdf"), "status": 302, "location": at("/b.pdf")}],
    }
    assert item["referrers"] == [{"url": at("/x"), "title": "", "text": "附件", "region": None}]
    assert (item["referrer_count"], item["baseline"], item["severity"]) == (7, "reopened", "major")
    assert item["message"] == "The target is gone: the server answers 404"
    assert item["suggestion"] == "Correct the address, or remove the link if its target is gone."


def test_a_text_finding():
    found = finding(text=Excerpt("请登录", "帐号", "办理", 3), suggestion="账号")
    (item,) = written(report(entry(found)))["findings"]
    assert item["text"] == {"before": "请登录", "wrong": "帐号", "after": "办理", "start": 3}
    assert (item["suggestion"], item["target"], item["referrers"], item["referrer_count"]) == ("账号", None, [], 0)


def test_an_empty_report_has_every_section():
    document = written(report())
    assert set(SCHEMA["required"]) <= set(document)
    assert (document["findings"], document["fixed"], document["score"], document["previous"]) == ([], [], None, None)


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("findings", {"severity": "bad"}),
        ("findings", {"baseline": "fixed"}),
        ("findings", {"id": "F"}),
        ("fixed", {"baseline": "new"}),
        ("findings", {"first_seen": "yesterday"}),
        ("findings", {"target": {}}),
        ("columns", {"status": "asleep"}),
        ("checks", {"errors": -1}),
    ],
)
def test_the_schema_refuses_what_is_wrong(section, change):
    document = written(sample())
    document[section][0] |= change
    assert not validator().is_valid(document)
