"""Start Chromium so that nothing it does leaves the machine but through us, and end it whatever it is doing.

Three walls stand one behind the other: every request is intercepted (``page_network.py``); names resolve to nothing
and everything goes to a proxy that is not there; and where this process may make one, the browser has a network
namespace of its own without an interface.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from checks.model import Text
from monitor.settings.browser import BrowserSettings

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright
    from playwright.async_api._context_manager import PlaywrightContextManager as Starting

PLACES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Commands under which Chromium is looked for; Debian's are the first two.

The shell is Chromium without windows: a page takes half the CPU (220 against 425 to 465 ms, bench/browser.py)
and two at a time 360 MB instead of 570.
"""

FLAGS = (
    # No name resolves, and what would go out goes to a proxy that is not there, loopback included.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    # WebRTC goes by that proxy alone. The name of the switch changed, and a browser ignores one that it does not know.
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    # What a browser does unasked.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--disable-features=DnsOverHttps,MediaRouter,OptimizationHints,Translate,AutofillServerCommunication,"
    "WebRtcHideLocalIpsWithMdns,"  # which asks the neighbours for names
    "HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,HttpsFirstModeV2",  # a page is drawn under the address that it has
    # What it costs.
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--mute-audio",
    "--renderer-process-limit=2",
    "--js-flags=--max-old-space-size=256",
)

START = 30.0
"""Seconds in which the browser has to be there."""

END = 5.0
"""Seconds in which it has to be gone, before its processes are killed."""


NO_EXTRA = Text(
    "没有安装附加组件 browser（pip install 'sitehealth[browser]'）",
    "the extra `browser` is not installed (pip install 'sitehealth[browser]')",
)
NO_CHROMIUM = Text("没有找到 Chromium（{place}）", "there is no Chromium ({place})")
AS_ROOT = Text(
    "以 root 身份运行的 Chromium 没有沙箱，恶意页面可能控制本机，因此没有启动；"
    "请用普通用户运行，或设置 browser.sandbox: false",
    "Chromium has no sandbox as root, and a hostile page could take the machine, so it was not started; "
    "run as an ordinary user, or set browser.sandbox: false",
)
NO_SANDBOX = Text(
    "系统或服务单元不允许 Chromium 的沙箱，因此没有启动（docs/operations.md：systemctl edit sitehealth）",
    "the system, or the service's unit, forbids Chromium's sandbox, so it was not started"
    " (docs/operations.md: systemctl edit sitehealth)",
)
UNBOXED = "No usable sandbox"
"""What Chromium says then."""

NO_START = Text("{executable} 无法启动：{reason}", "{executable} does not start: {reason}")


class BrowserMissingError(RuntimeError):
    """There is no browser to draw with: ``reason`` says what is missing, and what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class Chromium:
    """One browser, started with the first page, and again after a page that it did not survive."""

    def __init__(self, settings: BrowserSettings) -> None:
        self._settings = settings
        self._browser: Browser | None = None
        self._playwright: Playwright | None = None
        self._folder: Path | None = None
        self._turn = asyncio.Lock()
        self.has_namespace = False

    async def get(self) -> Browser:
        """Return the browser, running. Raises BrowserMissingError."""
        async with self._turn:
            browser = self._browser
            if browser is None or not browser.is_connected():
                await self._end()
                browser = self._browser = await self._start()
            return browser

    async def close(self) -> None:
        """End the browser and everything that it started."""
        async with self._turn:
            await self._end()

    @property
    def mark(self) -> str:
        """What stands in the command of the browser that runs, and of no other."""
        return f"--sitehealth={self._folder}"

    async def discard(self, browser: Browser) -> None:
        """End a browser of which nothing is to be had any more, unless another has taken its place."""
        async with self._turn:
            if browser is self._browser:
                await self._end()

    async def _start(self) -> Browser:
        async_playwright, failure = _library()
        executable = executable_of(self._settings)
        self._folder = Path(tempfile.mkdtemp(prefix="sitehealth-browser-"))
        self.has_namespace = may_have_namespace()
        wrapper = _wrapper(self._folder, executable, with_namespace=self.has_namespace)
        try:
            self._playwright = await async_playwright().start()
        except Exception as error:  # noqa: BLE001 - of its driver, a process, it is only told that it has ended
            await self._end()
            raise BrowserMissingError(_no_start(executable, error)) from None
        try:
            return await self._playwright.chromium.launch(
                executable_path=wrapper,
                args=[*FLAGS, self.mark],  # it knows no such switch: its memory is found by it
                chromium_sandbox=self._settings.sandbox,
                timeout=START * 1000,
                # Signals are ours: a daemon that is told to stop ends its inspections first.
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        except failure as error:
            await self._end()
            if UNBOXED in str(error):
                raise BrowserMissingError(NO_SANDBOX) from None
            raise BrowserMissingError(_no_start(executable, error)) from None

    async def _end(self) -> None:
        browser, playwright, folder = self._browser, self._playwright, self._folder
        self._browser = self._playwright = self._folder = None
        for part in (browser.close if browser else None, playwright.stop if playwright else None):
            if part is not None:
                with contextlib.suppress(Exception):  # it may be dead, or stuck
                    await asyncio.wait_for(part(), END)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _no_start(executable: str, error: Exception) -> Text:
    """Return what to say where a browser does not start."""
    first_line = (str(error) or type(error).__name__).splitlines()[0]
    return Text(*(words.format(executable=executable, reason=first_line) for words in NO_START))


def _library() -> tuple[Callable[[], Starting], type[Exception]]:
    """Return what starts playwright, and its errors. Raises BrowserMissingError."""
    try:
        from playwright.async_api import Error, async_playwright
    except ModuleNotFoundError:
        raise BrowserMissingError(NO_EXTRA) from None
    return async_playwright, Error


def why_not_drawn(settings: BrowserSettings) -> Text | None:
    """Return why pages cannot be drawn here, None where they can.

    Starts nothing, nor loads the library: most inspections draw no page, and it costs a tenth of a second.
    """
    if find_spec("playwright") is None:
        return NO_EXTRA
    try:
        executable_of(settings)
    except BrowserMissingError as error:
        return error.reason
    return None


def why_it_does_not_start(settings: BrowserSettings) -> Text | None:
    """Return why a browser that is there does not start, None where it does: a unit may forbid what it needs."""

    async def start() -> None:
        chromium = Chromium(settings)
        try:
            await chromium.get()
        finally:
            await chromium.close()

    try:
        asyncio.run(start())
    except BrowserMissingError as error:
        return error.reason
    return None


def executable_of(settings: BrowserSettings) -> str:
    """Return the path of Chromium. Raises BrowserMissingError where there is none, or it may not be run as root."""
    found = settings.executable or next(filter(None, map(shutil.which, PLACES)), "")
    if not found or not Path(found).exists():
        place = found or "apt install chromium-headless-shell"
        raise BrowserMissingError(Text(*(words.format(place=place) for words in NO_CHROMIUM)))
    if os.geteuid() == 0 and settings.sandbox:
        raise BrowserMissingError(AS_ROOT)
    return found


def may_have_namespace() -> bool:
    """Return whether this process may give the browser a network namespace of its own."""
    if shutil.which("unshare") is None:
        return False
    done = subprocess.run([*namespace_command(), "true"], check=False, capture_output=True, timeout=START)  # noqa: S603 - our words
    return done.returncode == 0


def namespace_command() -> list[str]:
    """Return what starts a command in a network namespace of its own, as the user of this process."""
    return ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-current-user", "--net"]


def _wrapper(folder: Path, executable: str, *, with_namespace: bool) -> Path:
    """Write the command that starts Chromium behind its walls: playwright starts one file."""
    command = " ".join(namespace_command()) if with_namespace else ""
    path = folder / "chromium"
    path.write_text(f'#!/bin/sh\nexec {command} "{executable}" "$@"\n')
    path.chmod(stat.S_IRWXU)
    return path


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Let what playwright raises about a page that is gone pass: the page is given up anyway."""
    from playwright.async_api import Error

    with contextlib.suppress(Error):
        yield
