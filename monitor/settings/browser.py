"""Name the settings of the browser that draws pages."""

from enum import StrEnum

from pydantic import Field

from monitor.settings.strict import Strict


class Render(StrEnum):
    """Which pages are drawn by a browser before they are judged."""

    NEVER = "never"
    AUTO = "auto"
    ALWAYS = "always"


class BrowserSettings(Strict):
    """What drawing pages may cost, each figure a bound."""

    executable: str = Field("", description="Path of Chromium; default: where Debian puts it.")
    sandbox: bool = Field(default=True, description="False: run without Chromium's sandbox, as root has to.")
    pages: int = Field(500, ge=0, description="Pages of one run that are drawn; of the rest the report says so.")
    pictures: int = Field(10, ge=0, le=100, description="Pages of one run of which pictures are kept; 0 keeps none.")
    at_once: int = Field(2, ge=1, le=8, description="Pages that are drawn at the same time.")
    seconds: float = Field(15.0, gt=0, le=120, description="For one page, from its first script to the last word.")
    requests: int = Field(150, ge=1, le=2000, description="Requests that one page may make; more are refused.")
    bytes: int = Field(20 * 1024 * 1024, ge=1024, description="Bytes that one page may be answered with.")
    memory: int = Field(1024, ge=256, description="Mebibytes that the browser may take; above, it is started anew.")
