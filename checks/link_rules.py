"""State the rules about links, and why a target does not open, in both languages."""

from checks.model import ErrorKind, Rule, Severity, Text

BASIS = Text("《全国政府网站普查评分表》（2015）链接可用性", "Census score sheet 2015, availability of links")

UNAVAILABLE = {
    ErrorKind.DNS: Text("域名 {host} 没有解析地址", "the host {host} has no address"),
    ErrorKind.RESOLVER: Text("域名服务器没有给出 {host} 的地址", "no name server gives an address for {host}"),
    ErrorKind.NO_ROUTE: Text("本机网络不通，无法判断", "our own network has no way there"),
    ErrorKind.CONNECT: Text("服务器拒绝连接", "the server refuses the connection"),
    ErrorKind.TLS: Text("安全连接（HTTPS）失败：{detail}", "the secure connection fails: {detail}"),
    ErrorKind.TIMEOUT: Text("在限定时间内没有打开", "it does not open within the time allowed"),
    ErrorKind.RESET: Text("连接被服务器中断", "the server breaks the connection off"),
    ErrorKind.PROTOCOL: Text("服务器的应答不符合 HTTP 规范：{detail}", "the answer is not valid HTTP: {detail}"),
    ErrorKind.TOO_LARGE: Text("应答超出可以接收的大小", "the answer is larger than can be received"),
    ErrorKind.FORBIDDEN_ADDRESS: Text(
        "指向内网地址，公众无法访问", "it leads to an internal address that the public cannot reach"
    ),
    ErrorKind.REDIRECT_LOOP: Text("跳转没有尽头", "its redirects never end"),
    ErrorKind.REDIRECT_BROKEN: Text("跳转的去处无效", "its redirect leads nowhere"),
    "http-404": Text("页面不存在（404）", "there is no such page (404)"),
    "http-410": Text("页面已撤下（410）", "the page has been withdrawn (410)"),
    ErrorKind.HTTP_4XX: Text("服务器拒绝请求（{status}）", "the server refuses the request ({status})"),
    ErrorKind.HTTP_5XX: Text("服务器出错（{status}）", "the server fails ({status})"),
    ErrorKind.NOT_A_DOCUMENT: Text("打开的不是文件，而是一个网页", "it opens a web page, not the file"),
    ErrorKind.EMPTY: Text("文件是空的", "the file is empty"),
}
"""Why a target does not open, by the error kinds of report.json."""

BROKEN = Rule(
    id="broken-link",
    family="links",
    severity=Severity.MAJOR,
    title=Text("链接打不开", "Broken link"),
    message=UNAVAILABLE,
    remedy=Text(
        "改为正确的地址；目标已经不存在的，删除这个链接。模板中的链接只需改一处。",
        "Correct the address, or remove the link if its target is gone. A link in a template is mended in one place.",
    ),
    basis=BASIS,
    why=Text(
        "首页每有一个链接打不开扣 1 分，其他页面每个扣 0.1 分；图片、附件、外部链接都算。",
        "A dead link costs 1 point on the homepage and 0.1 on any other page; pictures, files and other sites count.",
    ),
)

FRAGMENT = Rule(
    id="broken-fragment",
    family="links",
    severity=Severity.MINOR,
    title=Text("页内定位失效", "Place in a page not found"),
    message=Text("页面能打开，但其中没有 “#{fragment}” 这个位置", "the page opens but has no place called #{fragment}"),
    remedy=Text(
        "在目标页面补上相应的 id，或者改正、去掉链接中 # 之后的部分。",
        "Give the place its id in the target page, or correct or drop the part after #.",
    ),
    basis=BASIS,
    why=Text(
        "读者点击后停在页首，找不到要看的内容。", "The reader lands at the top and does not find what was promised."
    ),
)

SOFT_404 = Rule(
    id="soft-404",
    family="links",
    severity=Severity.MAJOR,
    title=Text("实为“页面不存在”", "Missing page that answers 200"),
    message=Text(
        "打开的是“页面不存在”一类的提示，状态码却是 {status}", "it opens a “not found” notice with status {status}"
    ),
    remedy=Text(
        "改正或删除链接，并让服务器对不存在的地址返回 404。",
        "Correct or remove the link, and let the server answer 404 for addresses that do not exist.",
    ),
    basis=BASIS,
    why=Text(
        "读者看到的是打不开的页面，检查时按打不开计。", "What the reader sees is a dead page, and so it is counted."
    ),
)

BLOCKED = Rule(
    id="blocked-link",
    family="links",
    severity=Severity.MINOR,
    title=Text("被拦截，无法判断", "Kept out, cannot be judged"),
    message={
        "wall": Text("被防护系统（{wall}）拦截，程序无法判断是否能打开", "a guard ({wall}) keeps the program out"),
        "login": Text("需要登录（401）", "it asks for a login (401)"),
        "forbidden": Text("拒绝程序访问（403）", "it refuses the program (403)"),
        "busy": Text("访问过于频繁被限制（429）", "it limits how often it is asked (429)"),
        "certificate": Text(
            "要求访问者出示数字证书（如 UKey），程序无法进入",
            "it asks visitors for a certificate of their own, which this program has not",
        ),
        "refused": Text("拒绝程序访问（{status}）", "it refuses the program ({status})"),
    },
    remedy=Text(
        "请用浏览器打开确认一次；如属本单位网站，请把监测程序的地址加入防护系统白名单。",
        "Open it once in a browser; if the site is your own, let the monitor pass its guard.",
    ),
    basis=BASIS,
    why=Text("不算打不开，但也没有得到验证。", "It is not counted as broken, but nothing has been verified either."),
)

REDIRECTED = Rule(
    id="redirected-link",
    family="links",
    severity=Severity.MINOR,
    title=Text("地址已永久变更", "Moved for good"),
    message={
        "moved": Text("已永久跳转到 {final}", "it has moved to {final} for good"),
        "foreign": Text(
            "首页跳转到另一个域名 {final}，请核实是否仍是原单位", "the homepage now leads to another domain: {final}"
        ),
    },
    remedy=Text("把链接改为新地址。", "Link to the new address."),
    basis=BASIS,
    why=Text(
        "旧地址随时可能停用；跳到陌生域名的，可能已被他人注册。",
        "The old address may end any day; a strange domain may be somebody else's.",
    ),
)

MALFORMED = Rule(
    id="malformed-link",
    family="links",
    severity=Severity.MAJOR,
    title=Text("链接地址写错", "Malformed link"),
    message=Text("地址 {href} 不是有效的网址", "{href} is no valid address"),
    remedy=Text("按“https://域名/路径”的形式改正。", "Write it as https://host/path."),
    basis=BASIS,
    why=Text(
        "浏览器无法打开这样的地址，常见于把本机路径或多余字符粘贴进编辑器。",
        "No browser can open it; often a local path pasted into the editor.",
    ),
)

DEAD_LINK_RULES = {BROKEN.id: "", SOFT_404.id: "soft-404", MALFORMED.id: "malformed"}
"""Rules whose findings are links that do not open, with the reason; "" where the finding itself names one."""
