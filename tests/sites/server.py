"""Serve a fixture site over HTTP on loopback, interfaces that want a POST included."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl

from tests.sites.fixture import Site

FILES = {
    "gif": ("image/gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
    "pdf": ("application/pdf", b"%PDF-1.4\n%%EOF\n"),
    "doc": ("application/msword", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)),
    "js": ("text/javascript", b"void 0;\n"),
}
"""What pages load and link to besides pages, by the ending of the name."""


@contextmanager
def serving(name):
    """Serve a site at a free port; yields it, and its ``home`` is where it is."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    site = Site.load(name, host=f"127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = handler(site)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def handler(site):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.reply(site.answer(self.path) or FILES.get(self.path.rpartition(".")[2]))

        def do_HEAD(self):
            self.reply(site.answer(self.path) or FILES.get(self.path.rpartition(".")[2]))

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            self.reply(site.answer(self.path, tuple(parse_qsl(body))))

        def reply(self, answer):
            kind, body, *status = answer or ("text/plain; charset=utf-8", "没有这个页面".encode(), 404)
            self.send_response(*(status or [200]))
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing."""

    return Handler
