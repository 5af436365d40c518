"""Fixtures that every test may ask for: servers on loopback. And what holds for the whole run."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import ssl
import sys
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from hypothesis import settings

from monitor.settings.paths import data_folder
from tests.server.hostile import ROUTES
from tests.server.site import Site
from tests.slow_first import slow_first

# A run starts some hundred Python processes. Where they may not keep what they compile, each compiles every library
# again: 2.4 CPU seconds a start of the command, against 0.9.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def keep_off_own_data() -> None:
    """Have this process and what it starts use a data folder of its own, over the user's models and compiled lists.

    Tests name their stores; one that forgets to does not open the user's.
    """
    own, made = data_folder(), Path(tempfile.mkdtemp(prefix="sitehealth-tests-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    (own / "cache").mkdir(parents=True, exist_ok=True)
    for name in ("models", "cache"):
        if (own / name).is_dir():
            (made / name).symlink_to(own / name)
    os.environ["SITEHEALTH_DATA"] = str(made)


keep_off_own_data()

# The same examples in every run, however slow the machine; `make bench BENCH=fuzz` looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep modules and tests, which are no garbage, from the collector: it took 3 of 19 CPU seconds of a worker."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)  # after pytest-randomly has shuffled them
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = slow_first(items, workers, lambda item: item.path, lambda item: "slow" in item.keywords)


@pytest.fixture(scope="session")
def hostile_site() -> Iterator[Site]:
    """The misbehaving site, for tests that want to know what it saw."""
    with Site(ROUTES).running() as site:
        yield site


@pytest.fixture
def hostile(hostile_site: Site) -> str:
    """The misbehaving site's address, without a slash at its end."""
    return hostile_site.url


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the tests' own; ``pem`` is the path of its root."""

    ca: trustme.CA
    pem: str

    def context(self, *names: str, **options) -> ssl.SSLContext:
        """What a server needs to call itself by these names."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*names, **options).configure_cert(context)
        return context


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    ca = trustme.CA()
    path = tmp_path_factory.mktemp("authority") / "root.pem"
    ca.cert_pem.write_to_path(str(path))
    return Authority(ca, str(path))


@pytest.fixture(scope="session")
def hostile_tls(authority: Authority) -> Iterator[Site]:
    """The misbehaving site over TLS, as localhost and 127.0.0.1."""
    context = authority.context("localhost", "127.0.0.1")
    with Site(ROUTES, tls=context).running() as site:
        yield site
