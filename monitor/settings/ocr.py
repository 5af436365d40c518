"""Name the settings of what reads pictures and scanned pages."""

from enum import StrEnum

from pydantic import Field

from monitor.settings.strict import Strict


class Ocr(StrEnum):
    """Whether the text of a site's pictures is read."""

    NEVER = "never"
    AUTO = "auto"


class OcrSettings(Strict):
    """What reading pictures may cost, each figure a bound."""

    pictures: int = Field(300, ge=0, description="Pictures and scanned pages that one run reads; others later.")
    seconds: float = Field(600.0, ge=0, description="CPU seconds that one run reads pictures for.")
    picture_seconds: float = Field(30.0, gt=0, le=600, description="CPU seconds for one picture or page.")
    longer_side: int = Field(300, ge=1, description="Pixels of its longer side from which on a picture is read.")
    shorter_side: int = Field(50, ge=1, description="The same of its shorter side.")
    pages: int = Field(20, ge=0, description="Pages of one scanned PDF that are read.")
