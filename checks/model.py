"""Name the things that every layer talks about, in HTTP's and SARIF's words.

Values only: frozen, picklable, free of I/O and of clocks. ``monitor`` makes the subjects, checks read them and yield
findings, ``reports`` writes findings down.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Generic, NamedTuple, TypeVar, get_args
from urllib.parse import urlencode

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from selectolax.lexbor import LexborHTMLParser


class Text(NamedTuple):
    """One thing said in both languages of the product; Chinese is what our readers get unless they ask otherwise."""

    zh: str
    en: str

    def __call__(self, language: str) -> str:
        """Return the wording for a BCP 47 tag such as ``zh-CN`` or ``en``."""
        return self.en if language.startswith("en") else self.zh


class Severity(StrEnum):
    """How much a fault matters to the office: 严重, 一般, 提示."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"

    @property
    def rank(self) -> int:
        """0 for the worst, so that sorting puts it first."""
        return list(Severity).index(self)


class Confidence(StrEnum):
    """How sure the program is: 确认, 疑似. A suspicion is for a person to look at, never an alarm."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"


class Kind(StrEnum):
    """What a reference asks for, told from the element it stands in and the file name it ends in."""

    PAGE = "page"
    IMAGE = "image"
    SCRIPT = "script"
    STYLE = "style"
    ATTACHMENT = "attachment"
    MEDIA = "media"
    FRAME = "frame"


class Redirect(NamedTuple):
    """One hop of a chain: what was asked for, how it answered, and where it pointed (absolute)."""

    url: str
    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Response:
    """The outcome of one request: an answer, or the reason there was none.

    ``error`` is None or one of the kinds of report.json (``dns``, ``connect``, ``tls``, ``timeout``, ``reset``,
    ``redirect-loop`` …); ``detail`` is the words of the library for the engineer. ``elapsed`` is in seconds, to the
    end of the body. ``headers`` keep their order and repetition; names as sent.
    """

    url: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    error: str | None = None
    detail: str = ""
    redirects: tuple[Redirect, ...] = ()
    elapsed: float = 0.0

    def header(self, name: str) -> str | None:
        """Return the first header of that name (any case), or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def header_list(self, name: str) -> tuple[str, ...]:
        """Return every header of that name (any case), in order of arrival."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)


class Reference(NamedTuple):
    """One place in a page that points somewhere, before anything was asked for.

    ``url`` is absolute, normalised and without fragment; ``fragment`` is None where the href has no ``#``.
    ``element`` is the tag and attribute it stood in, such as ``a[href]``.
    """

    href: str
    url: str
    kind: Kind
    text: str = ""
    fragment: str | None = None
    element: str = "a[href]"


class Block(NamedTuple):
    """One run of visible text: a paragraph, a list item, a heading. ``start`` is its offset in the page's text."""

    text: str
    start: int = 0

    @property
    def hash(self) -> bytes:
        """16 bytes that name the text across pages, sites and runs."""
        return hashlib.blake2b(self.text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def blocks_of(text: str) -> Iterator[Block]:
    """Yield the lines of a text as blocks."""
    start = 0
    for line in text.split("\n") if text else ():
        yield Block(line, start)
        start += len(line) + 1


@dataclass(frozen=True, eq=False)
class Page:
    """One HTML document, parsed once for every check; equal to itself alone, so that it can be the key of a memory.

    ``url`` is the address that was asked for, ``response.url`` the one that answered. ``charset`` is what the bytes
    were read as, ``declared_charset`` what the page claims (None: nothing). ``undecodable`` pages carry replacement
    characters and get no text check. ``meta`` keeps every named meta element in order. ``text`` is what a reader sees,
    one run (paragraph, item, heading) a line. ``fetched`` is aware.
    """

    url: str
    response: Response
    html: str
    fetched: datetime
    title: str = ""
    lang: str = ""
    charset: str = "utf-8"
    declared_charset: str | None = None
    undecodable: bool = False
    meta: tuple[tuple[str, str], ...] = ()
    text: str = ""
    references: tuple[Reference, ...] = ()
    anchors: frozenset[str] = frozenset()
    homepage: bool = False

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The runs of the text, each with the place where it starts."""
        return tuple(blocks_of(self.text))

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The document in the fast parser (0.2 ms a page): for anything that runs on every page. Do not change it."""
        from selectolax.lexbor import LexborHTMLParser

        return LexborHTMLParser(self.html)

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The document in BeautifulSoup (5 ms a page): for lists, footers, guides, where forgiving reading pays."""
        from bs4 import BeautifulSoup

        return BeautifulSoup(self.html, "lxml")

    def __getstate__(self) -> dict[str, object]:
        """Leave behind what is cheap to make again; the parsed trees do not pickle."""
        return {key: value for key, value in self.__dict__.items() if key not in {"blocks", "tree", "soup"}}


class Referrer(NamedTuple):
    """A page that links to a target, and the words it does it with."""

    url: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One target with everything the crawl learned about it, and the pages that point there.

    A template repeats: the subject is the target, not the occurrence, so that one dead footer link is one finding.
    ``looks`` holds every answer in the order they came; the last one counts, the earlier ones say whether it was seen
    twice. ``fragment`` is set when the subject is a place inside a page that does not exist there.
    ``soft_404`` names the signals that an answer of 200 is really a missing page. ``sniffed`` is what the first bytes
    say (``html``, ``pdf``, ``zip`` …), None when nothing was read. ``wall`` names the guard whose challenge answered.
    ``referrers`` may be cut; ``referrer_count`` never is. ``title`` is that of the page that answered, where it was
    read. ``homepage`` is set when the site's homepage is among the referrers.
    """

    url: str
    kind: Kind
    internal: bool
    looks: tuple[Response, ...]
    referrers: tuple[Referrer, ...] = ()
    referrer_count: int = 0
    href: str = ""
    element: str = "a[href]"
    fragment: str | None = None
    scripted: bool = False
    soft_404: tuple[str, ...] = ()
    sniffed: str | None = None
    wall: str | None = None
    title: str = ""
    homepage: bool = False

    @property
    def target(self) -> Response:
        """The answer that counts: the last one."""
        return self.looks[-1]


class ColumnType(StrEnum):
    """What a 栏目 is for; how often it must be updated follows from it (考核口径)."""

    NEWS = "news"
    NOTICE = "notice"
    POLICY = "policy"
    PERSONNEL = "personnel"
    PLANNING = "planning"
    FINANCE = "finance"
    STATISTICS = "statistics"
    LEADERS = "leaders"
    ORGANISATION = "organisation"
    INTERACTION = "interaction"
    SERVICE = "service"
    OTHER = "other"


class ColumnStatus(StrEnum):
    """How a 栏目 stands against its limit. One that a script draws is never blank: nobody has looked at it."""

    FRESH = "fresh"
    WARNING = "warning"
    STALE = "stale"
    BLANK = "blank"
    NEEDS_RENDERING = "needs-rendering"
    EXEMPT = "exempt"


class Item(NamedTuple):
    """One entry of a list page.

    ``published`` is aware (+08:00), None when neither the list nor the article nor its URL has a date. ``absent_at``
    is the latest inspection that read the column and did not find the item in it, None when there was none. Letters
    (来信) carry ``answered``: None when the list does not say, and ``replied`` when it gives the date.
    """

    url: str
    title: str
    published: datetime | None = None
    absent_at: datetime | None = None
    answered: bool | None = None
    replied: datetime | None = None


class Request(NamedTuple):
    """One more page of a list, for the crawler to ask for: a GET, or a POST of form fields."""

    url: str
    form: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """What tells this request from every other: its URL, with the fields of its form as a query."""
        return f"{self.url}?{urlencode(self.form)}" if self.form else self.url


@dataclass(frozen=True, slots=True)
class Listing:
    """What one list page, or one answer of a list's interface, holds.

    ``form`` names the CMS form it was read as; ``following`` are further pages of the same list; ``needs_rendering``
    quotes the script that draws a list which is not in the page ("" when there is none).
    """

    items: tuple[Item, ...]
    form: str
    following: tuple[Request, ...] = ()
    needs_rendering: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the columns of a site need to know of one page; small, so it outlives the page.

    ``crumbs`` and ``sections`` are (name, url) of the breadcrumb and, on lists, of every link named like a column.
    ``site_code`` is the meta SiteIDCode; ``meta_faults`` are what 网页标签规范 finds wrong: (name, fault, value).
    ``column`` and ``column_type`` are the metas ColumnName and ColumnType. ``made`` is 成文日期. ``related`` are the
    articles that the body links to. ``continues`` is the list page whose interface answered, "" for a page of its own.
    """

    url: str
    continues: str = ""
    title: str = ""
    homepage: bool = False
    article: bool = False
    crumbs: tuple[tuple[str, str], ...] = ()
    sections: tuple[tuple[str, str], ...] = ()
    column: str = ""
    column_type: str = ""
    published: datetime | None = None
    made: datetime | None = None
    related: tuple[str, ...] = ()
    site_code: str = ""
    meta_faults: tuple[tuple[str, str, str], ...] = ()
    listing: Listing | None = None


@dataclass(frozen=True)
class Column:
    """A 栏目: a list page and the items under it, as far as its paging was followed.

    ``seen`` is when it was read (aware): the clock of every verdict on it. ``complete`` tells whether the last page was
    reached. ``limit_days`` overrides the limit of the type; ``exempt`` columns (历史专题) are not judged.
    """

    url: str
    name: str
    type: ColumnType
    items: tuple[Item, ...]
    seen: datetime
    complete: bool = True
    limit_days: int | None = None
    exempt: bool = False
    needs_rendering: str = ""

    @cached_property
    def newest(self) -> datetime | None:
        """The latest publication that is not in the future; a date to come does not keep a column alive."""
        return max(
            (item.published for item in self.items if item.published and item.published <= self.seen), default=None
        )

    @property
    def interval_days(self) -> float | None:
        """The median of days between publications, None below two dated items."""
        dates = sorted((item.published for item in self.items if item.published), reverse=True)
        gaps = sorted((later - earlier).total_seconds() for later, earlier in pairwise(dates))
        return gaps[len(gaps) // 2] / 86_400 if gaps else None


@dataclass(frozen=True)
class Inventory:
    """A whole site as the rules about columns see it: every column, the homepage, the articles, and every page.

    ``names`` are what the site's navigation and breadcrumbs call their targets. ``changed`` is when the homepage last
    differed from an earlier inspection, None when there was none. ``whole`` is False where only the homepage was read:
    nothing can be said to be missing then.
    """

    url: str
    seen: datetime
    columns: tuple[Column, ...]
    homepage: Facts | None = None
    articles: tuple[Facts, ...] = ()
    pages: tuple[Facts, ...] = ()
    names: tuple[str, ...] = ()
    changed: datetime | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Space:
    """A part of the site without an end, which the crawl recognised and left: what it is and where it was cut.

    ``reason`` is ``same-pages`` (calendars, session ids) or ``repeated-path``; ``shape`` is the URL with its numbers
    taken out, ``pages`` how many of its pages were read before the cut, ``example`` the first that was not.
    """

    shape: str
    reason: str
    pages: int
    example: str
    referrer: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one attachment (PDF, docx, xlsx), as far as its limits allowed."""

    url: str
    text: str
    fetched: datetime


class Excerpt(NamedTuple):
    """Where in the text a wording stands: ``start`` is in characters from the start of the block."""

    before: str
    wrong: str
    after: str
    start: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A response together with the text of its body, which is empty where none was read."""

    response: Response
    body: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Every answer on the way from one address to where its redirects end; the last one is the final one.

    A chain that breaks keeps the answers before the break, and last a response with its ``error``. ``trusted`` is False
    when a certificate on the way did not verify and the way was followed all the same.
    """

    answers: tuple[Answer, ...] = ()
    trusted: bool = True

    @property
    def final(self) -> Answer | None:
        """Where the redirects end, or None when nothing answered there."""
        return self.answers[-1] if self.answers and self.answers[-1].response.error is None else None


@dataclass(frozen=True)
class Versions:
    """One address as two visitors get it: ``plain`` as everybody does, ``dressed`` as a phone from a search engine."""

    url: str
    plain: Page
    dressed: Page


@dataclass(frozen=True, slots=True)
class Exposure:
    """The answer to one address that should not answer; ``head`` is the start of its body, as Latin-1."""

    path: str
    response: Response
    head: str = ""


class Trust(StrEnum):
    """Where a certificate chain leads, its host name and its dates aside."""

    TRUSTED = "trusted"
    SELF_SIGNED = "self-signed"
    UNKNOWN_ROOT = "unknown-root"
    NO_ISSUER = "no-issuer"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What one certificate says; the dates are aware.

    ``names`` are its DNS names and addresses (RFC 5280 subjectAltName). ``signature`` is the hash it is signed with
    ("sha256"; "" where the algorithm has none of its own), ``key`` the kind of its key ("RSA", "EC", "SM2" …) of
    ``bits``. ``issuer_url`` is where it says that its issuer's certificate can be had (AIA).
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    signature: str = ""
    key: str = ""
    bits: int = 0
    self_signed: bool = False
    issuer_url: str = ""


@dataclass(frozen=True, slots=True)
class Tls:
    """What one port offers to those who want to talk in secret, from a handful of handshakes.

    ``addresses`` are those of the name, ``address`` the one that was asked; ``seen`` is when (aware). ``versions`` are
    the protocols it accepts, oldest first. ``chain`` is as sent, the host's own certificate first. ``completed`` tells
    whether a chain that ends too early verifies once the missing certificates are fetched, None where none were had.
    ``error`` is None or why there was no handshake (``connect``, ``timeout``, ``reset``, ``not-tls``, ``tls``);
    ``tlcp`` is True where the port speaks the Chinese protocol of GB/T 38636 instead.
    """

    name: str
    port: int
    seen: datetime
    address: str = ""
    addresses: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    chain: tuple[Certificate, ...] = ()
    trust: Trust | None = None
    completed: bool | None = None
    error: str | None = None
    detail: str = ""
    tlcp: bool = False

    @property
    def certificate_not_after(self) -> datetime | None:
        """When the host's own certificate ends, None where none was shown: the figure behind the metric."""
        return self.chain[0].not_after if self.chain else None


@dataclass(frozen=True, slots=True)
class Host:
    """What one host does on the wire, asked politely: a handful of requests that any browser might send.

    ``name`` is the host name without port, in its ASCII form. ``http`` starts at ``http://name/``, ``https`` at
    ``https://name/``. ``preflight`` is the answer to one OPTIONS request with ``Origin: origin``, an origin that is
    not the host's own; ``missing`` is what an address that does not exist gets. ``preload`` holds names known to be on
    the browsers' HSTS preload list with their subdomains, besides those in the packaged copy of it. ``tls`` is what
    its https port offers, None where nobody looked; ``security_txt`` is the answer to the address of RFC 9116.
    ``fetched`` is aware.
    """

    name: str
    http: Chain
    https: Chain
    fetched: datetime
    origin: str = ""
    preflight: Answer | None = None
    robots: Answer | None = None
    missing: Answer | None = None
    preload: frozenset[str] = frozenset()
    tls: Tls | None = None
    security_txt: Answer | None = None

    @property
    def secure(self) -> bool:
        """Whether the host can be read over https at all, whatever its certificate is worth."""
        return self.https.final is not None

    @property
    def judged(self) -> Chain:
        """The chain whose final answer is judged: that of https where there is one."""
        return self.https if self.secure else self.http

    @property
    def url(self) -> str:
        """The address of the host itself, which its findings are about."""
        answers = self.judged.answers
        return answers[0].response.url if answers else f"http://{self.name}/"


class Unmet(NamedTuple):
    """One expectation of a probe that was not met: its kind (``status``, ``text`` …), what was wanted and there."""

    kind: str
    wanted: str
    got: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """One functional probe (功能服务) and what it saw: the requests up to the first that did not do what it should.

    ``name`` is what the operator calls it; ``step`` counts from 1; ``unmet`` is empty when everything worked.
    ``seconds`` is what all its requests took together.
    """

    name: str
    url: str
    step: int
    response: Response
    unmet: tuple[Unmet, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class DualStack:
    """What a host offers over IPv6: its AAAA addresses, how its homepage answered there, and whether it is the same.

    ``response`` is None where nothing was asked, as from a network without IPv6; ``same`` is None then too.
    """

    host: str
    url: str
    addresses: tuple[str, ...]
    response: Response | None = None
    same: bool | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What a check looks for, why, and what an operator does about it.

    ``id`` is kebab-case and the same in configuration, metric labels, reports and docs/rules.md. ``message`` is a
    ``str.format`` template over a finding's ``params``; where a rule has variants (error kinds), a table of them.
    ``basis`` names the clause or standard. ``unverified`` marks a basis that nobody on the team has read at its source.
    """

    id: str
    family: str
    severity: Severity
    title: Text
    message: Text | Mapping[str, Text]
    remedy: Text
    basis: Text
    why: Text
    unverified: bool = False

    def say(self, finding: Finding, language: str) -> str:
        """Return the finding's message in a language."""
        template = self.message[finding.variant] if isinstance(self.message, Mapping) else self.message
        return template(language).format(**finding.params)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in one place.

    ``url`` is the page or origin it is on. ``key`` tells apart two findings of one rule at one url; with ``rule`` and
    ``url`` it makes the ``fingerprint``, which is the same in every run and so must hold nothing that changes by itself
    (no date of today, no count). A link finding is one per target, so its ``url`` is left out of its identity
    (``placeless``). Placeless findings of equal fingerprint are one, and ``count`` says in how many places it stands.
    ``severity`` None means the rule's own. ``evidence`` is quoted from the site, never from us. ``referrers`` link to
    the file that the finding is in, of which ``referrer_count`` is the number; they may be cut. Those of a link's
    target are in ``target``.
    """

    rule: Rule
    url: str
    key: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    variant: str = ""
    evidence: str = ""
    suggestion: str = ""
    confidence: Confidence = Confidence.CONFIRMED
    severity: Severity | None = None
    target: Link | None = None
    text: Excerpt | None = None
    column: str = ""
    placeless: bool = False
    count: int = 1
    referrers: tuple[Referrer, ...] = ()
    referrer_count: int = 0

    @property
    def fingerprint(self) -> str:
        """32 hex digits that are the same for the same fault in every run."""
        parts = (self.rule.id, "" if self.placeless else self.url, self.key)
        return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    @property
    def weight(self) -> Severity:
        """The severity that counts: the finding's own, else its rule's."""
        return self.severity or self.rule.severity


S = TypeVar("S")


class Check(Generic[S]):
    """What every check is: a frozen dataclass whose fields are its settings and whose type names its subject.

    Subclass as ``class Typos(Check[Block])``. ``id`` is the configuration key. ``version`` changes whenever a verdict
    could: remembered verdicts of other versions are not used. ``cpu_bound`` checks run in worker processes, so they
    must pickle. ``default`` False means a check runs only when it is asked for. ``reads_text`` says of a check of pages
    that it reads their text, so that they must be parsed with it.
    """

    id: ClassVar[str]
    rules: ClassVar[tuple[Rule, ...]]
    version: ClassVar[str] = "1"
    cpu_bound: ClassVar[bool] = False
    default: ClassVar[bool] = True
    reads_text: ClassVar[bool] = False
    subject: ClassVar[type]

    def __init_subclass__(cls, **kwargs: object) -> None:
        """Read the subject from the ``Check[...]`` that the class derives from."""
        super().__init_subclass__(**kwargs)
        for base in getattr(cls, "__orig_bases__", ()):
            if getattr(base, "__origin__", None) is Check:
                cls.subject = get_args(base)[0]

    def inspect(self, subject: S) -> Iterator[Finding]:
        """Yield what is wrong with the subject."""
        raise NotImplementedError

    def inspect_all(self, subjects: Sequence[S]) -> list[list[Finding]]:
        """Return what ``inspect`` yields for each subject; checks that read many at once faster do so here."""
        return [list(self.inspect(subject)) for subject in subjects]
