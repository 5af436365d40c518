"""Tell what a 栏目 is for from its name, its meta ColumnType, or the columns above it.

The table is read from the top: 人事任免公告 is personnel although it is also a notice, 领导活动 is news and no leader.
"""

from __future__ import annotations

from checks.late_pattern import late
from checks.model import ColumnType

NAMES: tuple[tuple[ColumnType, str], ...] = (
    (ColumnType.OTHER, "解读|专题|专栏|年报|年度报告|公开指南|公开制度|公开目录|计划生育|问答库|知识库|知识问答"),
    (ColumnType.NEWS, "领导活动|领导讲话|统计动态|统计新闻|人事动态|财政动态|财经要闻|机构动态|服务动态|规划动态"),
    (ColumnType.PERSONNEL, "人事|任免|招考|招聘|招录|公务员|干部选拔|干部任前"),
    (ColumnType.INTERACTION, "互动|信箱|留言|咨询|访谈|征集|网上调查|民意|信访|投诉|来信|问政|建言"),
    (ColumnType.FINANCE, "财政|预算|决算|预决算|三公|财务公开|收费"),
    (ColumnType.STATISTICS, "统计|数据发布|数据开放|经济运行|月度数据|年度数据"),
    (ColumnType.PLANNING, "规划|计划"),
    (ColumnType.POLICY, "政策|文件|法规|规章|规范性|条例|政府公报"),
    (ColumnType.NOTICE, "通知|公告|公示|通告"),
    (ColumnType.LEADERS, "领导"),
    (ColumnType.ORGANISATION, "机构|职能|内设|直属单位|部门职责|组织架构"),
    (ColumnType.SERVICE, "服务|办事|指南|事项|便民"),
    (ColumnType.NEWS, "动态|要闻|新闻|资讯|快讯|时政|工作信息|政务信息|图片信息|媒体聚焦|媒体关注"),
)
"""Words of names, most telling first."""

_NAMES = tuple((kind, late(words)) for kind, words in NAMES)
EXEMPT = late(r"专题|历史|归档|存档|往期|旧版|老版|^\s*(?:19|20)\d\d\s*年?度?(?:\s*\d{1,2}\s*月份?)?\s*$")
"""历史专题, archives and what is named by its year or month, which nobody expects to grow."""


def kind_of_name(name: str) -> ColumnType | None:
    """Return what a name says the column is for, None when it says nothing."""
    return next((kind for kind, words in _NAMES if words.search(name)), None)


def column_type(name: str, meta: str = "", parents: tuple[str, ...] = ()) -> ColumnType:
    """Return the type by name, else by the meta ColumnType, else by the nearest column above it that has one."""
    for candidate in (name, meta, *reversed(parents)):
        kind = kind_of_name(candidate) if candidate else None
        if kind:
            return kind
    return ColumnType.OTHER


def is_exempt(name: str, parents: tuple[str, ...] = ()) -> bool:
    """Return whether a column is a 专题 or an archive, by its own name or one above it."""
    return any(EXEMPT.search(each) for each in (name, *parents))
