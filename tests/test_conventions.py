"""Guard what a reviewer would otherwise have to remember: documents, tables, contracts, and what stays out."""

import ast
import re
import subprocess
import sys
from collections import Counter, defaultdict
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import click
import pytest

import checks
from checks import CHECKS, CLASSES, RULES, check_of
from checks.model import Check, Rule
from monitor.cli import COMMANDS, SUMMARIES
from reports import FORMATS

ROOT = Path(__file__).parent.parent
PACKAGES = ("checks", "reports", "monitor")
LONGEST_FILE, LONGEST_FUNCTION = 700, 60
"""Lines: bounds, not goals. Most files hold 100 to 300 lines, most functions fewer than ten."""


def tracked(*patterns):
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, check=True, capture_output=True, text=True)
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def sources():
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


@cache
def parsed(path):
    """Return the tree of a module; nobody changes it."""
    return ast.parse(path.read_text("utf-8"))


def commands():
    for name, place in COMMANDS.items():
        module, function = place.split(":")
        yield name, getattr(import_module(module), function)


def manuals():
    return "\n".join(path.read_text("utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def every_check():
    for module in walk_packages(checks.__path__, "checks."):
        for item in vars(import_module(module.name)).values():
            if isinstance(item, type) and issubclass(item, Check) and item is not Check and hasattr(item, "id"):
                yield item


def test_every_check_is_registered():
    assert set(every_check()) == set(CHECKS)
    assert [name for name in CLASSES if check_of(name).id != name] == []


def test_ids_are_kebab_case_and_used_once():
    ids = [check.id for check in CHECKS] + [rule.id for check in CHECKS for rule in check.rules]
    assert [name for name in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert len(RULES) == sum(len(check.rules) for check in CHECKS)


def test_every_rule_is_documented():
    written = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert [rule for rule in RULES if f"`{rule}`" not in written] == []


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_speaks_both_languages(rule: Rule):
    messages = rule.message.values() if hasattr(rule.message, "values") else [rule.message]
    for text in (rule.title, rule.remedy, rule.basis, rule.why, *messages):
        assert text.zh.strip(), rule.id
        assert text.en.strip(), rule.id
        assert not re.search(r"[一-鿿]{4}", re.sub(r"[“《].*?[”》]", "", text.en)), text.en


def test_every_command_has_a_summary():
    assert set(SUMMARIES) == set(COMMANDS)


def test_every_command_and_option_has_help():
    bare = [
        f"{name} {parameter.opts[0]}"
        for name, command in commands()
        for parameter in command.params
        if isinstance(parameter, click.Option) and not (parameter.help or parameter.show_default)
    ]
    assert bare == []
    assert [name for name, command in commands() if not command.help] == []


def test_every_command_is_in_the_manuals():
    text = manuals()
    assert [name for name in COMMANDS if f"sitehealth {name}" not in text] == []


def test_every_format_is_in_the_readme():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in FORMATS if name.lower() not in readme.lower()] == []


@pytest.mark.parametrize("module", ["monitor.cli", *(place.partition(":")[0] for place in COMMANDS.values())])
def test_help_answers_without_the_heavy_imports(module):
    """Of ``sitehealth`` and of every command: what a command does stands in ``monitor/commands/work``."""
    heavy = ("monitor.fetch", "sqlalchemy", "lxml", "pydantic", "jinja2", "numpy", "turbohtml._html", "xlsxwriter")
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


PROOFREAD = ("proofread", "document.txt", "--set", "checks.typos.models=none")
STATUS = ("status", "--set", "store.url=sqlite:///none.db")
LEDGER = ("ledger", "list", "--set", "store.url=sqlite:///none.db")

UNUSED = {
    PROOFREAD: (
        *("checks.links", "checks.columns", "reports.model", "sqlalchemy", "monitor.fetch", "jinja2", "uvloop"),
        *("asyncio", "ssl", "loguru", "turbohtml._html"),
    ),
    STATUS: ("checks.typos.engine", "checks.columns", "numpy", "monitor.fetch", "turbohtml._html"),
    LEDGER: (
        "checks.freshness",
        "checks.security.tls",
        "xlsxwriter",
        "openpyxl",
        "numpy",
        "monitor.fetch",
        "turbohtml._html",
    ),
    ("--help",): ("checks", "pydantic", "yaml", "sqlalchemy"),
}
"""What a command has no use for, and takes a tenth of a second or more of each of its starts all the same."""


@pytest.mark.parametrize("command", UNUSED, ids=lambda command: command[0])
def test_a_command_starts_without_what_it_has_no_use_for(command, tmp_path):
    (tmp_path / "document.txt").write_text("请于十二月底前报送材料。", "utf-8")
    program = [sys.executable, "-X", "importtime", "-m", "monitor", *command]
    done = subprocess.run(program, check=False, capture_output=True, text=True, cwd=tmp_path)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line}
    assert done.returncode == 0, done.stderr
    assert "monitor.cli" in imported
    assert imported.intersection(UNUSED[command]) == set()


def test_processes_that_a_command_starts_do_without_the_commands():
    """Each of them imports the main module anew."""
    code = "import sys, monitor.__main__; print([name for name in ('click', 'monitor.cli') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_imports_keep_their_contracts():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_files_are_one_sitting_long():
    lengths = {path.relative_to(ROOT): len(path.read_text("utf-8").splitlines()) for path in sources()}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_fit_a_screen():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} {node.end_lineno - node.lineno + 1}"
        for path in sources()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize("package", PACKAGES)
def test_modules_say_what_they_are_for(package):
    silent = [path for path in (ROOT / package).rglob("*.py") if not ast.get_docstring(parsed(path))]
    assert [str(path.relative_to(ROOT)) for path in silent] == []


def test_test_modules_say_what_they_specify():
    """One sentence at the top, so that a reader knows which tests to open."""
    modules = [path for path in tracked("tests") if path.name.startswith("test_")]
    docs = {path: ast.get_docstring(parsed(path)) for path in modules}
    assert [str(path.relative_to(ROOT)) for path, doc in docs.items() if not doc or not re.search(r"[.!?]", doc)] == []


BANNED = re.compile(
    r"\b(lanes?|journeys?|acquaintances?|puts? (it |them )?down|told of|whoever|whom|tell whether)\b"
    r"|\b_(mine|among|strangers|one)\b",
    re.IGNORECASE,
)
"""Words that the glossary of docs/architecture.md replaces, and names that say nothing."""


def test_the_words_of_the_glossary_are_kept_to():
    exempt = {Path(__file__), ROOT / "CHANGELOG.md", ROOT / "docs" / "architecture.md"}
    paths = [
        path for path in tracked("*.py", "*.md", "*.toml", "*.yaml", "*.yml", "*.sh", "*.jinja") if path not in exempt
    ]
    assert [
        f"{path.relative_to(ROOT)}:{number} {found[0]}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (found := BANNED.search(line))
    ] == []


def test_the_glossary_names_each_term_once_and_in_chinese():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("## Glossary")[2]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")
    ][2:]
    assert len(rows) > 30
    assert len({row[0] for row in rows}) == len(rows)
    assert [row[0] for row in rows if not re.search(r"[一-鿿]", row[2])] == []
    banned = {word.strip() for row in rows for word in row[3].split(",") if word.strip()}
    assert [word for word in banned if not BANNED.search(word)] == []


def test_every_folder_stands_in_the_map():
    """docs/architecture.md says where things are; a folder that is not there would not be found."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    folders = {path.parent.relative_to(ROOT) for path in sources() if path.name == "__init__.py"}
    top = [folder for folder in folders if len(folder.parts) == 2 and folder.parts[0] == "monitor"]
    assert [str(folder) for folder in top if f"`{folder}/`" not in text] == []


MIRRORED = frozenset(
    "attachments check cloaking columns console cookies dates exposure frontier headers host inventory ipv6 "
    "ledger linked_hosts media models own_network probes publications rechecks report rules run runs site_language "
    "snapshots soft404 suppressions tls".split()
)
"""Modules that do the same thing on two sides: docs/architecture.md says which ("Names")."""


def test_class_names_are_used_once():
    places = defaultdict(set)
    for path in sources():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef):
                places[node.name].add(str(path.relative_to(ROOT)))
    assert {name: sorted(paths) for name, paths in places.items() if len(paths) > 1} == {}


def test_module_names_are_used_once_or_mirrored():
    named = [path for path in sources() if path.stem != "__init__" and "migrations" not in path.parts]
    counted = Counter(path.stem for path in named if path.parent.name != "work")
    assert {name for name, times in counted.items() if times > 1} == MIRRORED


def test_the_walk_of_one_address_names_what_there_is():
    """docs/architecture.md follows one address through the rooms by file and function."""
    walk = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("### One address")[2].partition("\n## ")[0]
    steps = re.findall(r"`(\S+\.py)` `([\w.]+)`", walk)
    assert len(steps) > 10
    assert [step for step in steps if step[1] not in definitions(ROOT / step[0])] == []


def definitions(path):
    """Return the functions of a module, and the methods of its classes as ``Class.method``."""
    found = set()
    for node in parsed(path).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        found |= {f"{prefix}{each.name}" for each in inside if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
    return found


UNTELLING = re.compile(r"_*(said|told|strangers|mine|ours|theirs|among)")
"""Names of variables, arguments and functions that make a reader look up what they hold."""


def names_given(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno


def test_names_say_what_they_hold():
    assert [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in sources()
        for name, line in names_given(parsed(path))
        if UNTELLING.fullmatch(name)
    ] == []


def test_no_walrus_in_a_comprehension():
    """It decides two things where a reader expects one."""
    comprehensions = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    assert [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(parsed(path))
        if isinstance(node, comprehensions) and any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(node))
    ] == []


def holds(node, kind):
    """Return whether something of a kind stands below a node."""
    return any(isinstance(below, kind) for below in ast.walk(node) if below is not node)


def decides_three_things(node):
    """Return whether a node is a conditional in a conditional, or one that is yielded with an f-string in it."""
    if isinstance(node, ast.IfExp):
        return holds(node, ast.IfExp)
    return isinstance(node, ast.Yield) and isinstance(node.value, ast.IfExp) and holds(node, ast.JoinedStr)


def test_no_line_decides_three_things():
    assert [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(parsed(path))
        if decides_three_things(node)
    ] == []


def test_nothing_is_left_to_do():
    word = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert [str(path) for path in sources() if word.search(path.read_text("utf-8"))] == []


def test_no_machine_is_named():
    """Paths of somebody's machine and addresses of registries work for nobody else."""
    machine = re.compile(r"(?<![\w.])/(root|home/\w+|Users/\w+|work)/|pypi\.org|pythonhosted|deb\.debian\.org")
    text = {".py", ".md", ".toml", ".yaml", ".yml", ".sh", ".lock", ".cfg", ".txt", ".json", ".html", ""}
    named = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in text and path != Path(__file__) and machine.search(path.read_text("utf-8", "replace"))
    ]
    assert named == []


LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))


def pins(lock: str) -> set[str]:
    """Return what a lock installs, as ``name==version``."""
    return set(re.findall(r"^([a-z0-9-]+==[^ ;]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_registry_and_pin_every_package(lock):
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("-") or "://" in line] == []
    packages = [line for line in lines if re.match(r"[a-z0-9]", line)]
    assert [line for line in packages if "==" not in line or not line.endswith("\\")] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_lock_holds_all_that_the_program_needs(lock):
    """Each is installed by itself: a dependency added since it was written would be missing there."""
    assert pins("requirements.lock") - pins(lock) == set(), "run: make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_the_development_lock_holds_every_other_one(lock):
    """One environment serves `make run` and `make test`, so all must agree on every version."""
    assert pins(lock) - pins("requirements-dev.lock") == set(), "run: make lock"


def test_every_declared_dependency_is_locked():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = project["project"]["dependencies"] + [
        item for group in project["dependency-groups"].values() for item in group
    ]
    locked = (ROOT / "requirements-dev.lock").read_text("utf-8")
    names = {re.match(r"[A-Za-z0-9_.-]+", item)[0].lower().replace("_", "-") for item in declared}
    assert [name for name in sorted(names) if f"\n{name}==" not in f"\n{locked}"] == [], "run: make lock"


def test_what_ci_runs_is_what_the_readme_says():
    run = (ROOT / ".ci" / "run").read_text("utf-8")
    for words in ("check calendar", "test"):
        assert re.search(rf"^make .*[a-z] {words} \|\| status=", run, re.MULTILINE), words
    readme = (ROOT / "README.md").read_text("utf-8")
    assert readme.index("make run") < readme.index("make test") < 1500
