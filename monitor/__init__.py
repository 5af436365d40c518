"""Have every effect: crawl, store, schedule, serve, deliver."""

__version__ = "0.1.0"
"""The version of the package, which the build reads here too: what is installed says it of itself in 4 ms each time."""
