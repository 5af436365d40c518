"""Name the settings of reports: formats, language, and what an office puts around them; for all sites, some, or one."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field

from monitor.settings.complaints import SettingError
from monitor.settings.strict import Strict
from reports import FORMATS

LANGUAGE = r"^(zh-CN|en)$"
FORMAT_NAMES = ", ".join(FORMATS)


def _known_format(name: str) -> str:
    if name not in FORMATS:
        raise SettingError(
            f"没有 {name!r} 格式，可以是：{FORMAT_NAMES}", f"unknown format {name!r}; allowed: {FORMAT_NAMES}"
        )
    return name


def _known_column(name: str) -> str:
    from reports.finding_rows import COLUMNS

    known = [column.key for column in COLUMNS]
    if name not in known:
        raise SettingError(
            f"没有列 {name!r}，可以是：{', '.join(known)}", f"unknown column {name!r}; allowed: {', '.join(known)}"
        )
    return name


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise SettingError("应为一行可打印的文字", "must be one line of printable text")
    return text


FormatName = Annotated[str, AfterValidator(_known_format)]
ColumnKey = Annotated[str, AfterValidator(_known_column)]
Line = Annotated[str, AfterValidator(_one_line)]


class SiteReportSettings(Strict):
    """What is different in the reports of a site, or of some; what is left out is as in `report`."""

    language: str | None = Field(None, pattern=LANGUAGE, description="zh-CN or en.")
    formats: tuple[FormatName, ...] | None = Field(None, min_length=1, description=f"{FORMAT_NAMES}.")
    office: Line | None = Field(None, description="Who sends the report.")
    contact: Line | None = Field(None, description="How to reach them.")
    logo: str | None = Field(None, description="PNG or JPEG file of at most 512 KB.")
    template: str | None = Field(None, description="docx file in the place of the packaged notice.")
    columns: tuple[ColumnKey, ...] | None = Field(None, description="Columns that lists have beside the usual.")
    snapshots: bool | None = Field(None, description="Lay pages as they were fetched beside HTML reports.")


class ReportGroupSettings(SiteReportSettings):
    """What is different in the reports of some sites."""

    sites: tuple[str, ...] = Field(min_length=1, description="Ids of the sites.")


class ReportSettings(Strict):
    """What a run leaves to read."""

    language: str = Field("zh-CN", pattern=LANGUAGE, description="zh-CN or en.")
    formats: tuple[FormatName, ...] = Field(("html",), min_length=1, description=f"{FORMAT_NAMES}.")
    folder: str = Field("reports-out", min_length=1, description="Folder for reports that were given no --out.")
    office: Line = Field("", description="Who sends the report; empty: the site's name.")
    contact: Line = Field("", description="How to reach them: one line at the end.")
    logo: str = Field("", description="PNG or JPEG file of at most 512 KB, shown at the head.")
    template: str = Field("", description="docx file in the place of the packaged notice (docs/reports.md).")
    columns: tuple[ColumnKey, ...] = Field((), description="Columns that lists of findings have beside the usual.")
    snapshots: bool = Field(
        default=True, description="Lay the pages with faults, as they were fetched, beside HTML reports."
    )
    groups: tuple[ReportGroupSettings, ...] = Field((), description="What is different for some sites.")

    def laid_over(self, *differences: SiteReportSettings) -> Self:
        """Return these settings with what is different for a site; of two differences the later counts."""
        given = {
            name: value
            for difference in differences
            for name, value in difference.model_dump(exclude_none=True, exclude={"sites"}).items()
        }
        return self.model_copy(update=given)
