"""What heads a list of other things to read is told from the names of columns."""

import pytest

from checks.reading.further_reading import heads_further_reading


@pytest.mark.parametrize(
    "text",
    [
        "相关阅读",
        "【相关新闻】",
        "相关新闻资讯：",
        "推荐阅读 更多>>",
        "延伸阅读",
        "点击排行榜",
        "一周排行",
        "往期回顾",
        "猜你喜欢",
        "您可能还感兴趣的文章",
        "大家都在看",
        "热门文章",
        "其他文章 MORE",
    ],
)
def test_headings_of_other_things_to_read(text):
    assert heads_further_reading(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "通知公告",
        "热点新闻",
        "最新信息",
        "最新动态",
        "政策文件",
        "往期公告目录",
        "相关部门",
        "新闻",
        "排行情况通报",
        "关于相关阅读的通知",
        "相关阅读活动在我县举行",
        "推荐阅读" * 5,
    ],
)
def test_names_of_columns_and_titles_are_none(text):
    assert not heads_further_reading(text)
