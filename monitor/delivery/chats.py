"""Send a message to a robot of DingTalk, WeCom or Feishu, and read what it answers.

Not by Apprise 2.3: it takes a status of 200 for success, and these three answer 200 with an error in the body; it
encodes DingTalk's signature twice, so that signed robots refuse it; its Feishu plugin does not sign at all. Limits are
those of the services' own documents: 20 messages a minute, 4,096 bytes of Markdown in WeCom, 20,000 in DingTalk, 20 KB
of the whole request in Feishu.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from monitor.delivery.attempt import Attempt
from monitor.delivery.http_post import TIMEOUT, post_json
from reports.messages.bodies import chat_markdown, chat_text, fitted
from reports.messages.message import Message

Json = dict[str, Any]
Clock = Callable[[], float]

TOO_FAST = frozenset({"130101", "410100", "45009", "9499", "11232"})
"""Error codes of "too many messages": DingTalk's two, WeCom's, Feishu's two."""
REST = 60.0
"""Seconds that a robot is left alone then: all three count by the minute."""

DINGTALK_BYTES, WECOM_BYTES, FEISHU_BYTES = 18_000, 4_096, 20_000
"""Bytes of a text; some of DingTalk's 20,000 are for the title and the frame."""


class Robot:
    """What the three have in common: a JSON body is sent, and a JSON body with a code comes back.

    ``clock`` returns seconds since the epoch, for signatures.
    """

    codes: tuple[str, ...]
    """Names under which the code stands in an answer; 0 is success."""

    def __init__(self, url: str, secret: str, clock: Clock = time.time, timeout: float = TIMEOUT) -> None:
        self.url, self.secret, self.clock, self._timeout = url, secret, clock, timeout

    async def send(self, message: Message, remaining: Sequence[str] | None) -> Attempt:  # noqa: ARG002 - Sender's signature
        """Send the message, shortened to what the robot takes."""
        url, body = self.request(message)
        answer = await post_json(url, json.dumps(body, ensure_ascii=False).encode(), seconds=self._timeout)
        if answer.error or answer.status != 200:
            return Attempt(answer.error or f"HTTP {answer.status}", retry_after=answer.retry_after)
        return self.judge(answer.body)

    def request(self, message: Message) -> tuple[str, Json]:
        """Return the address, signed where signatures go there, and the body."""
        raise NotImplementedError

    def judge(self, body: bytes) -> Attempt:
        """Return what an answer means: success is a code of 0 and nothing else."""
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        if not isinstance(answer, Mapping):
            return Attempt("the answer is no JSON object")
        code = next((answer[name] for name in self.codes if name in answer), None)
        if type(code) is int and code == 0:
            return Attempt()
        reason = next((answer[name] for name in ("errmsg", "msg", "StatusMessage") if name in answer), "")
        return Attempt(f"error {code}: {reason}", retry_after=REST if str(code) in TOO_FAST else 0.0)


class DingTalkRobot(Robot):
    """A DingTalk robot: Markdown, signed in its address (HmacSHA256 over the milliseconds and the secret)."""

    codes = ("errcode",)

    def request(self, message: Message) -> tuple[str, Json]:
        """Return the address with time and signature, and the body."""
        text = fitted(message, chat_markdown, DINGTALK_BYTES)
        title = text.partition("\n")[0].removeprefix("### ")
        body: Json = {"msgtype": "markdown", "markdown": {"title": title, "text": text}, "at": {"isAtAll": False}}
        return self._signed(), body

    def _signed(self) -> str:
        if not self.secret:
            return self.url
        moment = round(self.clock() * 1000)
        sign = _signature(self.secret, f"{moment}\n{self.secret}")
        joint = "&" if urlsplit(self.url).query else "?"
        return f"{self.url}{joint}timestamp={moment}&sign={quote(sign, safe='')}"


class WeComRobot(Robot):
    """A WeCom robot: Markdown; its key is all that it asks for."""

    codes = ("errcode",)

    def request(self, message: Message) -> tuple[str, Json]:
        """Return the address and the body."""
        text = fitted(message, chat_markdown, WECOM_BYTES)
        return self.url, {"msgtype": "markdown", "markdown": {"content": text}}


class FeishuRobot(Robot):
    """A Feishu or Lark robot: a post of plain texts and links, signed in its body (the secret is part of the key)."""

    codes = ("code", "StatusCode")

    def request(self, message: Message) -> tuple[str, Json]:
        """Return the address and the body with time and signature."""
        frame = len(json.dumps(self._body("", message), ensure_ascii=False).encode())
        write = partial(_as_json, self._body)
        size = max(frame, FEISHU_BYTES)
        return self.url, json.loads(fitted(message, write, size))

    def _body(self, text: str, message: Message) -> Json:
        subject, _, rest = text.partition("\n")
        lines: list[list[Json]] = [[{"tag": "text", "text": line}] for line in rest.strip().splitlines()]
        lines += [[{"tag": "a", "text": link.text, "href": link.url}] for link in message.links]
        post = {"title": subject, "content": lines}
        return {**self._signature(), "msg_type": "post", "content": {"post": {"zh_cn": post}}}

    def _signature(self) -> Json:
        if not self.secret:
            return {}
        moment = int(self.clock())
        return {"timestamp": str(moment), "sign": _signature(f"{moment}\n{self.secret}", "")}


def _as_json(body: Callable[[str, Message], Json], message: Message) -> str:
    return json.dumps(body(chat_text(message), message), ensure_ascii=False)


def _signature(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
