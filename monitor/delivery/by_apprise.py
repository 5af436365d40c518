"""Send a message by Apprise: Slack, Teams, plain webhooks, and whatever else it knows an address of.

The only module that imports Apprise, an extra (``pip install 'sitehealth[notify]'``): with its libraries it takes 21 MB
on disk, and half a second and 35 MB of memory once it is loaded, and mail and the robots of ``chats`` do without.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from monitor.delivery.attempt import Attempt
from monitor.delivery.threads import in_thread
from reports.messages.bodies import chat_text
from reports.messages.message import Message

WITH_HEADERS = frozenset({"json", "jsons", "xml", "xmls", "form", "forms"})
"""Schemes that take further headers in their addresses, as ``+Name=value``."""

MISSING = "Apprise is not installed: pip install 'sitehealth[notify]'"
REFUSED = "Apprise cannot use the address"


class AppriseSender:
    """Writes to one address of Apprise's."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def send(self, message: Message, remaining: Sequence[str] | None) -> Attempt:  # noqa: ARG002 - Sender's signature
        """Send the message as plain text."""
        return await in_thread(lambda: self._send(message))

    def _send(self, message: Message) -> Attempt:
        try:
            import apprise
        except ImportError:
            return Attempt(MISSING)
        logging.getLogger("apprise").propagate = False  # what it says of an address stays in the capture below
        service = apprise.Apprise(asset=apprise.AppriseAsset(app_id="Sitehealth", async_mode=False))
        if not service.add(self._with_key(message.digest)):
            return Attempt(REFUSED)
        subject, _, body = chat_text(message).partition("\n")
        with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as captured:  # type: ignore[no-untyped-call]
            sent = service.notify(title=subject, body=body.strip(), body_format=apprise.NotifyFormat.TEXT)
            if sent:
                return Attempt()
            lines = captured.getvalue().strip().splitlines()
        return Attempt(lines[-1] if lines else "not sent")

    def _with_key(self, digest: str) -> str:
        """Return the address with what tells a message apart as a header, where the service takes headers."""
        if self._url.partition("://")[0].lower() not in WITH_HEADERS:
            return self._url
        joint = "&" if "?" in self._url else "?"
        return f"{self._url}{joint}+Idempotency-Key={digest}"
