"""State the rules about what intruders leave in a page, in both languages."""

from __future__ import annotations

from checks.model import Rule, Severity, Text

VETO = Text(
    "国办秘函〔2019〕19号 单项否决“严重问题”",
    "State Council General Office notice 2019 No. 19, veto on severe problems",
)
CLEAN_UP = Text(
    "立即删除这段代码，并查清它是怎样进来的：检查网页文件和数据库的改动时间、后台账号、上传目录和服务器日志，修补漏洞、更换口令后再恢复；"
    "同时向网信、公安部门报告",
    "Delete this code at once and find out how it got in: changed files and records, accounts, upload folders, server "
    "logs; close the hole and change the passwords before the page goes back, and report it to the authorities",
)
REPUTATION = Text(
    "网站已被入侵的典型痕迹：访问者和搜索引擎会被带到违法网站，属于单项否决情形",
    "The typical trace of a break-in: readers and search engines are led to illegal sites, which vetoes the whole site",
)

INJECTED_LINK = Rule(
    id="injected-link",
    family="security",
    severity=Severity.CRITICAL,
    title=Text("页面被植入暗链", "Injected links"),
    message={
        "hidden": Text(
            "页面中藏有 {count} 条可疑链接，指向 {host} 等，符合以下特征：{signals_zh}",
            "The page hides {count} suspicious links, to {host} and the like: {signals_en}",
        ),
        "visible": Text(
            "页面中有 {count} 条可疑链接，指向 {host} 等，符合以下特征：{signals_zh}",
            "The page has {count} suspicious links, to {host} and the like: {signals_en}",
        ),
    },
    remedy=CLEAN_UP,
    basis=VETO,
    why=REPUTATION,
)

INJECTED_FRAME = Rule(
    id="injected-frame",
    family="security",
    severity=Severity.CRITICAL,
    title=Text("页面被嵌入看不见的外部窗口", "Injected frame"),
    message=Text(
        "页面嵌入了来自 {host} 的窗口，符合以下特征：{signals_zh}",
        "The page embeds a frame from {host}: {signals_en}",
    ),
    remedy=CLEAN_UP,
    basis=VETO,
    why=Text(
        "看不见的窗口会在访问者不知情时打开违法页面或下载木马",
        "An invisible frame opens illegal pages or malware behind the reader's back",
    ),
)

INJECTED_SCRIPT = Rule(
    id="injected-script",
    family="security",
    severity=Severity.CRITICAL,
    title=Text("页面被植入恶意脚本", "Injected script"),
    message={
        "referrer": Text(
            "脚本判断访问者是否来自搜索引擎，并把他们带到 {host}",
            "A script singles out readers who come from a search engine and takes them to {host}",
        ),
        "spider": Text(
            "脚本判断访问者是否为搜索引擎爬虫，对其另作处理（{host}）",
            "A script singles out the robots of search engines ({host})",
        ),
        "title": Text(
            "脚本对搜索引擎和普通访问者显示不同的标题：{host}",
            "A script shows search engines another title than readers: {host}",
        ),
        "encoded": Text(
            "脚本用编码掩盖它要打开的网站 {host}",
            "A script hides by encoding which site it opens: {host}",
        ),
        "trade": Text(
            "脚本把访问者带到疑似赌博、色情网站 {host}",
            "A script takes readers to {host}, whose name is that of a gambling or pornography site",
        ),
    },
    remedy=CLEAN_UP,
    basis=VETO,
    why=Text(
        "内容对管理员正常、对搜索用户违法，平时看不出来",
        "The page looks right to its keepers while people who search for it land on illegal sites",
    ),
)

INJECTED_REDIRECT = Rule(
    id="injected-redirect",
    family="security",
    severity=Severity.CRITICAL,
    title=Text("页面自动跳转到陌生网站", "Redirect to a strange site"),
    message=Text(
        "页面会自动跳转到与政务无关的网站 {host}",
        "The page sends its readers on to {host}, which has nothing to do with government",
    ),
    remedy=CLEAN_UP,
    basis=VETO,
    why=REPUTATION,
)

INJECTED_TITLE = Rule(
    id="injected-title",
    family="security",
    severity=Severity.CRITICAL,
    title=Text("页面标题或关键词被篡改", "Title or keywords tampered with"),
    message=Text(
        "页面的{places_zh}中出现赌博、色情、假证等推广用语（{terms}）{encoded_zh}",
        "Advertising for gambling, pornography or forged papers ({terms}) stands in the page's {places_en}{encoded_en}",
    ),
    remedy=CLEAN_UP,
    basis=VETO,
    why=Text(
        "搜索引擎会把本站收录为违法网站，搜索结果里直接可见",
        "Search engines list the site as an illegal one, for everybody to see in their results",
    ),
)
