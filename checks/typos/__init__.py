"""Find typos: lexicon, rules of form, language model, the site's own language, optional second opinions."""

from checks.typos.check import Typos

__all__ = ["Typos"]
