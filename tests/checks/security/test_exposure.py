"""Files that should never be reachable from outside."""

import pytest

from checks.model import Exposure, Response
from checks.security.exposure import SPOTS, ExposedFiles

ORIGIN = "https://www.qinghe.gov.cn"

EXPOSED = [
    ("/.git/HEAD", "ref: refs/heads/master\n", "repository"),
    ("/.git/HEAD", "0123456789abcdef0123456789abcdef01234567\n", "repository"),
    ("/.svn/entries", "12\n\ndir\n", "repository"),
    ("/.svn/wc.db", "SQLite format 3\x00", "repository"),
    ("/.hg/requires", "dotencode\nrevlogv1\nstore\n", "repository"),
    ("/.DS_Store", "\x00\x00\x00\x01Bud1\x00", "repository"),
    ("/.env", "# settings\nAPP_KEY=base64:x\nDB_PASSWORD=secret\n", "configuration"),
    ("/web.config.bak", '<?xml version="1.0"?>\n<configuration>', "configuration"),
    ("/WEB-INF/web.xml", '<?xml version="1.0"?>\n<web-app version="3.0">', "configuration"),
    ("/config.php.bak", "<?php\n$password='x';", "configuration"),
    ("/wwwroot.zip", "PK\x03\x04", "backup"),
    ("/wwwroot.rar", "Rar!\x1a\x07\x00", "backup"),
    ("/web.tar.gz", "\x1f\x8b\x08\x00", "backup"),
    ("/backup.sql", "-- MySQL dump 10.13\n", "backup"),
    ("/phpinfo.php", "<!DOCTYPE html><html><head><title>phpinfo()</title>", "diagnostics"),
    ("/actuator/env", '{"activeProfiles":[],"propertySources":[]}', "diagnostics"),
    ("/druid/index.html", "<html><head><title>Druid Stat Index</title>", "diagnostics"),
]


def judged(path, head, status=200):
    answer = Response(f"{ORIGIN}{path}", status)
    return list(ExposedFiles().inspect(Exposure(path, answer, head)))


@pytest.mark.parametrize(("path", "head", "kind"), EXPOSED)
def test_an_answer_that_is_what_its_address_promises_is_found(path, head, kind):
    (finding,) = judged(path, head)
    assert finding.variant == kind
    assert path in finding.rule.say(finding, "zh-CN")
    assert "secret" not in finding.evidence


@pytest.mark.parametrize("path", [spot.path for spot in SPOTS])
@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("<!DOCTYPE html><html><head><title>首页</title></head><script>\nAPP_KEY=1;\n</script>", 200),
        ("PK\x03\x04 ref: refs/ 您访问的页面不存在", 404),
        ("", 200),
        ("", 403),
        ("Not found", 200),
    ],
)
def test_a_site_that_answers_everything_exposes_nothing(path, head, status):
    assert judged(path, head, status) == []


def test_it_runs_only_where_the_owner_asks_for_it():
    assert not ExposedFiles.default
