"""Say what is wrong: pure checks, values in, findings out."""

from typing import Any

from checks.links import Links
from checks.model import Check
from checks.spaces import Spaces
from checks.typos.check import Typos

CHECKS: tuple[type[Check[Any]], ...] = (
    Links,
    Spaces,
    Typos,
)
"""Every check there is, in the order in which reports and docs/rules.md list them."""

RULES = {rule.id: rule for check in CHECKS for rule in check.rules}
"""Every rule under its id."""
