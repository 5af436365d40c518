"""Say in Chinese what libraries say in English of a connection that failed; the reader of a report knows no OpenSSL.

The English words stay beside the answer as they came (``Response.detail``): engineers look them up.
"""

from __future__ import annotations

import re

from checks.late_pattern import late
from checks.reading.handshakes import ALERT

WORDS = (
    (ALERT.pattern, "服务器要求访问者出示数字证书（如 UKey）"),
    ("certificate has expired", "证书已过期"),
    ("certificate is not yet valid", "证书尚未生效"),
    ("self[- ]signed certificate in certificate chain", "证书链中有自签名证书"),
    ("self[- ]signed certificate", "证书是自签名的"),
    ("unable to get (?:local )?issuer certificate", "找不到签发者的证书，可能缺少中间证书"),
    ("unable to verify the first certificate", "缺少中间证书，无法验证"),
    ("hostname mismatch|ip address mismatch|is not valid for", "证书不是发给这个域名的"),
    ("certificate revoked", "证书已被吊销"),
    ("(?:md|algorithm|key) too weak|key too small", "密钥或签名算法太弱"),
    ("certificate purpose", "证书不是发给网站用的"),
    ("critical extension", "证书含有浏览器不认识的关键内容"),
    ("key usage does not include", "证书写明的密钥用途不含数字签名，浏览器不接受"),
    ("certificate verify failed", "证书验证失败"),
    ("unsupported protocol|wrong version number|protocol version", "服务器不支持可用的 TLS 版本"),
    ("no shared cipher", "双方没有共同的加密算法"),
    ("handshake failure", "服务器拒绝握手（没有浏览器可用的加密算法，或要求访问者出示数字证书）"),
    ("unrecognized name", "服务器不认识这个域名"),
    ("unexpected eof|eof occurred|disconnected|connection lost", "连接中途被断开"),
    ("temporary failure", "域名服务器暂时没有应答"),
    ("no such host|name or service not known", "域名不存在"),
    ("connection refused", "拒绝连接"),
    ("connection reset|broken pipe|connection aborted", "连接被中断"),
    ("no route to host|network is unreachable|host is unreachable", "网络不可达"),
    ("timed out|timeout", "超时"),
)
"""Pattern of the English words, and the Chinese for it; the first that is found counts."""

PATTERNS = tuple((late(english, re.IGNORECASE), chinese) for english, chinese in WORDS)


def in_chinese(detail: str) -> str:
    """Return the Chinese for what a library said, or the words themselves where nobody has translated them."""
    return next((chinese for pattern, chinese in PATTERNS if pattern.search(detail)), detail)
