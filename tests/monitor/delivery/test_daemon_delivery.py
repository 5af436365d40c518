"""The daemon writes to people by itself, and no address, token or password of theirs is written anywhere."""

from __future__ import annotations

import json
import os

from tests.monitor import command_server
from tests.monitor.daemons import QUICK, daemon
from tests.monitor.delivery.robots import robots
from tests.monitor.service.test_daemon import office, sites

__all__ = ["office"]

SECRETS = {
    "key of a robot": "geheim-4801",
    "secret of a signature": "geheim-4802",
    "password of a mail account": "geheim-4803",
    "token of a webhook": "geheim-4804",
    "secret in the environment": "geheim-4805",
    "secret in a file": "geheim-4806",
}


def targets(there, folder):
    key, sign, password, token, _, in_file = SECRETS.values()
    kept = folder / "kept-secret"
    kept.write_text(in_file, "utf-8")
    everything = ["run-finished", "critical-at-once", "recovered", "overdue", "weekly-digest", "daemon-trouble"]
    common = {"events": everything}
    return [
        {"name": "群", "url": f"{there.url}/wecom?key={key}", "kind": "wecom", **common},
        {"name": "签名", "url": f"{there.url}/dingtalk", "secret": sign, "kind": "dingtalk", **common},
        {"name": "邮件", "url": f"mailto://u:{password}@127.0.0.1:9/?to=a@b.cn&mode=insecure", **common},
        {"name": "钩子", "url": f"json://127.0.0.1:9/{token}", **common},
        {"name": "环境", "url": f"{there.url}/feishu?x=${{TOKEN}}", "kind": "feishu", **common},
        {"name": "文件", "url": f"{there.url}/wecom?key=${{file:{kept}}}", "kind": "wecom", **common},
    ]


def found_in(text):
    return {name for name, secret in SECRETS.items() if secret in text}


def test_digests_arrive_and_no_secret_is_written(tmp_path, office):
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    with robots() as there:
        there.signed = True  # so that the robot with another secret refuses, and says why
        notify = {"targets": targets(there, secrets), "gather": 0, "link": "https://check.example.cn"}
        with daemon(tmp_path, sites=sites(office, "a"), crawl=QUICK, notify=notify) as it:
            it.environment = {**os.environ, "TOKEN": SECRETS["secret in the environment"]}
            it.start()
            it.until(lambda: it.metric("messages_total", target="群", result="sent"), "sent", 60)
            for name in ("签名", "邮件", "钩子", "环境"):
                it.until(lambda name=name: it.metric("messages_total", target=name, result="failed"), "refused", 60)
            it.until(lambda: (it.metric("messages_waiting", target="邮件") or 0) > 0, "shown", 60)
            pages = "".join(it.get(page)[1] for page in ("/metrics", "/readyz", "/healthz"))
            it.stop()
        written = [json.dumps(body, ensure_ascii=False) for body in there.taken]
    digest = next(text for text in written if "首次检查" in text)
    assert "a 局" in digest
    assert "https://check.example.cn/a/a-20" in digest
    for command in (
        ["notify", "list"],
        ["notify", "outbox"],
        ["notify", "outbox", "--failed", "--format=json"],
        ["notify", "test"],
        ["config", "show"],
        ["status"],
        ["doctor"],
    ):
        done = command_server.run(*command, "--config", it.config, text=True, env=it.environment)
        pages += done.stdout + done.stderr
    assert "error 310000: sign not match" in pages
    assert "通知      待发" in pages
    assert found_in(pages) == set()
    kept = [
        path for path in tmp_path.rglob("*") if path.is_file() and path != it.config and secrets not in path.parents
    ]
    assert len(kept) > 3
    leaks = {path.name: found_in(path.read_bytes().decode("utf-8", "replace")) for path in kept}
    assert {name: found for name, found in leaks.items() if found} == {}
