"""Imitate the robots of DingTalk, WeCom and Feishu, and a plain webhook: a real server that checks what it is sent.

It answers as the services' documents say: 200 with a code in the body, 0 for success, and the code of what is wrong.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "SEC-geheim-4711"
CODE = {"/dingtalk": "errcode", "/wecom": "errcode", "/feishu": "code"}
TOO_FAST = {"/dingtalk": 130101, "/wecom": 45009, "/feishu": 11232}


@dataclass
class Robots:
    """What was taken, and how the next requests are answered: ``mood`` is well, code, fast, 429, 500, html or hangs."""

    url: str = ""
    mood: str = "well"
    signed: bool = False
    taken: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    asked: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str, query: dict[str, list[str]], body: dict[str, Any]) -> tuple[int, str, dict[str, str]]:
        name = CODE.get(path, "code")
        if self.mood == "500":
            return 500, "oops", {}
        if self.mood == "429":
            return 429, "", {"Retry-After": "77"}
        if self.mood == "html":
            return 200, "<html>login</html>", {}
        if self.mood == "fast":
            return 200, json.dumps({name: TOO_FAST[path], "errmsg": "send too fast", "msg": "too fast"}), {}
        if self.mood == "code" or (self.signed and not is_signed(path, query, body)):
            return 200, json.dumps({name: 310000, "errmsg": "sign not match", "msg": "sign match fail"}), {}
        self.taken.append(body)
        return 200, json.dumps({name: 0, "errmsg": "ok", "msg": "success"}), {}


def is_signed(path: str, query: dict[str, list[str]], body: dict[str, Any]) -> bool:
    """Check a signature as the services describe it, apart from the program."""
    if path == "/wecom":
        return True  # it knows of no signatures
    if path == "/dingtalk":
        moment, sign = query.get("timestamp", [""])[0], query.get("sign", [""])[0]
        return len(moment) == 13 and sign == digest(SECRET.encode(), f"{moment}\n{SECRET}".encode())
    moment = body.get("timestamp", "")
    return len(moment) == 10 and body.get("sign") == digest(f"{moment}\n{SECRET}".encode(), b"")


def digest(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


@contextmanager
def robots() -> Iterator[Robots]:
    state = Robots()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.asked += 1
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if state.mood == "hangs":
                state.released.wait(60)
                return
            parts = urlsplit(self.path)
            state.headers.append(dict(self.headers))
            status, text, headers = state.answer(parts.path, parse_qs(parts.query), json.loads(content))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
