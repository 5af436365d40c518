"""Hold what every HTML page of ours has in common: its style sheet, its policy, and text of a site made visible.

A page asks the network for nothing, and its policy (CSP, in a meta element) forbids it to: the one style sheet and the
one script that it carries are named by hash.
"""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup

from checks.packaged import packaged_text
from reports.safe import visible


def asset(name: str) -> str:
    """Return the text of one of our own files beside the templates."""
    return packaged_text("reports", f"templates/{name}")


def policy(style: str, script: str = "") -> str:
    """Return a Content-Security-Policy that allows these inline texts and nothing else (CSP3, 2.3.1)."""
    scripts = f"script-src {_hash(script)}; " if script else ""
    return f"default-src 'none'; style-src {_hash(style)}; {scripts}base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def shown(value: object) -> object:
    """Return what a template writes for a value: text that is not markup of ours is made visible."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
