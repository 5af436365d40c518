"""The console in a browser: both languages and themes, desk and telephone, no barrier, no error, no foreign request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from monitor.pages.documents import passages
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_filter import LedgerFilter
from reports.remediation.changes import WantedChange
from reports.remediation.states import State
from tests.chromium import CHROMIUM
from tests.monitor.console.bureau import PASSWORD, ServedConsole, filled_in
from tests.monitor.proofreading.word_files import draft
from tests.monitor.typo_lists import share_lists

pytestmark = pytest.mark.slow

AXE = Path(__file__).parents[2] / "data" / "axe-core-4.14.1.min.js"
WAIT = 120_000.0
"""Milliseconds that a busy machine may take for a page."""

PAGES = {
    "overview": "/",
    "site": "/sites/a",
    "findings": "/findings",
    "filtered findings": "/findings?rule=typo&state=any&q=%E5%B8%90%E5%8F%B7",
    "no findings": "/findings?q=nothing-has-this",
    "finding": "/findings/1",
    "broken link": "/findings?rule=broken-link",
    "triage": "/triage",
    "nothing to judge": "/triage?rule=broken-link",
    "suppressions": "/suppressions",
    "messages": "/outbox",
    "audit log": "/audit",
    "settings": "/settings",
    "run": "/runs/1",
    "users": "/users",
    "new user": "/users/new",
    "user": "/users/mender",
    "account": "/account",
    "tokens": "/account/tokens",
    "proofread": "/proofread",
    "reports": "/reports",
    "departments": "/departments",
    "department": "/department?name=%E5%8A%9E%E5%85%AC%E5%AE%A4",
    "vocabulary": "/vocabulary",
    "not found": "/nowhere",
}
"""Every page by name. A new page gets its line here."""

WIDTHS = {"desk": 1280, "telephone": 390}
"""In CSS pixels."""

PAPER = 703
"""CSS pixels between the margins of A4."""

CUT_OFF = """() => Array.from(document.querySelectorAll("main, main .card"))
    .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.className || each.tagName)"""
"""What is wider than its place; paper does not scroll."""

LOOKS = {"desk": ("zh-CN", "light"), "telephone": ("en", "dark")}
"""How a page is first seen in a test: language and theme."""

LANGUAGES = ("zh-CN", "en")

EVERY_LOOK = [(language, theme, width) for language in LANGUAGES for theme in ("light", "dark") for width in WIDTHS]

BY_LOOK = {"runOnly": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]}
"""What another theme and another width can change of what axe-core finds; all else is asked once a language."""


@dataclass
class Seen:
    """What became of a page: what the browser complained of, who was asked, what axe-core found, where it overflows.

    ``looks`` are those that it was seen in: language, theme, width.
    """

    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    barriers: list[str] = field(default_factory=list)
    too_wide: list[tuple[str, str]] = field(default_factory=list)
    looks: list[tuple[str, str, str]] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("needs chromium: tools/install-debian.sh chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


def opened(browser: Browser, console: ServedConsole, look: str) -> Page:
    language, theme = LOOKS[look]
    context = browser.new_context(
        viewport={"width": WIDTHS[look], "height": 900}, locale=language, color_scheme=theme, base_url=console.url
    )
    context.set_default_timeout(WAIT)
    return context.new_page()


def log_in(page: Page, name: str) -> None:
    page.goto("/login")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    page.wait_for_selector("#content")


@pytest.fixture(scope="module")
def looked_at(browser, console) -> dict[str, Seen]:
    """Look at every page in all eight looks, once for all tests: it is asked for once a language."""
    seen: dict[str, Seen] = {}
    for language, look in zip(LANGUAGES, LOOKS, strict=True):
        page = opened(browser, console, look)
        for name, path in {"login": "/login", **PAGES}.items():
            if name == "overview":
                log_in(page, "admin")
            look_at(page, path, console, seen.setdefault(name, Seen()), language)
        page.context.close()
    return seen


def look_at(page: Page, path: str, console: ServedConsole, seen: Seen, language: str) -> None:

    def complained(message) -> None:
        if message.type == "error":
            seen.complaints.append(message.text)

    def failed(error) -> None:
        seen.complaints.append(str(error))

    def asked(request) -> None:
        if is_foreign(request.url, console):
            seen.foreign.append(request.url)

    heard = {"console": complained, "pageerror": failed, "request": asked}
    for event, listener in heard.items():
        page.on(event, listener)
    page.goto(path)
    judge_every_look(page, seen, language)
    for event, listener in heard.items():
        page.remove_listener(event, listener)


def judge_every_look(page: Page, seen: Seen, language: str) -> None:
    """Have axe-core read a page in each width and theme, without asking for it again."""
    for width, pixels in WIDTHS.items():
        page.set_viewport_size({"width": pixels, "height": 900})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            is_first = (language, theme) == LOOKS[width]
            seen.looks.append((language, theme, width))
            judge(page, seen, {} if is_first else BY_LOOK)
        if page.evaluate("document.documentElement.scrollWidth") > pixels:
            seen.too_wide.append((language, width))
    page.set_viewport_size({"width": PAPER, "height": 900})
    page.emulate_media(media="print")
    seen.too_wide += [(language, f"paper: {each}") for each in page.evaluate(CUT_OFF)]
    page.emulate_media(media="screen")


def is_foreign(url: str, console: ServedConsole) -> bool:
    return urlsplit(url).netloc != urlsplit(console.url).netloc


def judge(page: Page, seen: Seen, options: dict[str, object] | None = None) -> None:
    """Have axe-core read a page that is shown; what it finds is kept with the look that it is found in.

    What fades in is read when it is there: a toast that is half transparent has half the contrast.
    """
    page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    asked = {"resultTypes": ["violations"], **(options or {})}
    found = page.evaluate("(asked) => axe.run(asked).then((found) => found.violations)", asked)
    look = seen.looks[-1:]
    seen.barriers += [
        f"{look} {rule['id']}: {node['target']} {node['html'][:200]}" for rule in found for node in rule["nodes"]
    ]


@pytest.mark.parametrize("name", ["login", *PAGES])
def test_a_page_is_no_barrier_in_any_look_and_asks_nobody_else(looked_at, name):
    seen = looked_at[name]
    assert sorted(seen.looks) == sorted(EVERY_LOOK)
    expected = ["404"] if name == "not found" else []
    assert [text for text in seen.complaints if not any(each in text for each in expected)] == []
    assert seen.foreign == []
    assert seen.barriers == []
    assert seen.too_wide == []


def test_an_entry_is_rechecked_while_somebody_watches(browser, own_console):
    page = opened(browser, own_console, "desk")
    log_in(page, "editor")
    page.goto("/findings/4")
    page.click("text=立即复核")
    page.wait_for_url("**/rechecks/*")
    page.wait_for_selector("text=复核已结束")  # sent to the page that was opened before
    assert page.locator("tbody .badge").count() >= 1
    seen = Seen()
    judge(page, seen)
    assert seen.barriers == []
    page.context.close()


def test_a_code_to_set_an_app_up_is_drawn_in_the_page(browser, own_console):
    page = opened(browser, own_console, "telephone")
    log_in(page, "viewer")
    page.goto("/account")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.fill("#totp-password", PASSWORD)
    page.click("section[aria-labelledby=totp] button")
    page.wait_for_selector("svg.qr")
    assert not any("otpauth" in url for url in asked)
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS["telephone"]
    seen = Seen()
    judge(page, seen)
    assert seen.barriers == []
    page.context.close()


def test_a_finding_is_judged_and_taken_back_by_hand(browser, own_console):
    page = opened(browser, own_console, "desk")
    log_in(page, "editor")
    page.goto("/findings/4")
    page.click("button[data-opens=to-false-positive]")
    page.fill("#reason-false-positive", "系统目录，允许列出")
    page.click("#to-false-positive button.primary")
    page.wait_for_selector(".toast")
    assert state(own_console, 4) == "false-positive"
    page.click(".toast form button")
    page.wait_for_selector(".toast")
    assert state(own_console, 4) == "to-fix"
    page.context.close()


def test_several_are_ticked_and_changed_and_the_bar_says_how_many(browser, own_console):
    page = opened(browser, own_console, "desk")
    log_in(page, "editor")
    page.goto("/findings?rule=directory-listing")
    assert page.is_hidden("[data-bulk-bar]")
    ticks = page.locator("input[name=number]")
    ticks.nth(0).check()
    ticks.nth(4).click(modifiers=["Shift"])
    assert "5" in page.inner_text("[data-bulk-count]")
    numbers = [int(ticks.nth(at).get_attribute("value")) for at in range(5)]
    page.select_option("#bulk-state", "to-verify")
    page.click("[data-bulk-bar] button.primary")
    page.wait_for_selector(".toast")
    assert {state(own_console, number) for number in numbers} == {"to-verify"}
    page.context.close()


def test_twenty_are_judged_by_keyboard_and_the_last_is_undone(browser, own_console):
    page = opened(browser, own_console, "desk")
    log_in(page, "editor")
    ledger = own_console.bureau.ledger()
    numbers = [each.number for each in ledger.select(LedgerFilter(site="a", rules=("directory-listing",)))][:20]
    ledger.change(numbers, WantedChange(state=State.TO_CONFIRM), "test")
    page.goto("/triage?rule=directory-listing")
    for turn in range(20):
        shown = page.inner_text(".number-of")
        if turn % 4 == 3:
            page.keyboard.press("x")
            page.wait_for_selector("#false-alarm[open]")
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("c")
        page.wait_for_function("(before) => document.querySelector('.number-of')?.textContent !== before", arg=shown)
    assert Counter(state(own_console, number) for number in numbers) == {"to-fix": 15, "false-positive": 5}
    page.keyboard.press("u")
    page.wait_for_selector(f"text=#{numbers[-1]}")
    assert state(own_console, numbers[-1]) == "to-confirm"
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    page.context.close()


def test_a_document_is_proofread_by_keyboard_and_comes_back_with_tracked_changes(
    browser, own_console, tmp_path, monkeypatch
):
    monkeypatch.setenv("SITEHEALTH_DATA", str(tmp_path / "data"))
    share_lists(tmp_path / "data")
    page = opened(browser, own_console, "telephone")
    log_in(page, "mender")
    page.goto("/proofread")
    page.set_input_files("#file", {"name": "通知.docx", "mimeType": "", "buffer": draft()})
    page.click("main form[enctype] button.primary")
    page.wait_for_selector(".proof[aria-current]")
    page.keyboard.press("c")
    page.wait_for_selector(".proof.accepted")
    page.keyboard.press("x")
    page.wait_for_selector(".proof.rejected")
    seen = Seen()
    judge(page, seen)
    assert seen.barriers == []
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS["telephone"]
    with page.expect_download() as download:
        page.click("a[href$='/docx']")
    body = Path(download.value.path()).read_bytes()
    assert any("认真部署" in passage.text for passage in passages(BytesIO(body), "x.docx"))
    page.click(".proof.accepted")
    page.wait_for_selector(".proof.accepted[aria-current]")
    page.wait_for_load_state()  # before its script is there, a key is lost
    page.keyboard.press("u")
    page.wait_for_selector(".proof.accepted", state="detached")
    page.context.close()


def test_a_ledger_file_is_filled_in_brought_back_and_written_after_a_look(browser, own_console, tmp_path):
    page = opened(browser, own_console, "desk")
    log_in(page, "mender")
    page.goto("/departments")
    page.click("text=办公室")
    with page.expect_download() as download:
        page.click("section[aria-labelledby=workbook] a[download]")
    file = tmp_path / "台账.xlsx"
    file.write_bytes(filled_in(Path(download.value.path()).read_bytes(), 整改说明="已改好"))
    page.set_input_files("#file", file)
    page.click("section[aria-labelledby=workbook] form button")
    page.click("text=写入台账")
    page.wait_for_selector(".toast")
    rows = EntryStore(own_console.bureau.store.engine).select(LedgerFilter(department="办公室"))
    assert {entry.note for entry in rows} == {"已改好"}
    seen = Seen()
    judge(page, seen)
    assert seen.barriers == []
    page.context.close()


def test_a_filter_is_saved_beside_the_filters_and_a_word_taken_into_the_vocabulary(browser, own_console):
    page = opened(browser, own_console, "desk")
    log_in(page, "admin")
    page.goto("/findings?rule=typo")
    page.click("text=保存当前筛选")
    page.fill("#view-name", "错别字")
    page.click(".views form button[type=submit]")
    page.wait_for_selector(".view a[aria-current]")
    seen = Seen()
    judge(page, seen)
    page.goto("/vocabulary")
    page.fill("[name=word]", "下河乡")
    page.fill("[name=reason]", "地名")
    page.click("main .in-line button")
    page.wait_for_selector("td >> text=地名")
    judge(page, seen)
    assert seen.barriers == []
    page.context.close()


def test_the_keyboard_alone_reaches_the_content_and_the_filter(browser, console):
    page = opened(browser, console, "desk")
    log_in(page, "viewer")
    page.goto("/findings")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.facets') !== null")
    page.context.close()


def state(console: ServedConsole, number: int) -> str:
    return EntryStore(console.bureau.store.engine).get([number])[number].state
