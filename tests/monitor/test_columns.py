"""Every fixture site, inspected from the command line: its columns and its planted faults are found, nothing else."""

from __future__ import annotations

import pytest

from tests.monitor.official import Office, below
from tests.sites.fixture import SITES
from tests.sites.server import serving


@pytest.fixture(params=SITES)
def site(request):
    with serving(request.param) as served:
        yield served


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def faults(site, report):
    return sorted((each["rule"], below(site, each["url"])) for each in report["findings"])


def test_a_site_is_inspected_and_found_as_it_is(site, office):
    report = office.inspect(site)
    columns = {below(site, each["url"]): each for each in report["columns"]}
    for path, truth in site.truth["columns"].items():
        told = columns[path]
        newest = truth["newest"] and f"{truth['newest']}"
        wanted = (truth["type"], newest, truth["status"], truth["items"])
        assert (told["type"], told["newest"], told["status"], told["items"]) == wanted, path
    assert columns.keys() == site.truth["columns"].keys()
    found, planted = faults(site, report), sorted((each["rule"], each["page"]) for each in site.truth["faults"])
    assert len(found) == len(planted), (found, planted)
    for (rule, url), (wanted, page) in zip(found, planted, strict=True):
        assert rule == wanted
        assert url.startswith(page)
