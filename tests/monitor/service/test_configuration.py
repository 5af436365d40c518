"""The configuration in force: a valid file takes its place, one with faults leaves the old one, and metrics say so."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from monitor.service.configuration import Configuration
from monitor.service.metrics.live import Live
from monitor.settings.config_file import load

VALID = "sites:\n- {id: a, url: http://a.cn/}\n- {id: b, url: http://b.cn/}\n"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("sites:\n- {id: a, url: http://a.cn/}\n", "utf-8")
    return path


class Bench:
    def __init__(self, path) -> None:
        self.adopted, self.trouble = [], None
        self.registry = CollectorRegistry()
        self.configuration = Configuration(load(path, ()), path, (), self.adopt, Live(self.registry))

    def adopt(self, settings):
        if self.trouble:
            raise self.trouble
        self.adopted.append([site.key for site in settings.sites])

    @property
    def was_read(self):
        return self.registry.get_sample_value("sitehealth_config_last_reload_successful")


def test_sites_are_known_once_the_settings_are_in_force(path):
    bench = Bench(path)
    assert bench.configuration.site("a") is None
    bench.configuration.put_in_force(bench.configuration.settings)
    assert bench.adopted == [["a"]]
    assert bench.configuration.site("a").key == "a"
    assert bench.configuration.site("b") is None
    assert bench.was_read == 1


def test_a_file_is_read_again_only_when_it_has_changed(path):
    bench = Bench(path)
    bench.configuration.reload_if_changed()
    assert bench.adopted == []
    path.write_text(VALID, "utf-8")
    bench.configuration.reload_if_changed()
    bench.configuration.reload_if_changed()
    assert bench.adopted == [["a", "b"]]


def test_a_file_that_is_put_in_the_place_of_another_has_changed(path):
    bench = Bench(path)
    other = path.with_name("other.yaml")
    other.write_text(VALID, "utf-8")
    other.replace(path)
    bench.configuration.reload_if_changed()
    assert bench.adopted == [["a", "b"]]


@pytest.mark.parametrize("text", ["sites: 7\n", "sites: [\n", "colour: red\n", None])
def test_a_configuration_with_faults_leaves_the_old_one_in_force(path, text):
    bench = Bench(path)
    bench.configuration.put_in_force(bench.configuration.settings)
    path.unlink()
    if text is not None:
        path.write_text(text, "utf-8")
    with capture_logs() as logged:
        bench.configuration.reload_if_changed()
    assert [line["event"] for line in logged] == ["configuration refused; the old one stays in force"]
    assert logged[0]["faults"]
    assert [site.key for site in bench.configuration.settings.sites] == ["a"]
    assert bench.adopted == [["a"]]
    assert bench.was_read == 0
    path.write_text(VALID, "utf-8")
    bench.configuration.reload_if_changed()
    assert bench.was_read == 1


def test_what_cannot_be_adopted_is_in_force_and_adopted_later(path):
    """The store may be away when a configuration comes: once it answers, it is put in force again."""
    bench = Bench(path)
    path.write_text(VALID, "utf-8")
    bench.trouble = OSError("the store is away")
    bench.configuration.reload()
    assert bench.was_read == 0
    bench.trouble = None
    bench.configuration.put_in_force(bench.configuration.settings)
    assert bench.adopted == [["a", "b"]]
    assert bench.was_read == 1


def test_what_waits_for_a_restart_is_named(path):
    bench = Bench(path)
    path.write_text("daemon: {log: json}\nstore: {url: 'sqlite:///other.db'}\n", "utf-8")
    with capture_logs() as logged:
        bench.configuration.reload()
    waiting = [line["setting"] for line in logged if line["event"] == "takes effect at the next start"]
    assert waiting == ["store.url", "daemon.log"]
