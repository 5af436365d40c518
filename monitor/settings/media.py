"""Name the settings of an office's accounts on new media (政务新媒体)."""

from typing import Self

from pydantic import Field, model_validator

from checks.model import MediaKind
from monitor.settings import secret
from monitor.settings.complaints import SettingError
from monitor.settings.strict import Strict


class MediaAccountSettings(Strict):
    """One account of the office: where its posts can be read, if anywhere."""

    kind: MediaKind = Field(MediaKind.OTHER, description="wechat, weibo, douyin, app or other.")
    name: str = Field(min_length=1, max_length=200, description="What people call it; reports show it.")
    feed: secret.Url | None = Field(
        None, min_length=1, description="RSS, Atom or JSON Feed: absolute, or from the homepage."
    )
    page: secret.Url | None = Field(
        None, min_length=1, description="In its place a page that lists its posts with their dates."
    )

    @property
    def source(self) -> secret.Url | None:
        """Where its posts can be read, None where nowhere."""
        return self.feed or self.page

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.feed is not None and self.page is not None:
            raise SettingError("feed 和 page 只能给一个", "an account is read in one place: give feed or page")
        return self
