"""Find and read lines of text in pixels, by the models that rapidocr brings."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from checks.model import Box, ReadCharacter, Text
from monitor.ocr.picture_decoding import Tile

LIBRARIES = ("rapidocr", "onnxruntime", "pypdfium2", "Pillow")
"""What the extra installs and this room uses."""

MISSING = Text(
    "没有安装图片文字识别（pip install 'sitehealth[ocr]'）",
    "what reads pictures is not installed (pip install 'sitehealth[ocr]')",
)

DETECTOR, RECOGNISER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"

LEAST = 0.5
"""How sure a line has to be, on the average of its characters, to be taken for text at all."""

METHOD = 2
"""Counts the changes of how pictures are read: what an earlier one read is read again."""


def why_not_read() -> Text | None:
    """Return why pictures cannot be read here, None where they can. Loads nothing."""
    return models_missing() if engine_version() else MISSING


def engine_version() -> str:
    """Return what names the readings of this engine, "" where it is not installed."""
    try:
        return " ".join((str(METHOD), *(version(name) for name in LIBRARIES)))
    except PackageNotFoundError:
        return ""


def models_missing() -> Text | None:
    """Return which model of the installed engine is not there, None where all are."""
    found = find_spec("rapidocr")
    folder = Path(found.origin or "").parent / "models" if found else Path()
    absent = [name for name in (DETECTOR, RECOGNISER) if not (folder / name).is_file()]
    if not absent:
        return None
    return Text(
        f"缺少模型文件 {absent[0]}，请安装 rapidocr 3.10", f"the model {absent[0]} is missing; install rapidocr 3.10"
    )


class LineReader:
    """The models, loaded. One thread reads: a process is bounded, and a library's threads would take every core."""

    def __init__(self) -> None:
        import rapidocr

        models = Path(rapidocr.__file__).parent / "models"
        self._engine = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.use_preprocess_img": False,
                "Global.return_word_box": True,
                "Global.return_single_char_box": True,
                "Global.text_score": LEAST,
                # A model that is named by its path is not looked for anywhere else.
                "Det.model_path": str(models / DETECTOR),
                "Rec.model_path": str(models / RECOGNISER),
                "Det.limit_type": "max",
                "Det.limit_side_len": 1600,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def read(self, tile: Tile, page: int = 0) -> Iterator[tuple[ReadCharacter, ...]]:
        """Yield the lines of a part of a picture, their places in pixels of the picture."""
        found: Any = self._engine(tile.pixels)
        if getattr(found, "boxes", None) is None or not getattr(found, "txts", None):
            return
        for corners, words in zip(found.boxes, found.word_results, strict=True):
            middle = tile.top + sum(float(corner[1]) for corner in corners) / len(corners)
            if tile.first <= middle < tile.last:
                yield tuple(_character(word, tile, page) for word in words)


def _character(word: tuple[str, float, list[list[int]]], tile: Tile, page: int) -> ReadCharacter:
    text, certainty, corners = word
    across, down = ([corner[axis] for corner in corners] for axis in (0, 1))
    left, right = (round(each * tile.scale) for each in (min(across), max(across)))
    top, bottom = (round((each + tile.top) * tile.scale) for each in (min(down), max(down)))
    return ReadCharacter(text, round(float(certainty), 4), Box(left, top, right, bottom, page))
