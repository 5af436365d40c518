"""Find script libraries with published holes by the version in their address.

Reading the address is passive and cheap; a library whose address says nothing is not guessed at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec import field

from checks.late_pattern import late
from checks.model import Check, Confidence, Finding, Kind, Page, Rule, Severity, Text
from checks.security.hosts import host_of

OUTDATED_LIBRARY = Rule(
    id="outdated-library",
    family="security",
    severity=Severity.MAJOR,
    title=Text("脚本库版本过旧", "Outdated script library"),
    message={
        "floor": Text(
            "{name} {version} 有已公开的漏洞，应升级到 {floor} 或更高版本",
            "{name} {version} has published holes; {floor} is the first version without them",
        ),
        "ended": Text(
            "{name} 已停止维护，漏洞不再修补，应更换",
            "{name} is no longer maintained and its holes stay open; it should be replaced",
        ),
    },
    remedy=Text(
        "升级到最新的维护版本，测试页面功能后替换旧文件",
        "Move to the newest maintained version, test the pages, and delete the old file",
    ),
    basis=Text("各库的安全公告（CVE）", "The libraries' own security notices (CVE)"),
    why=Text(
        "旧版本的漏洞多为跨站脚本，攻击者可借此篡改页面或盗取登录状态",
        "The holes are mostly cross-site scripting, with which pages are altered and sessions stolen",
    ),
)

FLOORS: Mapping[str, str] = {
    "jquery": "3.5.0",
    "jquery-ui": "1.13.2",
    "bootstrap": "4.3.1",
    "vue": "2.6.11",
    "moment": "2.29.4",
    "jquery-validation": "1.20.0",
    "ckeditor": "4.21.0",
    "angularjs": "",
}
"""Library → its first version without published holes; "" means that no version is maintained.

jQuery: CVE-2020-11022/11023; jQuery UI: CVE-2022-31160; Bootstrap: CVE-2019-8331; moment: CVE-2022-31129;
CKEditor: CVE-2023-28439; AngularJS: support ended with 2021.
"""

NAMES = {
    "jquery": "jQuery",
    "jquery-ui": "jQuery UI",
    "bootstrap": "Bootstrap",
    "vue": "Vue",
    "moment": "Moment.js",
    "jquery-validation": "jQuery Validation",
    "ckeditor": "CKEditor",
    "angularjs": "AngularJS",
}

STEMS = {
    "jquery": "jquery",
    "jquery-ui": "jquery-ui",
    "jquery.ui": "jquery-ui",
    "jqueryui": "jquery-ui",
    "bootstrap": "bootstrap",
    "vue": "vue",
    "moment": "moment",
    "moment-with-locales": "moment",
    "jquery.validate": "jquery-validation",
    "jquery-validate": "jquery-validation",
    "jquery.validation": "jquery-validation",
    "jquery-validation": "jquery-validation",
    "ckeditor": "ckeditor",
    "angular": "angularjs",
    "angularjs": "angularjs",
}
"""What a library's file is called, with the version and ``min`` taken off."""

VERSION = r"v?(\d{1,2}(?:\.\d{1,3}){1,3})"
FILE = late(
    rf"^([a-z]+(?:[.-](?:ui|validate|validation|with-locales))?)(?:[-.@_]{VERSION})?"
    r"(?:[-.](?:min|slim|pack|packed|bundle|full|custom|prod|production|global|runtime|common|esm|all|core|umd|src))*\.js$"
)
FOLDER = late(rf"([a-z.-]*[a-z])?(?:/|@|-)?{VERSION}/")
"""A path segment with a version, after (or glued to) the segment that names the library."""

QUERY = late(r"(?:^|&)(?:v|ver|version)=(\d{1,2}\.\d{1,3}\.\d{1,3})(?=&|$)")


class Library(NamedTuple):
    """A library as an address names it; ``sure`` is False where the version stands only in the query."""

    id: str
    version: str
    sure: bool = True


class Libraries(Check[Page], frozen=True):
    """Judge script libraries by their address.

    One finding per file that is loaded, however many pages load it. ``floors`` moves or adds figures for the libraries
    in the table; a library set to null is left alone.
    """

    id = "libraries"
    label = Text("脚本库版本", "Script libraries")
    rules = (OUTDATED_LIBRARY,)

    floors: Mapping[str, str | None] = field(default_factory=dict)
    """Library → first acceptable version, over the built-in figures; "" refuses every version, null accepts all."""

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Yield the outdated libraries that a page loads."""
        for reference in subject.references:
            if reference.kind is Kind.SCRIPT:
                library = recognise(reference.url)
                if library is not None:
                    yield from self._judge(subject, reference.url, library)

    def _judge(self, page: Page, url: str, library: Library) -> Iterator[Finding]:
        floor = {**FLOORS, **self.floors}.get(library.id)
        if floor is None or (floor and (not library.version or not _older(library.version, floor))):
            return
        yield Finding(
            OUTDATED_LIBRARY,
            page.url,
            key=url.partition("?")[0],
            params={"name": NAMES[library.id], "version": library.version, "floor": floor},
            variant="floor" if floor else "ended",
            evidence=url,
            confidence=Confidence.CONFIRMED if library.sure else Confidence.SUSPECTED,
            placeless=True,
        )


@lru_cache(maxsize=8192)
def recognise(url: str) -> Library | None:
    """Return the library at an address, or None; its version is "" where the address does not say."""
    parts = urlsplit(url.lower())
    folder, _, file = parts.path.rpartition("/")
    match = FILE.match(file)
    name = STEMS.get(match[1]) if match else None
    if match is None or name is None:
        return None
    version = match[2] or _folder_version(host_of(url), folder + "/", name)
    query = None if version else QUERY.search(parts.query)
    library = Library(name, query[1], sure=False) if query else Library(name, version)
    angular = name == "angularjs" and bool(library.version) and not _older(library.version, "2.0")
    return None if angular else library


def _folder_version(host: str, folder: str, name: str) -> str:
    """Take a version from the path only where the library's name stands right before it, or names the whole host."""
    word = name.partition("-")[0].removesuffix("js")
    found = ""
    for match in FOLDER.finditer(folder):
        before = match[1] or folder[: match.start()].rstrip("/").rpartition("/")[2]
        if word in before or (word in host and match.start() <= 1):
            found = match[2]
    return found


def _older(version: str, floor: str) -> bool:
    return _numbers(version) < _numbers(floor)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
