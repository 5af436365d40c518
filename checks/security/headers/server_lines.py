"""Write the line that adds a response header, for the four servers that our readers run."""

from __future__ import annotations

from checks.model import Text


def header_lines(name: str, value: str, tomcat: str = "") -> Text:
    """Return the lines for nginx, Apache and IIS, and for Tomcat where its own filter knows the header."""
    nginx = f'add_header {name} "{value}" always;'
    apache = f'Header always set {name} "{value}"'
    iis = f'<add name="{name}" value="{value}" />'
    return Text(
        f"nginx：{nginx}　Apache：{apache}　IIS（web.config 的 customHeaders）：{iis}"
        + (f"　Tomcat（web.xml 的 HttpHeaderSecurityFilter）：{tomcat}" if tomcat else ""),
        f"nginx: {nginx} Apache: {apache} IIS (customHeaders in web.config): {iis}"
        + (f" Tomcat (HttpHeaderSecurityFilter in web.xml): {tomcat}" if tomcat else ""),
    )


def advise(advice: Text, lines: Text) -> Text:
    """Return advice followed by its lines."""
    return Text(f"{advice.zh}{lines.zh}", f"{advice.en} {lines.en}")
