"""The configuration in force: a valid file takes its place, one with faults leaves the old one, and metrics say so."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from monitor.service.configuration import Configuration
from monitor.service.metrics.live import Live
from monitor.settings.config_file import load
from monitor.store.site_query import ask_sites

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
        self.configuration = Configuration(load(path, (), ask_sites), path, (), self.adopt, Live(self.registry))

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


def test_a_list_of_sites_is_read_again_when_it_has_changed_and_when_it_is_mended(path):
    table = path.with_name("list.csv")
    table.write_text("url\nhttp://b.cn/\n", "utf-8")
    path.write_text(path.read_text("utf-8") + "sites_from: [{csv: list.csv}]\n", "utf-8")
    bench = Bench(path)
    bench.configuration.put_in_force(bench.configuration.settings)
    bench.configuration.reload_if_changed()
    assert bench.adopted == [["a", "b.cn"]]
    table.write_text("url,nothing\nhttp://c.cn/,x\n", "utf-8")
    bench.configuration.reload_if_changed()
    assert bench.was_read == 0
    path.write_text(path.read_text("utf-8").replace("list.csv", "other.csv"), "utf-8")
    bench.configuration.reload_if_changed()
    assert bench.adopted == [["a", "b.cn"]]
    path.with_name("other.csv").write_text("url\nhttp://d.cn/\n", "utf-8")
    bench.configuration.reload_if_changed()
    assert bench.adopted[-1] == ["a", "d.cn"]
    assert bench.was_read == 1


def test_a_database_with_sites_is_asked_again_when_it_is_due(path, monkeypatch):
    database = path.with_name("sites.db")
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE site AS SELECT 'http://b.cn/' AS url")
    path.write_text(
        f"sites_from: [{{database: 'sqlite:///{database}', query: SELECT url FROM site, every: 7}}]\n", "utf-8"
    )
    now = 1000.0
    monkeypatch.setattr("monitor.service.configuration.time.monotonic", lambda: now)
    bench = Bench(path)
    bench.configuration.put_in_force(bench.configuration.settings)
    with sqlite3.connect(database) as connection:
        connection.execute("INSERT INTO site VALUES ('http://c.cn/')")
    bench.configuration.reload_if_changed()
    assert bench.adopted == [["b.cn"]]
    now += 7 * 60
    bench.configuration.reload_if_changed()
    assert bench.adopted == [["b.cn"], ["b.cn", "c.cn"]]
    now += 7 * 60
    bench.configuration.reload_if_changed()
    assert len(bench.adopted) == 2, "nothing is new, nothing is put in force"
    connection.close()
    database.rename(path.with_name("away.db"))
    now += 7 * 60
    bench.configuration.reload_if_changed()
    assert bench.was_read == 0
    path.with_name("away.db").rename(database)
    now += 5
    bench.configuration.ask_again()
    bench.configuration.reload_if_changed()
    assert bench.was_read == 0, "somebody asked a moment ago"
    now += 15
    bench.configuration.ask_again()
    bench.configuration.reload_if_changed()
    assert bench.was_read == 1


def test_in_an_event_loop_the_configuration_is_read_beside_it(path):
    bench = Bench(path)

    async def read_again():
        path.write_text(VALID, "utf-8")
        bench.configuration.reload_if_changed()
        bench.configuration.reload_if_changed()
        assert bench.adopted == []
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))

    asyncio.run(read_again())
    assert bench.adopted == [["a", "b"]]
