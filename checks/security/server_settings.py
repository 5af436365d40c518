"""Write what to put into the servers that our readers run, to be copied as it stands.

Sources: nginx's modules headers, proxy and autoindex; Apache's mod_headers, mod_rewrite and core; Microsoft's reference
of IIS configuration; Tomcat's filters, default servlet and ErrorReportValve. A platform that an office does not
administer itself (CMS, 网站群) is asked for the same header by name and value.
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.model import ServerSetting, Text

NGINX, APACHE, IIS, TOMCAT = (Text(name, name) for name in ("nginx", "Apache", "IIS", "Tomcat"))
CMS = Text("网站平台（CMS）", "CMS")

IN_SERVER = Text(
    "写在 server 中；某个 location 里另有 add_header 的，那里也要写上。",
    "In the server block; also in every location that has an add_header of its own.",
)
IN_HOST = Text("写在 VirtualHost 中，需要启用 mod_headers。", "In the VirtualHost; needs mod_headers.")
IN_WEB_CONFIG = Text("写在 web.config 的 system.webServer 中。", "In system.webServer of web.config.")
IN_WEB_XML = Text(
    "写在 web.xml 中；已有这个过滤器的，只加其中的 init-param。",
    "In web.xml; where the filter is there already, only the init-param.",
)
IN_CODE = Text(
    "Tomcat 自带的过滤器没有这个响应头：前面有 nginx 或 Apache 的写在那里，没有的在应用的过滤器中加上：",
    "Tomcat's own filter does not know this header: set it in the nginx or Apache in front, or in a filter of the "
    "application:",
)
ASK_PLATFORM = Text(
    "后台有“响应头”设置的，照此填写；没有的，转给平台的运维单位办理。",
    "Enter this where the platform has a setting for response headers; otherwise send it to who runs the platform.",
)

CUSTOM_HEADER = """\
<httpProtocol>
  <customHeaders>
    <add name="{name}" value="{value}" />
  </customHeaders>
</httpProtocol>"""

FILTER = """\
<filter>
  <filter-name>httpHeaderSecurity</filter-name>
  <filter-class>org.apache.catalina.filters.HttpHeaderSecurityFilter</filter-class>
{params}
</filter>
<filter-mapping>
  <filter-name>httpHeaderSecurity</filter-name>
  <url-pattern>/*</url-pattern>
</filter-mapping>"""

PARAM = """\
  <init-param>
    <param-name>{name}</param-name>
    <param-value>{value}</param-value>
  </init-param>"""

NO_HSTS = {"hstsEnabled": "false"}
"""Tomcat's filter switches HSTS on by itself, with a time of 0, which browsers take for an order to forget it."""


def header_settings(name: str, value: str, tomcat: Mapping[str, str] | None = None) -> tuple[ServerSetting, ...]:
    """Return how each server sends a header; ``tomcat`` are the parameters of its own filter, if it knows it."""
    return (
        ServerSetting(NGINX, IN_SERVER, f'add_header {name} "{value}" always;'),
        ServerSetting(APACHE, IN_HOST, f'Header always set {name} "{value}"'),
        ServerSetting(IIS, IN_WEB_CONFIG, CUSTOM_HEADER.format(name=name, value=value)),
        _tomcat_header(name, value, tomcat),
        ServerSetting(CMS, ASK_PLATFORM, f"{name}: {value}"),
    )


def _tomcat_header(name: str, value: str, params: Mapping[str, str] | None) -> ServerSetting:
    if params is None:
        return ServerSetting(TOMCAT, IN_CODE, f'response.setHeader("{name}", "{value}");')
    written = "\n".join(PARAM.format(name=key, value=each) for key, each in params.items())
    return ServerSetting(TOMCAT, IN_WEB_XML, FILTER.format(params=written))


REDIRECT_TO_HTTPS = (
    ServerSetting(
        NGINX,
        Text("写在监听 80 端口的 server 中。", "In the server that listens on port 80."),
        "return 301 https://$host$request_uri;",
    ),
    ServerSetting(
        APACHE,
        Text(
            "写在 80 端口的 VirtualHost 中，需要启用 mod_rewrite。", "In the VirtualHost of port 80; needs mod_rewrite."
        ),
        "RewriteEngine On\nRewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=301,L]",
    ),
    ServerSetting(
        IIS,
        Text(
            "写在 web.config 的 system.webServer 中，需要安装“URL 重写”模块。",
            "In system.webServer of web.config; needs the URL Rewrite module.",
        ),
        """\
<rewrite>
  <rules>
    <rule name="https" stopProcessing="true">
      <match url="(.*)" />
      <conditions><add input="{HTTPS}" pattern="^OFF$" /></conditions>
      <action type="Redirect" url="https://{HTTP_HOST}/{R:1}" redirectType="Permanent" />
    </rule>
  </rules>
</rewrite>""",
    ),
    ServerSetting(
        TOMCAT,
        Text(
            "写在 web.xml 中，server.xml 的 80 端口 Connector 要有 redirectPort。",
            "In web.xml; the Connector of port 80 in server.xml needs a redirectPort.",
        ),
        """\
<security-constraint>
  <web-resource-collection>
    <web-resource-name>all</web-resource-name>
    <url-pattern>/*</url-pattern>
  </web-resource-collection>
  <user-data-constraint>
    <transport-guarantee>CONFIDENTIAL</transport-guarantee>
  </user-data-constraint>
</security-constraint>""",
    ),
    ServerSetting(
        CMS,
        Text("转给平台的运维单位：", "Ask who runs the platform for this:"),
        "http://（本站域名）/* → 301 → https://（本站域名）/*",
    ),
)

SAFE_COOKIES = (
    ServerSetting(
        NGINX,
        Text("写在 proxy_pass 所在的 location 中（1.19.3 起）。", "Beside proxy_pass (1.19.3 or newer)."),
        "proxy_cookie_flags ~ secure httponly samesite=lax;",
    ),
    ServerSetting(APACHE, IN_HOST, 'Header always edit Set-Cookie ^(.*)$ "$1; Secure; HttpOnly; SameSite=Lax"'),
    ServerSetting(
        IIS,
        Text("写在 web.config 的 system.web 中。", "In system.web of web.config."),
        '<httpCookies requireSSL="true" httpOnlyCookies="true" sameSite="Lax" />',
    ),
    ServerSetting(
        TOMCAT,
        Text(
            "前一段写在 web.xml 中，后一行写在 context.xml 的 Context 中。",
            "The first part in web.xml, the last line in the Context of context.xml.",
        ),
        """\
<session-config>
  <cookie-config>
    <http-only>true</http-only>
    <secure>true</secure>
  </cookie-config>
</session-config>

<CookieProcessor sameSiteCookies="lax" />""",
    ),
    ServerSetting(
        CMS,
        Text(
            "会话 Cookie 由平台设置，请平台的运维单位加上：",
            "The platform sets its session cookies; ask who runs it to add:",
        ),
        "Secure; HttpOnly; SameSite=Lax",
    ),
)

ALLOWED_ORIGINS = (
    ServerSetting(
        NGINX,
        Text(
            "map 写在 http 中，其余写在 server 中；域名换成允许的来源。",
            "The map in http, the rest in server; name your origins.",
        ),
        """\
map $http_origin $allowed {
    default "";
    "https://www.example.gov.cn" $http_origin;
}

add_header Access-Control-Allow-Origin $allowed always;
add_header Vary Origin always;""",
    ),
    ServerSetting(
        APACHE,
        Text(
            "写在 VirtualHost 中，需要启用 mod_setenvif 和 mod_headers；域名换成允许的来源。",
            "In the VirtualHost; needs mod_setenvif and mod_headers; name your origins.",
        ),
        """\
SetEnvIf Origin "^(https://www\\.example\\.gov\\.cn)$" ALLOWED=$1
Header always set Access-Control-Allow-Origin "%{ALLOWED}e" env=ALLOWED
Header always merge Vary Origin""",
    ),
    ServerSetting(
        IIS,
        Text(
            "写在 web.config 的 system.webServer 中，需要安装 IIS CORS 模块；域名换成允许的来源。",
            "In system.webServer of web.config; needs the IIS CORS module; name your origins.",
        ),
        '<cors enabled="true">\n  <add origin="https://www.example.gov.cn" />\n</cors>',
    ),
    ServerSetting(
        TOMCAT,
        Text("写在 web.xml 中；域名换成允许的来源。", "In web.xml; name your origins."),
        """\
<filter>
  <filter-name>cors</filter-name>
  <filter-class>org.apache.catalina.filters.CorsFilter</filter-class>
  <init-param>
    <param-name>cors.allowed.origins</param-name>
    <param-value>https://www.example.gov.cn</param-value>
  </init-param>
</filter>
<filter-mapping>
  <filter-name>cors</filter-name>
  <url-pattern>/*</url-pattern>
</filter-mapping>""",
    ),
    ServerSetting(CMS, ASK_PLATFORM, "Access-Control-Allow-Origin: https://www.example.gov.cn"),
)

NO_VERSION = (
    ServerSetting(NGINX, Text("写在 http 中。", "In http."), "server_tokens off;"),
    ServerSetting(
        APACHE, Text("写在主配置文件中。", "In the main configuration."), "ServerTokens Prod\nServerSignature Off"
    ),
    ServerSetting(
        IIS,
        IN_WEB_CONFIG,
        """\
<security>
  <requestFiltering removeServerHeader="true" />
</security>
<httpProtocol>
  <customHeaders><remove name="X-Powered-By" /></customHeaders>
</httpProtocol>""",
    ),
    ServerSetting(
        TOMCAT,
        Text("写在 server.xml 的 Host 中。", "In the Host of server.xml."),
        '<Valve className="org.apache.catalina.valves.ErrorReportValve" showReport="false" showServerInfo="false" />',
    ),
    ServerSetting(Text("PHP", "PHP"), Text("写在 php.ini 中。", "In php.ini."), "expose_php = Off"),
    ServerSetting(
        CMS,
        Text(
            "转给平台的运维单位：去掉带版本号的 Server、X-Powered-By 响应头和页面上的版本标记。",
            "Ask who runs the platform to drop versions from these headers and from the pages.",
        ),
        "Server\nX-Powered-By\nX-AspNet-Version",
    ),
)

NO_LISTING = (
    ServerSetting(NGINX, Text("写在 server 或 location 中。", "In the server or location."), "autoindex off;"),
    ServerSetting(APACHE, Text("写在 Directory 或 .htaccess 中。", "In Directory or .htaccess."), "Options -Indexes"),
    ServerSetting(IIS, IN_WEB_CONFIG, '<directoryBrowse enabled="false" />'),
    ServerSetting(
        TOMCAT,
        Text("写在 conf/web.xml 的 default servlet 中。", "In the default servlet of conf/web.xml."),
        "<init-param>\n  <param-name>listings</param-name>\n  <param-value>false</param-value>\n</init-param>",
    ),
    ServerSetting(
        CMS,
        Text(
            "转给平台的运维单位：发布目录不许浏览，没有首页文件的目录放一个空白的首页文件。",
            "Ask who runs the platform to forbid listings of what it publishes; an empty index file hides a directory:",
        ),
        "index.html",
    ),
)

ON_ERROR_PAGES = (
    ServerSetting(
        NGINX,
        Text(
            "每个 add_header 行尾加 always；错误页面另有 location 的，那里也要写上。",
            "At the end of every add_header; also in the location of error pages, where they have one of their own.",
        ),
        'add_header X-Content-Type-Options "nosniff" always;',
    ),
    ServerSetting(
        APACHE,
        Text(
            "Header set 改为 Header always set，需要启用 mod_headers。",
            "Header always set in the place of Header set; needs mod_headers.",
        ),
        'Header always set X-Content-Type-Options "nosniff"',
    ),
    ServerSetting(
        IIS,
        Text(
            "customHeaders 对错误页面也有效；没有的，多半是另一个程序发送的：让它经过同一个站点的 web.config。",
            "customHeaders count for error pages too; what lacks them is most often sent by another program: let it go "
            "through the web.config of the same site.",
        ),
        CUSTOM_HEADER.format(name="X-Content-Type-Options", value="nosniff"),
    ),
    ServerSetting(
        TOMCAT,
        Text(
            "web.xml 的 filter-mapping 中加上 ERROR，过滤器才处理错误页面。",
            "In the filter-mapping of web.xml, so that the filter sees error pages.",
        ),
        """\
<filter-mapping>
  <filter-name>httpHeaderSecurity</filter-name>
  <url-pattern>/*</url-pattern>
  <dispatcher>REQUEST</dispatcher>
  <dispatcher>ERROR</dispatcher>
</filter-mapping>""",
    ),
    ServerSetting(
        CMS,
        Text(
            "转给平台的运维单位：错误页面（404、500）也要有正常页面的这些响应头。",
            "Ask who runs the platform to send these headers with error pages (404, 500) as well:",
        ),
        "Content-Security-Policy\nStrict-Transport-Security\nX-Content-Type-Options\nX-Frame-Options",
    ),
)
"""What makes servers send their headers with failing answers too; one of the headers stands for all."""
