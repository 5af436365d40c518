"""Work out, without running anything, what an inline script writes into its page and where it sends the reader."""

from checks.security.javascript.effects import Conditional, Effects
from checks.security.javascript.evaluation import effects
from checks.security.javascript.obfuscation import decoded
from checks.security.javascript.tokens import UNKNOWN, tokens

__all__ = ["UNKNOWN", "Conditional", "Effects", "decoded", "effects", "tokens"]
