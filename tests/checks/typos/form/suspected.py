"""What the tables of this folder say of a text: the one suspect of a kind that is found in it."""

from __future__ import annotations

from checks.typos import form


def assert_suspected(text: str, kind: str, wrong: str, right: str) -> None:
    """Assert that a text holds one suspect of this kind, standing where ``wrong`` does."""
    (suspect,) = (one for one in form.suspects(text) if one.kind == kind)
    assert (suspect.wrong, suspect.right) == (wrong, right)
    assert text[suspect.start : suspect.end] == wrong
