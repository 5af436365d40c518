"""The Chromium in which tests look at pages."""

from __future__ import annotations

import shutil

from monitor.browser.chromium import PLACES

CHROMIUM = next(filter(None, map(shutil.which, PLACES)), None)
"""Its path, None where there is none: the shell without windows where Debian's is there, which takes half the CPU."""
