"""Cite the documents that the rules for official sites come from, once and in one wording."""

from __future__ import annotations

from checks.model import Text

CENSUS = Text("《全国政府网站普查评分表》（2015）", "Census score sheet for government websites (2015)")
VETO = Text(
    "《政府网站与政务新媒体检查指标》（国办秘函〔2019〕19号）单项否决",
    "Check list of 2019 (Guobanmihan 2019-19), vetoes",
)
GUIDELINES = Text("《政府网站发展指引》（国办发〔2017〕47号）", "Guidelines for government websites (Guobanfa 2017-47)")
META_TAGS = Text(
    "《政府网站发展指引》附件“网页标签规范”", "Guidelines for government websites (2017), annex on page metadata"
)
OPENNESS = Text("《政府信息公开条例》（2019年修订）", "Regulations on Open Government Information (2019)")
PERSONAL_DATA = Text("《个人信息保护法》", "Personal Information Protection Law")
STATE_SECRETS = Text("《保守国家秘密法》", "Law on Guarding State Secrets")
IPV6_PLAN = Text("《推进互联网协议第六版（IPv6）规模部署行动计划》（2017）", "Action plan for IPv6 (2017)")
