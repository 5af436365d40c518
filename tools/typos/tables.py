"""Make the tables of the language model from other counts of official writing than the package's.

    python tools/typos/tables.py --models MODELS --counts FOLDER --out FOLDER

COUNTS is what ``official.py --out FOLDER`` wrote, MODELS the folder of ``sitehealth models install``. What comes out
can be used as such a folder, to fit ``train_weighing.py`` on text that is not counted.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
from checks.typos.lm import prepare
from checks.typos.lm.made_with import maker
from monitor.models import word_lists
from monitor.typo_engine.load import PREPARED

RAW = ("zh_CN.lm", "lm_sc.t3g", "pydict_sc.bin")


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("models", "counts", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    packaged = prepare.packaged_arrays

    def counted_or_packaged(package: str, name: str) -> dict[str, np.ndarray]:
        counts = options.counts / Path(name).name
        return dict(np.load(counts)) if counts.name.startswith("official") else packaged(package, name)

    prepare.packaged_arrays = counted_or_packaged  # the one place that says where the counts are
    tables = prepare.prepare(*((options.models / name).read_bytes() for name in RAW), word_lists=word_lists())
    for name, table in tables.items():
        np.save(options.out / name, table)
    for name in RAW:
        shutil.copy(options.models / name, options.out / name)
    (options.out / PREPARED).write_text(maker(), "ascii")


if __name__ == "__main__":
    main()
