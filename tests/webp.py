"""A small picture in each form of WebP: sixty pixels by twenty."""

from __future__ import annotations

from base64 import b64decode

WEBP = b64decode(
    "UklGRpIAAABXRUJQVlA4IIYAAACQBACdASo8ABQAPrVSn0qnJSKhsBgIAOAWiWwAygH8AGWg34xOvR0Mf+ttpYAA/vitt9n85NBO7c1KrWD6"
    "pgcDTO0TpxvIA+Ltxgva7x31TsTfnTIxj66FKm33AAUMALWE1LQO40f8j1T9mt1mLX7sJVDxKakSZ5M13Mdv8OdBe0bZMwAAAA=="
)
LOSSLESS = b64decode("UklGRjQAAABXRUJQVlA4TCgAAAAvO8AEAA/wlP8n/z/lf/7jAYratoF68Gfcbf9qACL6PwHozd2dP6kF")
EXTENDED = b64decode(
    "UklGRnIAAABXRUJQVlA4WAoAAAAQAAAAOwAAEwAAQUxQSAoAAAABB1C8iAhERP8DVlA4IEIAAABwAwCdASo8ABQAPrVap08nJSOiJAgA4BaJ"
    "ZwDRroAAII0sPLAA/uy9j/jebzWlH//rgP/nAf/OA/lpoYnlGCAAAAA="
)
