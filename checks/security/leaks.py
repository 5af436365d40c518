"""Find what a page gives away to an attacker: versions, stack traces, directory listings, internal addresses.

Every pattern hides behind a substring that costs microseconds, because this runs on every page of a crawl. A template
or a server setting repeats on every page, so these findings are one per host and kind, not one per page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from checks.late_pattern import late
from checks.model import Check, Confidence, Finding, Page, Rule, Severity, Text
from checks.reading.samples import without_samples
from checks.security.hosts import address, host_of, inside
from checks.security.server_settings import NO_LISTING, NO_VERSION

SECURITY = "security"

VERSION_LEAK = Rule(
    id="version-leak",
    family=SECURITY,
    severity=Severity.MINOR,
    title=Text("暴露软件版本号", "Software version given away"),
    message={
        "header": Text(
            "响应头 {name} 暴露了软件版本：{value}", "The header {name} gives the software's version: {value}"
        ),
        "page": Text("错误页面暴露了软件版本：{value}", "An error page gives the software's version: {value}"),
    },
    remedy=Text(
        "在服务器配置中关闭版本显示，错误页面换成自定义页面",
        "Turn the version off in the server's configuration, and use error pages of your own",
    ),
    settings=NO_VERSION,
    basis=Text("RFC 9110 第 10.2.4 节", "RFC 9110, section 10.2.4"),
    why=Text(
        "攻击者按版本号查找已公开的漏洞，省去试探",
        "Attackers look up published holes by version instead of probing for them",
    ),
)

STACK_TRACE = Rule(
    id="stack-trace",
    family=SECURITY,
    severity=Severity.MAJOR,
    title=Text("页面暴露程序出错信息", "A page shows a program's error details"),
    message={
        "java": Text("页面显示了 Java 程序的出错堆栈", "The page shows a Java stack trace"),
        "dotnet": Text("页面显示了 .NET 程序的出错详情", "The page shows a .NET error report"),
        "php": Text("页面显示了 PHP 程序的出错信息和文件路径", "The page shows a PHP error with a file's path"),
        "python": Text("页面显示了 Python 程序的出错堆栈", "The page shows a Python traceback"),
        "asp": Text("页面显示了 ASP 程序的出错信息", "The page shows an error of ASP"),
        "node": Text("页面显示了 Node.js 程序的出错堆栈", "The page shows a Node.js stack trace"),
        "database": Text("页面显示了数据库的出错信息", "The page shows a database error"),
    },
    remedy=Text(
        "关闭调试模式，出错时只显示统一的提示页面，详情写入服务器日志；并修复这处程序错误",
        "Turn debugging off, show a plain error page, log the details on the server, and repair the fault itself",
    ),
    basis=Text("GB/T 22239-2019 数据有效性检验与容错；CWE-209", "GB/T 22239-2019, software fault tolerance; CWE-209"),
    why=Text(
        "堆栈里的路径、类名和语句告诉攻击者系统怎样搭建、从哪里下手",
        "Paths, class names and statements tell an attacker how the system is built and where to start",
    ),
    unverified=True,
)

DIRECTORY_LISTING = Rule(
    id="directory-listing",
    family=SECURITY,
    severity=Severity.MAJOR,
    title=Text("目录可以直接浏览", "A directory can be browsed"),
    message=Text(
        "打开这个地址会列出服务器目录里的全部文件", "This address lists every file in a directory of the server"
    ),
    remedy=Text("关闭目录浏览", "Turn listings off"),
    settings=NO_LISTING,
    basis=Text("CWE-548", "CWE-548"),
    why=Text(
        "备份、源码和未公开的文件会被人逐个下载",
        "Backups, source code and unpublished files can be downloaded one by one",
    ),
)

INTERNAL_ADDRESS = Rule(
    id="internal-address",
    family=SECURITY,
    severity=Severity.MINOR,
    title=Text("页面暴露内网地址", "A page gives an internal address away"),
    message=Text(
        "页面上有指向内网地址 {address} 的链接，外网打不开，也暴露了内部网络",
        "The page refers to the internal address {address}, which nobody outside can open and which shows the network",
    ),
    remedy=Text("改为对外的网址，或删除这处链接", "Use the public address or delete the reference"),
    basis=Text("RFC 1918；CWE-200", "RFC 1918; CWE-200"),
    why=Text(
        "内网地址泄露网络结构，链接对群众也没有用",
        "It shows how the network is laid out, and is of no use to readers",
    ),
)

VERSIONED_HEADERS = (
    "server",
    "x-powered-by",
    "x-aspnet-version",
    "x-aspnetmvc-version",
    "x-generator",
    "x-runtime",
    "x-drupal-cache",
    "via",
)
"""Headers in which software names itself; ``Via`` counts only where a product with a version stands in it."""

PRODUCT_VERSION = late(r"[A-Za-z][\w.+-]*/\d+(?:\.\d+)+|^\d+\.\d+(?:\.\d+)*$|(?<=\w )\d+\.\d+(?:\.\d+)*|(?i:iis)/\d+")
"""``nginx/1.18.0``, a bare ``4.0.30319``, ``Drupal 7.5``, ``Microsoft-IIS/10.0``; not the ``1.1`` of ``Via``."""

PAGE_VERSION = late(
    r"(?:nginx|openresty|Tengine|Apache|Apache Tomcat|Microsoft-IIS|JBoss[\w ]*|WebLogic[\w ]*|Jetty|GlassFish[\w ]*)"
    r"/\d+(?:\.\d+)+|(?:Microsoft \.NET Framework|ASP\.NET) (?:Version|版本)[::]\s?[\d.]+"
)
ERROR_TITLE = late(r"^\s*(?:HTTP Status )?[45]\d\d\b|\b(?:Not Found|Forbidden|Bad Gateway|Server Error)\b|Error report")

LISTING_TITLE = late(r"^\s*(?:Index of|Directory listing for|Directory Listing For|目录列表)\s*[\[/]", re.IGNORECASE)
LISTING_MARKS = ("Parent Directory", "[To Parent Directory]", "[转到父目录]", '<a href="../">', "<a href='../'>")

INTERNAL_URL = late(
    r"(?:https?|ftp|wss?):(?://|\\/\\/)(10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})"
    r"(?![\d.])"
)
INTERNAL_HINTS = ("/10.", "/192.168.", "/172.")

TRACES: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "java",
        (".java:", "javax.servlet"),
        late(
            r"(?:^|[\s>])at [\w.$]{1,200}\.[\w$<>&;]{1,100}\([\w$]{1,100}\.java:\d+\)"
            r"|\bjavax?(?:\.\w{1,50}){1,9}(?:Exception|Error)\b",
            re.MULTILINE,
        ),
    ),
    (
        "dotnet",
        ("Server Error in '", "应用程序中的服务器错误", ".cs:", ".vb:", "System.Web."),
        late(
            r"\b\w:\\[^\n<]{1,200}\.(?:cs|vb):(?:line|行号) \d+|Server Error in '[^']{0,100}' Application"
            r"|应用程序中的服务器错误|\bat System\.Web\.[\w.]{1,200}\("
        ),
    ),
    (
        "php",
        (" on line ", "#0 ", "Uncaught ", "FILE: "),
        late(
            r"(?:Fatal error|Parse error|Warning|Notice|Deprecated)(?:</b>)?:.{1,500}?"
            r"\bin (?:<b>)?\S{1,300}\.php(?:</b>)? on line (?:<b>)?\d+|#\d+ (?:/|\w:\\)[^\s<]{1,300}\.php\(\d+\)"
            r"|\bUncaught \w{1,40}(?:<[^>]{0,60}>)?: .{1,300}? in (?:/|\w:\\)[^\s<]{1,300}\.php:\d+"
            r"|\bFILE: (?:/|\w:\\)[^\s<]{1,300}\.php\b[^<]{0,20}\bLINE: \d+",
            re.DOTALL,
        ),
    ),
    (
        "asp",
        ("Microsoft VBScript", "Microsoft JScript", "ADODB.", "'800", "'80004005"),
        late(
            r"(?:Microsoft (?:VBScript|JScript|JET Database Engine)|ADODB\.\w{3,20})[^<\n]{0,40}"
            r"(?:<[^>]{0,60}>\s{0,9}){0,6}(?:错误|error)\s{0,3}(?:<[^>]{0,60}>\s{0,9}){0,6}'[0-9a-f]{8}'"
        ),
    ),
    (
        "python",
        ("Traceback (most", "DEBUG = True"),
        late(r"Traceback \(most recent call last\)|<code>DEBUG = True</code>"),
    ),
    (
        "node",
        (".js:",),
        late(r"(?:^|[\s;>])at [^\n()]{0,120}\((?:/|\w:\\|node:|internal/)[^\s()<]{1,200}\.js:\d+:\d+\)"),
    ),
    (
        "database",
        ("SQL syntax", "ORA-", "SQLSTATE[", "OLE DB", "[ODBC", "nclosed quotation"),
        late(
            r"You have an error in your SQL syntax|\bORA-\d{5}: \S|SQLSTATE\[\w+\]"
            r"|Microsoft OLE DB Provider for \w[\w ]{0,40} error '|\[Microsoft\]\[ODBC [^\]]{1,60}\]"
            r"|[Uu]nclosed quotation mark after the character string"
        ),
    ),
)
"""Kind → substrings one of which must be there (5 µs each on a page of 20 KB), and the pattern that decides."""


class Leaks(Check[Page], frozen=True):
    """Judge what pages and their headers give away.

    One finding per host and kind of leak, and one per internal address, so that a template or a server setting that
    shows on 5,000 pages is one thing to repair. A directory listing is one finding per directory.
    """

    id = "leaks"
    label = Text("信息泄露", "Leaks")
    rules = (VERSION_LEAK, STACK_TRACE, DIRECTORY_LISTING, INTERNAL_ADDRESS)

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Yield the leaks of a page and of its answer."""
        host = host_of(subject.response.url)
        for look in LOOKS:
            yield from look(subject, host)


def _headers(page: Page, host: str) -> Iterator[Finding]:
    for name, value in page.response.headers:
        lowered = name.lower()
        if lowered in VERSIONED_HEADERS and PRODUCT_VERSION.search(value):
            yield Finding(
                VERSION_LEAK,
                page.url,
                key=f"{host} {lowered}",
                params={"name": name, "value": value},
                variant="header",
                evidence=f"{name}: {value}",
                placeless=True,
            )


def _error_page(page: Page, host: str) -> Iterator[Finding]:
    if not _is_error(page):
        return
    match = PAGE_VERSION.search(page.html)
    if match:
        yield Finding(
            VERSION_LEAK,
            page.url,
            key=f"{host} page",
            params={"value": match[0]},
            variant="page",
            evidence=match[0],
            placeless=True,
        )


def _is_error(page: Page) -> bool:
    return (page.response.status or 0) >= 400 or ERROR_TITLE.search(page.title) is not None


def _traces(page: Page, host: str) -> Iterator[Finding]:
    for kind, hints, pattern in TRACES:
        if any(hint in page.html for hint in hints):
            match = pattern.search(page.html)
            if match and (_is_error(page) or pattern.search(without_samples(page.html).html or "")):
                yield Finding(
                    STACK_TRACE,
                    page.url,
                    key=f"{host} {kind}",
                    variant=kind,
                    evidence=match[0].strip()[:300],
                    placeless=True,
                )


def _listing(page: Page, _host: str) -> Iterator[Finding]:
    titled = LISTING_TITLE.search(page.title) is not None
    iis = " - /" in page.title and any(mark in page.html for mark in LISTING_MARKS[1:3])
    if iis or (titled and (any(mark in page.html for mark in LISTING_MARKS) or "<h1>" in page.html)):
        yield Finding(DIRECTORY_LISTING, page.url, evidence=page.title)


def _internal(page: Page, host: str) -> Iterator[Finding]:
    if inside(host) or not any(hint in page.html for hint in INTERNAL_HINTS):
        return
    seen = set()
    for match in INTERNAL_URL.finditer(page.html):
        found = match[1]
        if found not in seen and address(found) is not None:
            seen.add(found)
            evidence = page.html[match.start() : match.end() + 60].split('"')[0].split("<")[0]
            yield Finding(
                INTERNAL_ADDRESS,
                page.url,
                key=found,
                params={"address": found},
                evidence=evidence,
                confidence=Confidence.CONFIRMED,
                placeless=True,
            )


LOOKS: tuple[Callable[[Page, str], Iterator[Finding]], ...] = (_headers, _error_page, _traces, _listing, _internal)
