"""Work out, without running anything, what an inline script writes into its page and where it sends the reader."""

from checks.security.javascript.decoding import decoded
from checks.security.javascript.evaluation import Conditional, Effects, effects
from checks.security.javascript.tokens import UNKNOWN, tokens

__all__ = ["UNKNOWN", "Conditional", "Effects", "decoded", "effects", "tokens"]
