"""Draw a text as a QR code that stands in a page: no request for a picture, which would hold the text."""

from __future__ import annotations

from markupsafe import Markup

SCALE = 5
"""CSS pixels of a module: a telephone reads it off a screen from half a metre."""


def qr_svg(text: str, label: str) -> Markup:
    """Return an SVG element; dark on light in every theme, as some apps read no other."""
    import segno  # for who sets an authenticator app up

    drawn = segno.make(text, micro=False, error="m").svg_inline(
        scale=SCALE, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=False
    )
    return Markup('<span role="img" aria-label="{label}">{drawn}</span>').format(label=label, drawn=Markup(drawn))  # noqa: S704
