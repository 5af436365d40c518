"""Name the settings of functional probes (功能服务): the requests of each, and what they must answer."""

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from monitor.settings import secret
from monitor.settings.complaints import SettingError
from monitor.settings.strict import Strict


class ExpectSettings(Strict):
    """What an answer must be; everything that is given must hold."""

    status: int | None = Field(200, ge=100, le=599, description="HTTP status; null: any.")
    seconds: float | None = Field(15.0, gt=0, le=120, description="Seconds within which it has to come; null: any.")
    text: str = Field("", description="Stands in the page.")
    absent: str = Field("", description="Does not stand in the page.")
    link: str = Field("", description="Title of an article that the page links to.")
    selector: str = Field("", description="CSS selector that matches.")
    at_least: int = Field(1, ge=1, description="Elements that the selector matches.")
    json_values: dict[str, JsonValue] = Field(
        default_factory=dict, alias="json", description="Values by dotted path, such as data.total or rows.0.title."
    )
    feed: bool = Field(default=False, description="True: RSS or Atom with an entry.")


class StepSettings(Strict):
    """One request of a probe."""

    url: secret.Url = Field(min_length=1, description="Absolute, or from the homepage.")
    method: Literal["GET", "POST", "HEAD"] | None = Field(None, description="Default: POST with a body, else GET.")
    form: dict[str, secret.Text] | None = Field(None, description="Fields of a form, sent as the body.")
    json_body: secret.Json | None = Field(None, alias="json", description="A value sent as JSON.")
    headers: dict[str, secret.Text] = Field(default_factory=dict, description="Headers to send.")
    expect: ExpectSettings = Field(ExpectSettings.model_construct(), description="What the answer must be.")

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if self.form is not None and self.json_body is not None:
            raise SettingError(
                "一个请求只有一个正文：form 和 json 只能给一个", "a request has one body: give form or json"
            )
        return self


class ProbeSettings(Strict):
    """One function of the site that has to work: its steps, one after the other, with the cookies that they set."""

    name: str = Field(min_length=1, description="What reports call it.")
    steps: tuple[StepSettings, ...] = Field(min_length=1, description="Its requests.")
