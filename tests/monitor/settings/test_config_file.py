"""Configuration: every fault is told with file, line, key, what was read and what is allowed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from checks import CLASSES, check_of
from monitor.settings.checks import complete, settings_of
from monitor.settings.config_file import ConfigError, load
from monitor.settings.example import with_checks
from monitor.settings.site import Settings
from reports import FORMATS

ROOT = Path(__file__).parents[3]


def fault(tmp_path: Path, text: str | bytes, *overrides: str) -> str:
    path = tmp_path / "c.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as caught:
        load(path, overrides)
    return str(caught.value).replace(f"{tmp_path}/", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "crawl:\n  timeout: soon\n",
            "c.yaml:2: crawl.timeout: Input should be a valid number, unable to parse string as a number"
            " (read: 'soon')",
        ),
        ("crawl:\n  delay: -1\n", "c.yaml:2: crawl.delay: Input should be greater than or equal to 0 (read: -1)"),
        (
            "report:\n  lang: en\n",
            "c.yaml:2: report.lang: no such setting; did you mean language?; allowed here: language, formats, folder, "
            "office, contact, logo, template, columns, snapshots, groups",
        ),
        (
            "report:\n  formats: [html, odt]\n",
            f"c.yaml:2: report.formats.1: unknown format 'odt'; allowed: {', '.join(FORMATS)} (read: 'odt')",
        ),
        (
            "sites:\n- url: http://a.cn\n  exclude:\n  - x\n  - '('\n",
            "c.yaml:5: sites.0.exclude.1: not a regular expression: missing ), unterminated subpattern at position 0"
            " (read: '(')",
        ),
        ("sites:\n- id: a\n", "c.yaml:2: sites.0.url: Field required"),
        ("- a\n", "c.yaml:1: must be a mapping of sections, not list"),
        ("crawl: {a: 1\n", "c.yaml:2: not YAML: did not find expected ',' or '}'"),
        ("crawl:\n  delay: 1\n  delay: 2\n", "c.yaml:3: not YAML: key 'delay' is given twice"),
        ('crawl:\n  contact: "a\\nb"\n', "must be printable ASCII on one line"),
        (b"\xd6\xd0: 1\n", "c.yaml: byte 0 is not UTF-8; save the file as UTF-8"),
        (
            "checks:\n  links:\n    permanent: 1\n",
            "c.yaml:3: checks.links.permanent: no such setting; did you mean permanent_redirects?; allowed here: run,",
        ),
    ],
)
def test_a_fault_says_where_it_is_and_what_would_do(tmp_path, text, message):
    assert message in fault(tmp_path, text)


def test_every_fault_of_a_file_is_told_at_once(tmp_path):
    told = fault(tmp_path, "crawl:\n  delay: x\n  timeout: y\nnothing: 1\n")
    assert [line.split(": ")[0] for line in told.splitlines()] == ["c.yaml:2", "c.yaml:3", "c.yaml:4"]


def test_an_override_is_named_as_it_was_typed(tmp_path):
    assert fault(tmp_path, "", "crawl.delay=x").startswith("--set crawl.delay=x: crawl.delay: ")
    assert "must be KEY=VALUE" in fault(tmp_path, "", "crawl.delay")
    assert "holds no settings" in fault(tmp_path, "crawl: 5\n", "crawl.delay=1")


def test_an_override_lies_over_the_file(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text("crawl:\n  delay: 3\n  timeout: 4\n")
    crawl = load(path, ["crawl.delay=0", "checks.links.permanent_redirects=false"]).crawl
    assert (crawl.delay, crawl.timeout) == (0, 4)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load(tmp_path / "none.yaml")


def test_a_section_without_settings_means_the_defaults(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text("crawl:\nreport:\n")
    assert load(path) == load(None)


def test_the_example_is_valid_and_names_every_setting():
    text = (ROOT / "config.yaml").read_text("utf-8")
    load(ROOT / "config.yaml")
    for section in (
        "crawl",
        "store",
        "report",
        "score",
        "schedule",
        "availability",
        "probes",
        "daemon",
        "console",
        "retention",
        "sites",
    ):
        annotation = Settings.model_fields[section].annotation
        model = getattr(annotation, "__args__", (annotation,))[0]
        for name in model.model_fields:
            assert f"{name}:" in text, f"config.yaml does not mention {section}.{name}"


def test_the_example_shows_the_defaults_it_says_it_shows():
    """Uncommenting a line that shows a default changes nothing."""
    lines = (ROOT / "config.yaml").read_text("utf-8").splitlines()
    start, end = lines.index("crawl:"), lines.index("report:")
    shown = "\n".join(line.replace("  # ", "  ", 1) for line in lines[start:end] if "Your own" not in line)
    crawl = yaml.safe_load(shown)["crawl"]
    assert load(None, [f"crawl={json.dumps(crawl)}"]).crawl == load(None).crawl


def test_the_example_shows_every_setting_of_every_check_with_its_default(tmp_path):
    text = (ROOT / "config.yaml").read_text("utf-8")
    assert text == with_checks(text), "the checks in config.yaml are old: make rules"
    lines = text.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("# checks:"))
    shown = "\n".join(line.removeprefix("# ") for line in lines[first:])
    assert {name: set(settings) for name, settings in yaml.safe_load(shown)["checks"].items()} == {
        name: set(settings_of(check_of(name)).model_fields) for name in CLASSES
    }
    (tmp_path / "config.yaml").write_text(shown, "utf-8")
    assert load(tmp_path / "config.yaml").checks == complete(load(None).checks)
