"""Say what is wrong: pure checks, values in, findings out."""

from typing import Any

from checks.browser_faults import BrowserFaults
from checks.charset import Charset
from checks.dates import Dates
from checks.freshness import Freshness, Homepage
from checks.http_syntax import HttpSyntax
from checks.identity import Identity
from checks.ipv6 import Ipv6
from checks.links import Links
from checks.media import MediaAccounts, PostPrivacy
from checks.meta import Meta
from checks.model import Check
from checks.privacy import DocumentPrivacy, Privacy
from checks.probes import Probes
from checks.publication import Interpretations, Punctuality, RequiredColumns
from checks.punctuation_habit import HalfWidth
from checks.read_pictures import Pictures
from checks.security.cloaking import Cloaking
from checks.security.content import MixedContent
from checks.security.exposure import ExposedFiles
from checks.security.headers import Headers
from checks.security.hijacked import HijackedLinks
from checks.security.injection.check import InjectedLinks
from checks.security.leaks import Leaks
from checks.security.libraries import Libraries
from checks.security.security_txt import SecurityTxt
from checks.security.tls import TlsCheck
from checks.services import Guides, Letters
from checks.sources import Sources
from checks.spaces import Spaces
from checks.speed import Speed
from checks.templates import Templates
from checks.typos.check import Typos

CHECKS: tuple[type[Check[Any]], ...] = (
    Links,
    Spaces,
    Typos,
    HalfWidth,
    InjectedLinks,
    HijackedLinks,
    Cloaking,
    MixedContent,
    BrowserFaults,
    Headers,
    Leaks,
    Libraries,
    TlsCheck,
    ExposedFiles,
    SecurityTxt,
    Privacy,
    DocumentPrivacy,
    Pictures,
    Homepage,
    Freshness,
    MediaAccounts,
    PostPrivacy,
    Dates,
    Speed,
    HttpSyntax,
    Identity,
    Meta,
    Charset,
    Templates,
    Sources,
    Punctuality,
    RequiredColumns,
    Interpretations,
    Letters,
    Guides,
    Probes,
    Ipv6,
)
"""Every check there is, in the order in which reports and docs/rules.md list them."""

RULES = {rule.id: rule for check in CHECKS for rule in check.rules}
"""Every rule under its id."""
