"""What consoles of one process share: what FastAPI read of the endpoints, and what templates were compiled to."""

from __future__ import annotations

from monitor.console.application import create_app
from monitor.console.console_parts import ConsoleParts
from monitor.console.rendering import Pages
from monitor.console.static_files import StaticFiles
from monitor.settings.config_file import load
from reports.wording import LANGUAGES


def test_another_application_routes_by_what_was_read_for_the_first_and_keeps_its_own_parts():
    settings = load(None, [])
    first, second = (create_app(ConsoleParts(None, None, lambda: settings)) for _ in range(2))
    assert len(first.routes) > 20
    assert [*map(id, first.routes)] == [*map(id, second.routes)]
    for part in ("parts", "notices", "rechecks", "proofreading", "ledger_files", "period_reports", "pages"):
        assert getattr(first.state, part) is not getattr(second.state, part), part


def test_a_template_is_compiled_once_for_all_languages_and_consoles():
    consoles = [Pages(root, StaticFiles()) for root in ("", "/check")]
    made = [
        each._environments[language].get_template("login.html.jinja") for each in consoles for language in LANGUAGES
    ]
    assert len({id(each) for each in made}) == 4
    assert len({id(each.root_render_func.__code__) for each in made}) == 1
