"""Answer with a picture that is evidence of an entry, to pages and programs alike."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from reports.picture import Picture

PictureDigest = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="What names the picture.")]
"""The name of a picture in an address: it is looked up among those of an entry, and is never part of a path."""

POLICY = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def picture_answer(picture: Picture) -> Response:
    """Return a picture as a browser may show it: as a picture, whatever is in it."""
    return Response(
        picture.body,
        media_type="image/webp",
        headers={"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Vary": "Cookie"},
    )
