"""What offices write today is no typo, with the language model that the check is used with."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.typos import Typos
from monitor.models import folder
from monitor.typo_engine.load import is_prepared, load_engine
from tests.checks.typos.test_weighing import MODERN

SENTENCES = [
    "该系统已于上月停用，因此此项设置不再生效。",
    "请下载软件包包名以字母开头的文件。",
    "请在命令行行末输入回车键。",
    "软件包包名以字母开头。",
    "数据库库名以字母开头，使用预定义模板新建工程。",
    "请上传明文文件，勿上传密文。",
    "单位可以跳过该步骤直接提交。",
    "申请人可通过快捷键提交表单。",
    "请访问维基百科了解更多知识。",
    "提升网络带宽，保障视频会议。",
    "请点击系统映像文件下载。",
    "请先设置设置项，再保存。",
    "津融投资服务集团来访。",
    "中柬双方签署协议。",
    "登录皖事通办小程序办理。",
    "育育同学与赛赛同学获奖。",
    "大会投了票。",
    "该项目名称为城市更新。",
    "习习凉风吹来。",
    "彭州市中医医院医院信息系统升级改造服务采购项目公开招标公告",
]


@pytest.fixture(scope="module")
def models() -> str:
    path: Path = folder()
    if not is_prepared(str(path)):
        pytest.skip("the language model's tables are not installed (sitehealth models install)")
    return str(path)


@pytest.mark.parametrize("text", [*MODERN, *SENTENCES])
def test_nothing_of_it_is_confirmed(text: str, models: str) -> None:
    check = Typos(models=models)
    assert not load_engine(check).suspects(text, check.confirmed)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("会对咸有乘客造成一定影响，请谅解。", "现"),
        ("大力优化营商环镜，提高服务水平。", "境"),
        ("旅游标准化体系建设健立完善多部门联合执法机制。", "建"),
    ],
)
def test_slips_in_it_are(text: str, right: str, models: str) -> None:
    check = Typos(models=models)
    assert any(right in one.right for one in load_engine(check).suspects(text, check.confirmed))
