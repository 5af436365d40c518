"""An expression that is compiled late answers as one that is compiled at once."""

import pickle
import re

import pytest

from checks.late_pattern import ASKED, late


@pytest.mark.parametrize("method", ASKED)
def test_it_answers_as_the_pattern_would(method):
    arguments = ("_", "ab1ab") if method.startswith("sub") else ("ab1ab",)
    made = (late("A(b)", re.IGNORECASE), re.compile("A(b)", re.IGNORECASE))
    answers = (getattr(each, method)(*arguments) for each in made)
    one, other = (list(each) if method == "finditer" else each for each in answers)
    assert repr(one) == repr(other)


def test_nothing_is_compiled_before_it_is_asked():
    wrong = late("(")
    assert wrong.pattern == "("
    with pytest.raises(re.error):
        wrong.search("a")


def test_it_is_compiled_once(monkeypatch):
    pattern = late("a+")
    assert pattern.search("baa")[0] == "aa"
    monkeypatch.setattr(re, "compile", None)
    assert pattern.fullmatch("aaa")


def test_what_a_pattern_has_not_it_has_not():
    assert not hasattr(late("a"), "serach")


def test_it_is_written_alike_in_every_process():
    """What names the version of a check may be made of it."""
    assert repr(late("a+", re.IGNORECASE)) == "late('a+', 2)"
    asked = late("a+")
    asked.search("a")
    assert repr(asked) == repr(late("a+"))


def test_it_travels_to_other_processes():
    asked = late("(a)b+")
    asked.search("abb")
    for pattern in (late("(a)b+"), asked):
        assert pickle.loads(pickle.dumps(pattern)).fullmatch("abb")[1] == "a"
