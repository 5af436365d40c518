"""Name the Observatory's tests for readers who do not know them by their headers."""

from __future__ import annotations

from checks.model import Text

TITLES = {
    "content-security-policy": Text("内容安全策略（CSP）", "Content Security Policy"),
    "cookies": Text("Cookie 保护标记", "Cookies"),
    "cross-origin-resource-sharing": Text("跨域读取（CORS）", "Cross-origin sharing"),
    "redirection": Text("http 转到 https", "Redirection to https"),
    "referrer-policy": Text("来路地址", "Referrer policy"),
    "strict-transport-security": Text("始终使用 https（HSTS）", "Strict transport security"),
    "subresource-integrity": Text("外部脚本校验（SRI）", "Subresource integrity"),
    "x-content-type-options": Text("禁止猜测文件类型", "Content type options"),
    "x-frame-options": Text("防止页面被嵌入", "Frame options"),
    "cross-origin-resource-policy": Text("资源跨域使用（CORP）", "Resource policy"),
    "cross-origin-opener-policy": Text("窗口隔离（COOP）", "Opener policy"),
    "cross-origin-embedder-policy": Text("嵌入隔离（COEP）", "Embedder policy"),
}
"""Test → what it is about."""
