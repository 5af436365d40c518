"""State the rules about certificates and protocol versions, in both languages."""

from __future__ import annotations

from functools import partial

from checks.model import ErrorKind, Rule, Severity, Text

rule = partial(Rule, family="security")

BLOCKED = Text(
    "浏览器会拦住访问者并显示“您的连接不是私密连接”，网站等于打不开",
    "Browsers stop readers with a warning over the whole window; the site is as good as down",
)
RENEW = Text(
    "向证书机构换发证书，连同中间证书一起部署到所有服务器和 CDN 节点；建议改为自动续期",
    "Have the certificate reissued, install it with its intermediates on every server and CDN node, and automate it",
)

EXPIRED = rule(
    id="tls-expired",
    severity=Severity.CRITICAL,
    title=Text("https 证书已过期", "Certificate expired"),
    message=Text("证书已于 {date} 过期", "The certificate expired on {date}"),
    remedy=RENEW,
    basis=Text("RFC 5280 第 4.1.2.5 节", "RFC 5280, section 4.1.2.5"),
    why=BLOCKED,
)
EXPIRING = rule(
    id="tls-expiring",
    severity=Severity.MINOR,
    title=Text("https 证书即将过期", "Certificate about to expire"),
    message=Text("证书将于 {date} 过期，还剩 {days} 天", "The certificate expires on {date}, in {days} days"),
    remedy=RENEW,
    basis=Text("RFC 5280 第 4.1.2.5 节", "RFC 5280, section 4.1.2.5"),
    why=BLOCKED,
)
NOT_YET_VALID = rule(
    id="tls-not-yet-valid",
    severity=Severity.CRITICAL,
    title=Text("https 证书尚未生效", "Certificate not yet valid"),
    message=Text("证书从 {date} 起才有效", "The certificate is valid only from {date} on"),
    remedy=Text(
        "换回仍在有效期内的证书，或核对服务器时间后重新签发",
        "Put a certificate back that is valid now, or have it issued anew after checking the clocks",
    ),
    basis=Text("RFC 5280 第 4.1.2.5 节", "RFC 5280, section 4.1.2.5"),
    why=BLOCKED,
)
WRONG_HOST = rule(
    id="tls-wrong-host",
    severity=Severity.CRITICAL,
    title=Text("https 证书与域名不符", "Certificate for another host"),
    message=Text("证书只适用于 {names}，不适用于 {host}", "The certificate is for {names}, not for {host}"),
    remedy=Text(
        "申请包含本域名的证书；确认服务器没有把别的网站的证书配到这个域名上",
        "Get a certificate that names this host, and see that the server does not show another site's",
    ),
    basis=Text("RFC 9525；RFC 2818", "RFC 9525; RFC 2818"),
    why=BLOCKED,
)
SELF_SIGNED = rule(
    id="tls-self-signed",
    severity=Severity.CRITICAL,
    title=Text("https 证书是自签名证书", "Self-signed certificate"),
    message=Text(
        "证书由服务器自己签发（{subject}），没有证书机构担保", "The server signed its certificate itself ({subject})"
    ),
    remedy=RENEW,
    basis=Text("RFC 5280 第 6 节", "RFC 5280, section 6"),
    why=BLOCKED,
)
UNTRUSTED = rule(
    id="tls-untrusted-issuer",
    severity=Severity.CRITICAL,
    title=Text("https 证书的签发机构不受信任", "Certificate from an untrusted issuer"),
    message=Text(
        "证书的签发者 {issuer} 不在受信任的根证书之列", "The certificate leads to {issuer}, which nobody trusts"
    ),
    remedy=RENEW,
    basis=Text("RFC 5280 第 6 节", "RFC 5280, section 6"),
    why=BLOCKED,
)
INVALID_CHAIN = rule(
    id="tls-invalid-chain",
    severity=Severity.CRITICAL,
    title=Text("https 证书链无效", "Invalid certificate chain"),
    message=Text("证书链验证失败：{detail}", "The certificate chain does not verify: {detail}"),
    remedy=RENEW,
    basis=Text("RFC 5280 第 6 节", "RFC 5280, section 6"),
    why=BLOCKED,
)
MISSING_INTERMEDIATE = rule(
    id="tls-missing-intermediate",
    severity=Severity.MAJOR,
    title=Text("https 服务器没有发送中间证书", "Missing intermediate certificate"),
    message=Text(
        "服务器没有发送签发者 {issuer} 的中间证书，部分手机、小程序和接口程序会打不开",
        "The server does not send the intermediate certificate of {issuer}; some phones and programs cannot connect",
    ),
    remedy=Text(
        "把证书机构提供的中间证书按顺序接在站点证书之后一起部署（完整证书链）",
        "Install the full chain: the site's certificate followed by the intermediates that its authority provides",
    ),
    basis=Text("RFC 8446 第 4.4.2 节", "RFC 8446, section 4.4.2"),
    why=Text(
        "电脑浏览器会自行补齐，问题不易察觉，其他客户端则直接报错",
        "Browsers on desktops fetch what is missing and hide the fault; other clients simply fail",
    ),
)
WEAK_SIGNATURE = rule(
    id="tls-weak-signature",
    severity=Severity.CRITICAL,
    title=Text("https 证书的签名算法过弱", "Weak certificate signature"),
    message=Text(
        "证书 {subject} 使用 {signature} 签名，浏览器已不接受",
        "{subject} is signed with {signature}, which browsers refuse",
    ),
    remedy=RENEW,
    basis=Text("RFC 9155", "RFC 9155"),
    why=Text(
        "浏览器会拦住访问者并显示警告：这类签名可以伪造，冒充网站的证书能通过验证",
        "Browsers stop readers with a warning: such signatures can be forged, and with them the site's certificate",
    ),
)
WEAK_KEY = rule(
    id="tls-weak-key",
    severity=Severity.MAJOR,
    title=Text("https 证书的密钥过短", "Weak certificate key"),
    message=Text("证书 {subject} 的 {key} 密钥只有 {bits} 位", "The {key} key of {subject} has only {bits} bits"),
    remedy=RENEW,
    basis=Text("CA/B 论坛基线要求 6.1.5", "CA/Browser Forum Baseline Requirements, 6.1.5"),
    unverified=True,
    why=Text(
        "短密钥可以被算出，加密通信随之失密", "Short keys can be computed, and with them everything that was sent"
    ),
)
OLD_VERSION = rule(
    id="tls-old-version",
    severity=Severity.MINOR,
    title=Text("仍接受旧版 TLS", "Old TLS versions accepted"),
    message=Text("服务器仍接受已废止的 {versions}", "The server still accepts {versions}, which are withdrawn"),
    remedy=Text(
        "在服务器和 CDN 上停用 TLS 1.0 和 1.1，只保留 TLS 1.2 和 1.3",
        "Turn TLS 1.0 and 1.1 off on servers and CDN, leaving TLS 1.2 and 1.3",
    ),
    basis=Text("RFC 8996", "RFC 8996"),
    why=Text(
        "攻击者可以迫使通信退回到有漏洞的旧版本", "Attackers can push a connection down to a version with known holes"
    ),
)
ONLY_OLD = rule(
    id="tls-only-old",
    severity=Severity.CRITICAL,
    title=Text("只支持浏览器已停用的加密方式", "Nothing but TLS that browsers gave up"),
    message={
        "versions": Text(
            "服务器只支持 {versions}，现在的浏览器打不开",
            "The server offers only {versions}, which browsers no longer speak",
        ),
        "suites": Text(
            "服务器的 {versions} 没有浏览器可用的加密套件（采用的是 {suite}），浏览器打不开",
            "The server's {versions} has no cipher suite that browsers offer (it takes {suite})",
        ),
    },
    remedy=Text(
        "升级服务器软件，启用 TLS 1.2 和 1.3，加密套件选用 ECDHE 加 AES-GCM",
        "Upgrade the server's software and offer TLS 1.2 and 1.3, with suites of ECDHE and AES-GCM",
    ),
    basis=Text("RFC 8996；RFC 9325", "RFC 8996; RFC 9325"),
    why=BLOCKED,
)
NO_TLS13 = rule(
    id="tls13-missing",
    severity=Severity.MINOR,
    title=Text("不支持 TLS 1.3", "TLS 1.3 missing"),
    message=Text(
        "服务器最高只支持 {newest}，没有启用 TLS 1.3", "The newest version that the server offers is {newest}"
    ),
    remedy=Text("在服务器和 CDN 上启用 TLS 1.3", "Turn TLS 1.3 on, on servers and CDN"),
    basis=Text("RFC 8446；RFC 9325", "RFC 8446; RFC 9325"),
    why=Text("TLS 1.3 更安全，建立连接也更快", "TLS 1.3 is safer and connects faster"),
)
UNSUPPORTED = rule(
    id="tls-national-only",
    severity=Severity.MINOR,
    title=Text("只支持国密协议", "National protocol only"),
    message=Text(
        "服务器只支持国密协议（TLCP），本系统无法检查；普通浏览器也打不开",
        "The server speaks only TLCP (GB/T 38636), which this program cannot judge and common browsers cannot open",
    ),
    remedy=Text(
        "如面向公众服务，建议同时启用国际算法证书（双证书自适应）",
        "Where the public is served, offer a certificate of the international algorithms beside it",
    ),
    basis=Text("GB/T 38636-2020", "GB/T 38636-2020"),
    why=Text(
        "不是故障，但没有国密浏览器的访问者无法使用", "No fault, but readers without a browser for it are left out"
    ),
)
HANDSHAKE_FAILED = rule(
    id="tls-handshake-failed",
    severity=Severity.MAJOR,
    title=Text("https 端口无法建立加密连接", "No TLS handshake"),
    message={
        ErrorKind.NOT_TLS: Text("{port} 端口有应答，但不是 TLS 协议", "Port {port} answers, but not in TLS"),
        ErrorKind.TLS: Text("{port} 端口加密握手失败：{detail}", "The handshake on port {port} failed: {detail}"),
        "certificate": Text(
            "{port} 端口要求访问者出示数字证书（如 UKey），没有的打不开",
            "Port {port} asks visitors for a certificate of their own, and shuts others out",
        ),
        ErrorKind.RESET: Text(
            "{port} 端口在加密握手时断开连接", "Port {port} closes the connection during the handshake"
        ),
    },
    remedy=Text("检查服务器、防火墙和 CDN 的 https 配置", "Look into the https set-up of server, firewall and CDN"),
    basis=Text("RFC 8446", "RFC 8446"),
    why=Text("网站的 https 地址打不开", "The site cannot be opened over https"),
)

RULES = (
    EXPIRED,
    EXPIRING,
    NOT_YET_VALID,
    WRONG_HOST,
    SELF_SIGNED,
    UNTRUSTED,
    INVALID_CHAIN,
    MISSING_INTERMEDIATE,
    WEAK_SIGNATURE,
    WEAK_KEY,
    OLD_VERSION,
    ONLY_OLD,
    NO_TLS13,
    UNSUPPORTED,
    HANDSHAKE_FAILED,
)
