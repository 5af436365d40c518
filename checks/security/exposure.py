"""Judge files that should never be reachable from outside: repositories, settings, backups, diagnostics.

The table of paths is the whole reach of the probe: a handful of addresses, a few hundred bytes of each, only where the
owner of the site asks for it. What answers must look like what it is taken for; a site that says 200 to everything
exposes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from checks.late_pattern import late
from checks.model import Check, Exposure, Finding, Rule, Severity, Text

EXPOSED_FILE = Rule(
    id="exposed-file",
    family="security",
    severity=Severity.CRITICAL,
    title=Text("敏感文件可以从外部下载", "Sensitive file reachable"),
    message={
        "repository": Text(
            "版本库文件 {path} 可以直接下载，源码可被还原", "{path} of a source repository can be fetched"
        ),
        "configuration": Text("配置文件 {path} 可以直接下载，可能含有口令", "The settings in {path} can be fetched"),
        "backup": Text("备份文件 {path} 可以直接下载", "The backup {path} can be fetched"),
        "diagnostics": Text("调试页面 {path} 对外开放", "The diagnostics at {path} are open to everybody"),
    },
    remedy=Text(
        "立即删除或禁止访问该文件，更换其中出现过的口令和密钥，并检查访问日志",
        "Delete the file or close it off at once, change every password and key in it, and read the access log",
    ),
    basis=Text("GB/T 22239-2019 访问控制；CWE-538", "GB/T 22239-2019, access control; CWE-538"),
    why=Text(
        "攻击者会成批扫描这些地址，得手即可掌握源码、口令或全部数据",
        "Attackers scan for these addresses by the thousand; one hit gives them code, passwords or all the data",
    ),
    unverified=True,
)


class Spot(Struct, frozen=True):
    """One address to look at: its path, what it would be, and how its first bytes (as Latin-1) then look."""

    path: str
    kind: str
    looks: re.Pattern[str]


ARCHIVE = late(r"\A(?:PK\x03\x04|Rar!\x1a\x07|\x1f\x8b\x08|7z\xbc\xaf\x27\x1c)")
SQL = late(r"-- (?:MySQL|MariaDB|PostgreSQL|phpMyAdmin)|(?:CREATE TABLE|INSERT INTO|DROP TABLE IF EXISTS)\b")

HTML = late(r"<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
"""What a site that answers everything with its homepage sends."""

SPOTS = (
    Spot("/.git/HEAD", "repository", late(r"\A(?:ref: refs/|[0-9a-f]{40}\s*\Z)")),
    Spot("/.svn/wc.db", "repository", late(r"\ASQLite format 3")),
    Spot("/.svn/entries", "repository", late(r"\A\d{1,2}\s*\n")),
    Spot("/.hg/requires", "repository", late(r"^revlogv1$", re.MULTILINE)),
    Spot("/.DS_Store", "repository", late(r"\A\x00\x00\x00\x01Bud1")),
    Spot("/.env", "configuration", late(r"^[A-Z][A-Z0-9_]{2,40}=", re.MULTILINE)),
    Spot("/web.config.bak", "configuration", late(r"<configuration\b")),
    Spot("/WEB-INF/web.xml", "configuration", late(r"<web-app\b")),
    Spot("/config.php.bak", "configuration", late(r"\A\s*<\?php")),
    Spot("/wwwroot.zip", "backup", ARCHIVE),
    Spot("/www.zip", "backup", ARCHIVE),
    Spot("/wwwroot.rar", "backup", ARCHIVE),
    Spot("/backup.zip", "backup", ARCHIVE),
    Spot("/web.tar.gz", "backup", ARCHIVE),
    Spot("/backup.sql", "backup", SQL),
    Spot("/phpinfo.php", "diagnostics", late(r"<title>phpinfo\(\)|PHP Version \d")),
    Spot("/actuator/env", "diagnostics", late(r'"(?:activeProfiles|propertySources)"')),
    Spot("/druid/index.html", "diagnostics", late(r"<title>Druid Stat Index")),
)
"""What is looked at, and nothing else."""

BYTES = 1024
"""Of each address, so many bytes are read at most."""


class ExposedFiles(Check[Exposure], frozen=True):
    """Judge the answers to a few well-known addresses. Runs only where the owner of the site asks for it."""

    id = "exposure"
    label = Text("文件外露", "Exposed files")
    rules = (EXPOSED_FILE,)
    default = False

    def inspect(self, subject: Exposure) -> Iterator[Finding]:
        """Yield a finding where the answer is what its address promises."""
        spot = next((spot for spot in SPOTS if spot.path == subject.path), None)
        if spot is None or subject.response.status not in {200, 206} or not spot.looks.search(subject.head):
            return
        if spot.kind != "diagnostics" and HTML.search(subject.head):
            return
        yield Finding(
            EXPOSED_FILE,
            subject.response.url,
            key=spot.path,
            params={"path": spot.path},
            variant=spot.kind,
            evidence=f"{subject.response.status} {subject.response.header('content-type') or ''}".strip(),
        )
