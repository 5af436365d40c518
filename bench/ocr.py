"""Measure the reading of pictures: planted typos and ID numbers found, false alarms on clean pictures, CPU and memory.

    python bench/ocr.py [--typos N] [--clean N] [--numbers N] [--seed N]

Pictures are painted with the faces that are there (tests/painted.py): 12 to 40 pixels, JPEG noise, coloured grounds,
grain, watermarks, columns of characters, scans turned by up to three degrees. Their sentences are the demo site's; what
is planted is on the typo check's own lists, and each slip is one that the check finds in the plain sentence, so that
what is lost is lost by reading. ``found`` are slips that a finding touches, ``confirmed`` those of them that are an
alarm. ``clean`` counts findings on pictures of the sentences as they stand; those that the check has on the plain text
as well are not the reader's. ID numbers are drawn anew and valid. CPU is the process's that reads, memory its peak.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import resource
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))

from checks.model import Block, Confidence, Finding, PictureText
from checks.read_pictures import Pictures, as_read
from checks.reading.picture_lines import passages_of
from checks.typos import Typos
from monitor.inspection.picture_process import PictureProcess
from monitor.settings.checks import build_one
from monitor.settings.config_file import load
from monitor.typo_engine.load import with_engine
from tests.painted import PAPERS, Look, faces, paint

NOW = datetime(2026, 11, 30, tzinfo=UTC)

SLIPS = (
    ("登录", "登陆"), ("部署", "布署"), ("账号", "帐号"), ("截至", "截止至"), ("的通知", "的的通知"), ("按照", "安照"),
    ("根据", "跟据"), ("认真", "认针"), ("进一步", "近一步"), ("宣传", "宣船"), ("安排", "按排"), ("即日起", "既日起"),
    ("组织", "组积"), ("管理", "管里"), ("开展", "开辗"), ("加强", "加墙"), ("办法", "办伐"), ("公布", "公不"),
    ("工程", "工成"), ("建设", "健设"), ("服务", "服雾"), ("申请", "申清"), ("材料", "才料"), ("规定", "归定"),
)  # fmt: skip
"""Right and wrong: what hands write and what is planted."""

SENTENCE = re.compile(r"[^。！？\n]{8,60}[。！？]")
MARKUP = re.compile(r"<[^>]+>|\{\{.*?\}\}|\{%.*?%\}")


@dataclass
class Tally:
    """What came of the pictures of one kind."""

    pictures: int = 0
    found: int = 0
    confirmed: int = 0
    characters: int = 0
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)


def sentences() -> list[str]:
    """Return the sentences of the demo site."""
    texts = []
    for file in sorted((Path(__file__).parents[1] / "monitor/demo/content").glob("*.yaml")):
        texts += _strings(yaml.safe_load(file.read_text("utf-8")))
    plain = MARKUP.sub("\n", "\n".join(texts))
    return sorted({each.strip() for each in SENTENCE.findall(plain) if "{" not in each})


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def look(dice: random.Random, sizes: Sequence[int]) -> Look:
    """Return a way to paint, drawn anew."""
    chosen = Look(dice.choice(faces()), dice.choice(sizes), dice.choice(PAPERS), dice.choice((0, 35, 60, 85)))
    match dice.randrange(5):
        case 0:
            return replace(chosen, vertical=True, across=18)
        case 1:
            return replace(chosen, watermark="清河县人民政府")
        case 2:
            return replace(chosen, turned=dice.uniform(-3, 3), grain=dice.choice((0, 40)))
        case 3:
            return replace(chosen, grain=60)
    return chosen


class Reader:
    """What an inspection does with a picture, without the crawl around it."""

    def __init__(self) -> None:
        self.process = PictureProcess(60)
        self.typos = with_engine(build_one(Typos, load(None, []).checks.get(Typos.id, {})))

    def plain(self, text: str) -> list[Finding]:
        """Return what the typo check says of a text that stands on a page."""
        return list(self.typos.inspect(Block(text)))

    async def read(self, picture: bytes, tally: Tally) -> list[Finding]:
        """Return what is found in a picture."""
        reading = await self.process.read(picture)
        tally.pictures += 1
        tally.seconds += reading.seconds
        found = list(Pictures().inspect(PictureText("http://a.cn/x.png", reading.lines, NOW)))
        for passage in passages_of(reading.lines):
            tally.characters += len(passage.text)
            stands = (as_read(each, passage) for each in self.plain(passage.text))
            found += [each for each in stands if each is not None]
        return found


def planted(reader: Reader, dice: random.Random, every: list[str]) -> tuple[str, str]:
    """Return a sentence with a slip that the check finds in it, and the slip."""
    while True:
        sentence = dice.choice(every)
        slips = [(right, wrong) for right, wrong in SLIPS if right in sentence]
        if not slips:
            continue
        right, wrong = dice.choice(slips)
        spoilt = sentence.replace(right, wrong, 1)
        if any(touches(each, wrong) for each in reader.plain(spoilt)):
            return spoilt, wrong


def touches(finding: Finding, wrong: str) -> bool:
    return finding.text is not None and (wrong in finding.text.wrong or finding.text.wrong in wrong)


def id_number(dice: random.Random) -> str:
    """Return a valid number of a person who does not exist."""
    body = f"440106{dice.randint(1950, 2005)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}{dice.randint(1, 999):03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


SMALL, LARGE = (12, 14, 16, 20), (24, 28, 32, 40)


async def measure(arguments: argparse.Namespace) -> None:
    dice, reader, every = random.Random(arguments.seed), Reader(), sentences()
    for name, sizes, count in (
        ("slips, 24 to 40 px", LARGE, arguments.typos),
        ("slips, 12 to 20 px", SMALL, arguments.typos // 3),
    ):
        tally = Tally()
        for number in range(count):
            spoilt, wrong = planted(reader, dice, every)
            how = look(dice, sizes)
            found = await reader.read(paint([dice.choice(every), spoilt], how, number), tally)
            count_slip(tally, [each for each in found if touches(each, wrong)], f"{wrong} {how}")
        report(name, tally)
    await measure_numbers(reader, dice, arguments.numbers)
    await measure_clean(reader, dice, every, arguments.clean)
    reader.process.close()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"memory of the process that reads: {children.ru_maxrss // 1024} MiB at most")


async def measure_numbers(reader: Reader, dice: random.Random, count: int) -> None:
    tally = Tally()
    for number in range(count):
        digits, how = id_number(dice), replace(look(dice, LARGE), vertical=False, across=30)
        written = ["公示名单", f"李明，身份证号：{digits}，特此公示。"]
        found = await reader.read(paint(written, how, number), tally)
        count_slip(tally, [each for each in found if each.rule.id == "leaked-id-number"], f"{digits} {how}")
    report("ID numbers, 24 to 40 px", tally)


async def measure_clean(reader: Reader, dice: random.Random, every: list[str], count: int) -> None:
    """Count what is found in pictures of clean text and not in the text itself."""
    tally, alarms = Tally(), Counter[str]()
    for number in range(count):
        how, texts = look(dice, SMALL + LARGE), dice.sample(every, 3)
        own = {each.text.wrong for text in texts for each in reader.plain(text) if each.text}
        for each in await reader.read(paint(texts, how, number), tally):
            if each.text is None or each.text.wrong not in own:
                alarms[each.confidence.value] += 1
                tally.lost.append(f"{each.confidence.value} {each.rule.id} {each.text} {how}")
    report(f"clean, false alarms {dict(alarms)}", tally)


def report(name: str, tally: Tally) -> None:
    """Print what came of the pictures of a kind, and what was lost or alarmed."""
    found = f"{tally.found} found ({tally.found / max(1, tally.pictures):.1%}), {tally.confirmed} confirmed"
    each = tally.seconds / max(1, tally.pictures)
    print(f"{name}: {tally.pictures} pictures, {found}; {each:.2f} CPU s each, {tally.characters} characters")
    for line in tally.lost:
        print("   ", line)
    sys.stdout.flush()


def count_slip(tally: Tally, found: list[Finding], what: str) -> None:
    tally.found += bool(found)
    tally.confirmed += any(each.confidence is Confidence.CONFIRMED for each in found)
    if not found:
        tally.lost.append(what)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--typos", type=int, default=300)
    parser.add_argument("--clean", type=int, default=500)
    parser.add_argument("--numbers", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
