"""Fetch over HTTP for everyone: limits, redirects, one retry of a dead connection, and the address guard.

HTTP/1 is read by a reader of our own, as lenient as browsers' (``http1``); HTTP/2 is httpcore's. CPU a request for
20 KB over loopback, 64 at a time, uvloop (``bench/fetch.py``):

====================================================  ============
httpx.AsyncClient                                     2.5 - 3.2 ms
one httpx.AsyncClient for each worker                 0.5 ms
httpx.AsyncClient over pyreqwest                      0.16 - 0.18 ms
httpx's types over httpcore's connections (h11)       0.15 - 0.19 ms
the same over connections of our own                  0.6 of that
here: types and connections of our own                0.2 of that
here, over pyreqwest with the site's hosts pinned     0.09 ms
====================================================  ============

httpcore's pool is quadratic, so connections wait in lists of their origin's; ``AsyncClient.send`` spends half of what
is left on cookies, redirects and hooks that a crawler must not share between strangers, and its types as much again on
addresses that were read before. The last line was built and taken out again: pyreqwest does not stop when it is
cancelled or closed, now and then aborts the interpreter at exit, cannot show a header with raw Chinese in it, and has
to have every host pinned to be guarded. One transport checks every connection, and tells every fault, in one way.
"""

from monitor.fetch.fetcher import Fetcher
from monitor.fetch.outcome import Fetched, Limits

__all__ = ["Fetched", "Fetcher", "Limits"]
