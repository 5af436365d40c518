"""List the wordings of clean text that are a set phrase in all but one place: they are meant.

    python tools/typos/phrase_variants.py --statutes statutes.txt.xz >> checks/typos/data/phrase_variants.txt

Read what it prints before it goes in: slips in the statutes themselves do not belong there.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from clean_text import peoples_daily, statutes

sys.path.insert(0, str(Path(__file__).parents[2]))
from checks.typos.lexicon.phrases import packaged_phrases


def main() -> None:
    """Print the wordings, most frequent first, that the phrases would report in clean text."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--statutes", type=Path, required=True)
    options = parser.parse_args()
    phrases = packaged_phrases()
    seen = Counter(
        suspect.wrong for line in [*statutes(options.statutes), *peoples_daily()] for suspect in phrases.suspects(line)
    )
    print("\n".join(wording for wording, _ in seen.most_common()))


if __name__ == "__main__":
    main()
