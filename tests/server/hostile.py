"""The misbehaving site: one route per misbehaviour, all in one table."""

from __future__ import annotations

from tests.server import bodies, framing, pages, redirects
from tests.server.redirects import to

ROUTES = {
    **pages.ROUTES,
    **bodies.ROUTES,
    **framing.ROUTES,
    **redirects.ROUTES,
    "/soft-404-redirect/": to("/soft-404-page.html"),
}
