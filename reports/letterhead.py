"""Hold what an office puts around its reports: its name, how to reach it, its mark, its own template of the notice."""

from __future__ import annotations

import base64

from msgspec import Struct


class Letterhead(Struct, frozen=True):
    """What is the same in all reports of an office; "" and None where it says nothing.

    ``contact`` is one line. ``logo`` is a PNG or JPEG file, ``template`` a docx file in the place of the packaged one.
    ``columns`` are keys of columns (``reports.finding_rows.COLUMNS``) that its lists of findings have beside the usual.
    """

    office: str = ""
    contact: str = ""
    logo: bytes = b""
    template: bytes | None = None
    columns: tuple[str, ...] = ()

    @property
    def logo_type(self) -> str:
        """The media type of the logo, by its first bytes; "" where there is none."""
        if self.logo.startswith(b"\x89PNG\r\n\x1a\n"):
            return "image/png"
        return "image/jpeg" if self.logo.startswith(b"\xff\xd8\xff") else ""

    @property
    def logo_address(self) -> str:
        """The logo as an address that holds it (RFC 2397), "" where there is none."""
        if not self.logo_type:
            return ""
        return f"data:{self.logo_type};base64,{base64.b64encode(self.logo).decode()}"


NO_LETTERHEAD = Letterhead()
