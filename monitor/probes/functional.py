"""Try the functions of a site (功能服务): the probes of its configuration, its own search, and its feeds."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import timedelta
from urllib.parse import urlencode

from msgspec import Struct, field
from msgspec.structs import replace

from checks.model import ErrorKind, Finding, Inventory, Item, Page, Probe, Request, Response, Unmet
from checks.probes import Expectation, Probes, Step, feed_steps, search_step, unmet
from checks.reading.scripted import draws_lists
from monitor.fetch import Fetched, Fetcher, Limits
from monitor.fetch.requests import FORM
from monitor.masking import masked
from monitor.pages.decoding import decode
from monitor.pages.offload import Offload, in_place, weight
from monitor.pages.urls import MalformedError, origin_of, resolve
from monitor.settings.probes import ExpectSettings, ProbeSettings, StepSettings
from monitor.settings.secret import SecretText
from monitor.store.probe_results import ProbeStore

BYTES = 2 * 1024 * 1024
"""Of an answer that are read."""

INDEXED = timedelta(days=3)
"""The age from which on a search engine must know an article."""

SEARCHED = range(8, 41)
"""Characters of a title that tell it apart and fit a search field."""

SEARCH, FEED = "站内搜索", "订阅源"
"""What reports call the probes that every site gets."""


class Question(Struct, frozen=True):
    """One request as it is sent."""

    url: str
    method: str = "GET"
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    expect: Expectation = field(default_factory=Expectation)


def save_result(results: ProbeStore, site: str, probe: Probe, now: float) -> Finding | None:
    """Keep what came of a probe, and return what is wrong with the function, None where it works."""
    found = next(Probes().inspect(probe), None)
    results.save(site, probe.name, now, probe.seconds, found)
    return found


async def configured(fetcher: Fetcher, probes: Iterable[ProbeSettings], home: str) -> AsyncIterator[Probe]:
    """Yield what came of each probe of the configuration; ``home`` is what relative addresses start from."""
    for probe in probes:
        yield await try_once(fetcher, probe, home)


async def try_once(fetcher: Fetcher, probe: ProbeSettings, home: str) -> Probe:
    """Return what came of one probe of the configuration."""
    questions: list[Question] = []
    for number, step in enumerate(probe.steps, 1):
        try:
            questions.append(_question(step, home))
        except MalformedError as error:
            nothing = Response(str(step.url), error=ErrorKind.MALFORMED, detail=masked(str(error)))
            return Probe(probe.name, home, number, nothing, (Unmet("answer", "", "malformed"),))
    return await run(fetcher, probe.name, questions)


async def built_in(
    fetcher: Fetcher, page: Page, inventory: Inventory | None, offload: Offload = in_place
) -> AsyncIterator[Probe]:
    """Yield what came of the search and the feeds of a homepage.

    A search whose results a script draws shows a program nothing and is left out.
    """
    title = _known_title(inventory) if inventory else ""
    size = weight(page.html)
    step = await offload(size, search_step, page, title) if title else None
    if step is not None:
        question = _asked(step)
        fetched = await _fetch(fetcher, question, {})
        if not (fetched.response.status == 200 and draws_lists(_text(fetched))):
            yield _judged(SEARCH, question.url, 1, question, fetched)
    for number, feed in enumerate(await offload(size, feed_steps, page), 1):
        name = FEED if number == 1 else f"{FEED} {number}"
        yield await run(fetcher, name, [_asked(feed)])


async def run(fetcher: Fetcher, name: str, questions: list[Question]) -> Probe:
    """Ask one question after the other up to the first whose answer is not as it should be."""
    cookies: dict[str, dict[str, str]] = {}
    seconds = 0.0
    for number, question in enumerate(questions, 1):
        fetched = await _fetch(fetcher, question, cookies.setdefault(origin_of(question.url), {}))
        seconds += fetched.response.elapsed
        probe = _judged(name, questions[0].url, number, question, fetched)
        if probe.unmet:
            break
    return replace(probe, seconds=seconds)


def _judged(name: str, url: str, number: int, question: Question, fetched: Fetched) -> Probe:
    # What is kept of a probe goes into store and reports: from here on no address has a password or a token.
    response = replace(fetched.response, url=masked(fetched.response.url))
    return Probe(name, masked(url), number, response, _unmet(question.expect, fetched))


def _unmet(expect: Expectation, fetched: Fetched) -> tuple[Unmet, ...]:
    return unmet(expect, fetched.response, _text(fetched))


def _text(fetched: Fetched) -> str:
    return decode(fetched.body, fetched.response.header("content-type")).text


async def _fetch(fetcher: Fetcher, question: Question, cookies: dict[str, str]) -> Fetched:
    headers = dict(question.headers)
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    fetched = await fetcher.fetch(
        question.url,
        method=question.method,
        headers=headers,
        limits=_patient(fetcher.limits, question.expect),
        content=question.content,
        head_bytes=BYTES,
    )
    cookies.update(_cookies(fetched.response))
    return fetched


def _patient(limits: Limits, expect: Expectation) -> Limits:
    """Return limits that wait for an answer as long as it is allowed to take."""
    return replace(limits, timeout=max(limits.timeout, expect.seconds or 0.0))


def _cookies(response: Response) -> Iterator[tuple[str, str]]:
    for line in response.header_list("set-cookie"):
        name, sign, value = line.partition(";")[0].partition("=")
        if sign:
            yield name.strip(), value.strip()


def _question(step: StepSettings, home: str) -> Question:
    """Return a step of the configuration as it is sent. Raises MalformedError for a URL that is none."""
    url = resolve(home, step.url.get_secret_value()).url
    if not url:
        raise MalformedError(str(step.url))
    content, headers = None, _values(step.headers)
    if step.form is not None:
        content, headers = urlencode(_values(step.form)).encode(), FORM | headers
    elif step.json_body is not None:
        body = step.json_body.get_secret_value()
        content, headers = json.dumps(body).encode(), {"Content-Type": "application/json"} | headers
    method = step.method or ("GET" if content is None else "POST")
    return Question(url, method, content, headers, _expectation(step.expect))


def _values(secrets: Mapping[str, SecretText]) -> dict[str, str]:
    return {name: secret.get_secret_value() for name, secret in secrets.items()}


def _expectation(given: ExpectSettings) -> Expectation:
    values = given.model_dump()
    return Expectation(**{"json" if name == "json_values" else name: value for name, value in values.items()})


def _asked(step: Step) -> Question:
    request: Request = step.request
    if not request.form:
        return Question(request.url, expect=step.expect)
    return Question(request.url, "POST", urlencode(request.form).encode(), FORM, step.expect)


def _known_title(inventory: Inventory) -> str:
    """Return the title of an article that any search of the site must know: recent, but not of these days."""
    read = {page.url for page in inventory.articles}
    items = (item for column in inventory.columns for item in column.items if item.url in read)
    known = [item for item in items if _is_known(item, inventory)]
    return max(known, key=lambda item: (item.published, item.url)).title if known else ""


def _is_known(item: Item, inventory: Inventory) -> bool:
    old = item.published is not None and item.published <= inventory.seen - INDEXED
    return old and len(item.title) in SEARCHED
