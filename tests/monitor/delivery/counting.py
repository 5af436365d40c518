"""Count what a dispatcher counts, for tests to look at."""

from __future__ import annotations

from collections import Counter


class Counting:
    """What was counted by target and result, and what was shown last."""

    def __init__(self):
        self.counted, self.shown = Counter(), {}

    def count(self, target, result):
        self.counted[target, result] += 1

    def show(self, targets, now):
        self.shown = dict(targets)
