"""Ask the site's own hosts at a tenth of the cost: pyreqwest (Rust's reqwest) behind httpx's API.

It has no hook for resolving, so a client is built for one host with the address that the guard has permitted and that
has already answered: what is never resolved cannot be rebound. Three habits of it are dealt with here. It follows
redirects by itself (switched off: every hop is ours to check), it undoes content encodings (switched off: bombs are
ours to bound), and it adds httpx's four timeouts up to one for the whole exchange (so only one of them is ever given).
What it cannot tell in httpx's words, such as a header with raw Chinese in it, it raises for; the caller then asks again
over the guarded transport.
"""

from __future__ import annotations

from pathlib import Path

from pyreqwest.client import ClientBuilder
from pyreqwest.compatibility.httpx import HttpxTransport

WINDOW = 1 << 20
"""Bytes of one HTTP/2 stream on the way at a time; the standard's 64 KiB makes a long way slow."""


def pinned_transport(
    host: str, address: str, *, connections: int, verify: bool, trusted_ca: str | None
) -> HttpxTransport:
    """Return a transport that asks ``host`` at ``address`` whatever its name server says; close it when done."""
    builder = (
        ClientBuilder()
        .no_proxy()
        .follow_redirects(enable=False)
        .referer(enable=False)
        .gzip(enable=False)
        .brotli(enable=False)
        .zstd(enable=False)
        .deflate(enable=False)
        .http2(enable=True)
        .http2_initial_stream_window_size(WINDOW)
        .http2_initial_connection_window_size(WINDOW * 16)
        .http1_allow_obsolete_multiline_headers_in_responses(value=True)
        .http1_allow_spaces_after_header_name_in_responses(value=True)
        .http1_ignore_invalid_headers_in_responses(value=True)
        .pool_max_idle_per_host(connections)
        .danger_accept_invalid_certs(enable=not verify)
        .resolve(host, address, 0)
    )
    if trusted_ca:
        builder = builder.add_root_certificate_pem(Path(trusted_ca).read_bytes())
    return HttpxTransport(builder.build())
