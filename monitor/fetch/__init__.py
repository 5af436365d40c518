"""Fetch over HTTP for everyone: limits, redirects, one retry of a dead connection, and the address guard.

The only package that imports httpx.
"""

from monitor.fetch.fetcher import Fetcher
from monitor.fetch.outcome import Fetched, Limits

__all__ = ["Fetched", "Fetcher", "Limits"]
