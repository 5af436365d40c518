"""A provider of OpenID Connect on loopback: discovery, keys, a token for a code, and faults on demand."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

KEY_ID = "key-1"
CLIENT, SECRET = "sitehealth", "geheim-4711-geheim-4711"


class Provider:
    """``claims`` are laid over those of the next token; ``faults`` change what is answered."""

    def __init__(self, address, now):
        self.issuer = f"http://127.0.0.1:{address[1]}"
        self.now, self.claims, self.faults = now, {}, set()
        self.key, self.other = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
        self.codes = {}

    def authorise(self, url):
        """Be the browser and the person at the provider: return what the browser comes back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, form, basic):
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or challenge.decode().rstrip("=") != asked["code_challenge"] or basic != f"{CLIENT}:{SECRET}":
            return 400, {"error": "invalid_grant"}
        now = int(self.now())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "4711",
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
        }
        claims |= {"preferred_username": "Zhang", "name": "张三", "roles": ["staff", "sitehealth-editor"]} | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode({"alg": "RS256", "kid": KEY_ID}, claims, self.key)
        if "another key" in self.faults:
            signed = jwt.encode({"alg": "RS256", "kid": KEY_ID}, claims, self.other)
        if "no signature" in self.faults:
            head, body = ({"alg": "none"}, claims)
            parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in (head, body)]
            signed = ".".join([*parts, ""])
        if "shared secret" in self.faults:
            signed = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
        answer = {"access_token": "x", "token_type": "Bearer", "id_token": signed}
        if "no id_token" in self.faults:
            del answer["id_token"]
        return 200, answer

    def document(self, path):
        if path == "/.well-known/openid-configuration":
            issuer = "http://127.0.0.1:1" if "another name" in self.faults else self.issuer
            places = {f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token")}
            return 200, {"issuer": issuer, "jwks_uri": f"{self.issuer}/keys"} | places
        if path == "/keys":
            key = self.key.as_dict(private=False) | {"kid": KEY_ID, "use": "sig"}
            return 200, {"keys": [key]}
        return 404, {}


@contextmanager
def provider(now=time.time):
    class Handler(BaseHTTPRequestHandler):
        def answer(self, status, document):
            body = b"<html>" if "no JSON" in made.faults else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            self.answer(*made.document(self.path))

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            basic = base64.b64decode(self.headers.get("Authorization", "Basic ").split()[-1]).decode()
            self.answer(*made.token(form, basic))

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Provider(server.server_address, now)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join(60)
        server.server_close()
