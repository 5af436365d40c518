"""Send a message to a program as JSON; any answer of 2xx says that it has it.

With a secret the request is signed: ``X-Sitehealth-Signature: t=SECONDS,v1=HEX``, HMAC-SHA-256 of ``SECONDS.BODY``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Sequence

from monitor.delivery.attempt import Attempt
from monitor.delivery.http_post import TIMEOUT, post_json
from reports.messages.bodies import text_body
from reports.messages.message import Message

STATES, OTHER = "state-changed", "message"
"""What a request is: states of entries were changed, or a message as people get it."""


class WebhookSender:
    """One address that takes JSON. ``clock`` returns seconds since the epoch, for signatures."""

    def __init__(self, url: str, secret: str, clock: Callable[[], float] = time.time, timeout: float = TIMEOUT) -> None:
        self._url, self._secret, self._clock, self._timeout = url, secret, clock, timeout

    async def send(self, message: Message, remaining: Sequence[str] | None) -> Attempt:  # noqa: ARG002 - Sender's signature
        """Send the message."""
        content = json.dumps(_document(message), ensure_ascii=False).encode("utf-8", "replace")
        answer = await post_json(self._url, content, self._signature(content), self._timeout)
        if answer.error or not 200 <= answer.status < 300:
            return Attempt(answer.error or f"HTTP {answer.status}", retry_after=answer.retry_after)
        return Attempt()

    def _signature(self, content: bytes) -> dict[str, str]:
        if not self._secret:
            return {}
        moment = int(self._clock())
        signed = hmac.new(self._secret.encode(), f"{moment}.".encode() + content, hashlib.sha256).hexdigest()
        return {"X-Sitehealth-Signature": f"t={moment},v1={signed}"}


def _document(message: Message) -> dict[str, object]:
    """Return what a program is sent; ``id`` is the same in every repeat."""
    return {
        "id": message.digest,
        "event": STATES if message.changes else OTHER,
        "language": message.language,
        "subject": message.subject,
        "text": text_body(message),
        "changes": [dict(change) for change in message.changes],
    }
