"""Make of a target's settings what sends to it. Addresses of robots are written as Apprise writes them, or copied."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, unquote, urlsplit

from monitor.delivery.attempt import Sender
from monitor.delivery.by_apprise import AppriseSender
from monitor.delivery.chats import DingTalkRobot, FeishuRobot, WeComRobot
from monitor.delivery.mail import MailSender
from monitor.delivery.report_files import ReportSource
from monitor.delivery.webhooks import WebhookSender
from monitor.settings.delivery import Channel, TargetSettings

ROBOTS = {Channel.DINGTALK: DingTalkRobot, Channel.WECOM: WeComRobot, Channel.FEISHU: FeishuRobot}

WEBHOOKS = {
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token={}",
    "wecombot": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={}",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/{}",
    "lark": "https://open.larksuite.com/open-apis/bot/v2/hook/{}",
}
"""The webhook behind each scheme; its token is filled in."""

A_MINUTE = 20
"""Messages a minute that robots take."""


def sender_of(target: TargetSettings, reports: ReportSource | None = None) -> Sender:
    """Return what sends to a target. Raises ValueError where its address, or a secret of it, cannot be used."""
    channel, url = target.channel(), target.url.get_secret_value()
    if channel is Channel.MAIL:
        return MailSender(url, reports)
    if channel is Channel.APPRISE:
        return AppriseSender(url)
    if channel is Channel.WEBHOOK:
        return WebhookSender(url, target.secret.get_secret_value())
    webhook, secret = webhook_of(url)
    return ROBOTS[channel](webhook, target.secret.get_secret_value() or secret)


def webhook_of(url: str) -> tuple[str, str]:
    """Return the address that is asked, and the secret that stands in ours: ``dingtalk://SECRET@TOKEN``."""
    parts = urlsplit(url)
    if parts.scheme in {"http", "https"}:
        return url, ""
    # A token is case-sensitive, and ``hostname`` is lower case.
    secret, _, token = parts.netloc.rpartition("@")
    given = parse_qs(parts.query)
    token = given.get("token", given.get("key", [unquote(token)]))[-1]
    if not token:
        raise ValueError(f"{parts.scheme}:// has no token")
    return WEBHOOKS[parts.scheme].format(quote(token, safe="-_")), given.get("secret", [unquote(secret)])[-1]


def is_paced(target: TargetSettings) -> bool:
    """Return whether a target takes ``A_MINUTE`` messages at most. Raises ValueError as ``sender_of`` does."""
    return target.channel() in ROBOTS
