"""Remember how a site writes from one run to the next, and let checks judge its texts in that light.

What a check says of a text by itself is remembered across sites (``monitor/store/memory/verdicts.py``); what it says of
it on this site is worked out anew every time, from the language that earlier runs left.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from checks.model import Block, Check, Finding, Need, Page
from checks.typos.page_terms import PageTerms
from monitor.store.memory.languages import LanguageStore

if TYPE_CHECKING:
    from checks.typos.site_language import SiteLanguage

SHARE = 0.8
"""Least part of the known texts that a run must have read for its language to replace the known one."""


class SiteWording:
    """The language of one site: as earlier runs knew it, to judge by, and as this run reads it, to keep."""

    def __init__(self, store: LanguageStore) -> None:
        from checks.typos.lexicon.alike import alike
        from checks.typos.site_language import SiteLanguage, SiteReader

        self._store = store
        self._reader = SiteReader(_known(store), alike)
        self._read = SiteLanguage()

    def learn(self, blocks: Iterable[Block]) -> frozenset[str]:
        """Count texts that this run had not met before; return those that may hold a rare form of what is usual."""
        texts = [block.text for block in blocks]
        self._read.learn(texts)
        return self._reader.strange(texts)

    def review(self, check: Check[Any], block: Block, findings: Iterable[Finding], page: Page) -> list[Finding]:
        """Return what a check finds in a text on this page of the site."""
        terms = PageTerms(page.title, tuple(dict.fromkeys(each.text for each in page.blocks)))
        return list(check.review(block, findings, self._reader, terms))

    def save(self) -> None:
        """Keep the language of this run, unless it read too little of the site; doing it twice does no harm.

        A run that was cut short, that read the homepage alone or mostly met unchanged pages knows a few texts only.
        """
        texts = self._read.texts
        if texts and texts >= SHARE * self._store.count_texts():
            self._store.save(self._read.to_bytes(), texts)


def wording_for(checks: Iterable[Check[Any]], store: LanguageStore) -> SiteWording | None:
    """Return the language of a site if any check asks for it: counting needs NumPy, which other runs do without."""
    return SiteWording(store) if any(Need.SITE_LANGUAGE in check.needs for check in checks) else None


def _known(store: LanguageStore) -> SiteLanguage:
    """Return the language that is kept; one of an older layout cannot be read and is dropped."""
    from checks.typos.site_language import SiteLanguage

    stored = store.load()
    if stored is None:
        return SiteLanguage()
    try:
        return SiteLanguage.from_bytes(stored)
    except ValueError:
        store.forget()
        return SiteLanguage()
