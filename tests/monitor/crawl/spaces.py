"""Small sites with and without an end, as functions from an address to (text, links to pages, other addresses)."""

from __future__ import annotations

import hashlib
import re

HOME = "http://a.cn/"


def home(*links):
    return "某县某局", links, ()


def month_and_day(url):
    """Months lead to months and to their days; the days say nothing."""
    if url == HOME:
        return home("/rl/24320/")
    *_, number, day = url.split("/")
    if day:
        return "当日没有活动", (), ()
    days = [f"{day}.html" for day in range(1, 31)]
    return f"{int(number) // 12}年", [f"/rl/{int(number) + 1}/", f"/rl/{int(number) - 1}/", *days], ()


def three_levels(url):
    """Years lead to months, months to days, years to years."""
    if url == HOME:
        return home("/y2026")
    name = url.removeprefix(HOME)
    year, *rest = name[1:].split("-")
    if not rest:
        return f"{year}年", [f"/y{int(year) + 1}", *(f"/{name}-{month}" for month in range(1, 13))], ()
    if len(rest) == 1:
        return f"{year}年{rest[0]}月", [f"/{name}-{day}" for day in range(1, 29 + int(rest[0]) % 3)], ()
    return "暂无安排", (), ()


def in_words(url):
    """A calendar in Chinese numerals, one month a page."""
    if url == HOME:
        return home("/cal?m=0")
    number = int(url.partition("=")[2])
    digits = str.maketrans("0123456789", "〇一二三四五六七八九")
    return f"{2026 + number // 12}年{number % 12 + 1}月".translate(digits), [f"/cal?m={number + 1}"], ()


def pager_past_its_end(url):
    """A list that says after its tenth page what it said there."""
    if url == HOME:
        return home("/list?page=1")
    page = int(url.partition("=")[2])
    titles = "".join(f"<li>{chr(0x4E00 + min(page, 10) * 20 + n)}的公告</li>" for n in range(20))
    return titles, [f"/list?page={page + 1}"], ()


def sessions(url):
    """Every page has a new session for the next."""
    if url == HOME:
        return home(f"/s/{1:032x}/list")
    number = int(url.split("/")[4], 16)
    return "办事大厅", [f"/s/{number * 7 + n:032x}/list" for n in (1, 2)], ()


def short_sessions(url):
    """As before, with sessions of ten letters and digits that follow from nothing."""
    fresh = [f"/s/{hashlib.sha256(f'{url}{n}'.encode()).hexdigest()[:10]}/list" for n in (1, 2)]
    return home(fresh[0]) if url == HOME else ("办事大厅", fresh, ())


def two_folders(url):
    """Every folder answers with the same two links, which lack the leading slash."""
    return "某县某局", ["xwzx/", "zwgk/"], ()


def five_folders(url):
    return "某县某局", ["a/", "b/", "c/", "d/", "e/"], ()


def one_folder(url):
    return "某县某局", ["a/"], ()


def two_folders_with_breadcrumbs(url):
    """Folders in folders, where each page says where it is."""
    return " &gt; ".join(["首页", *(f"<b>{folder}</b>" for folder in url.split("/")[3:-1])]), ["xwzx/", "zwgk/"], ()


def filters(url):
    """Four filters of a list that has nothing."""
    if url == HOME:
        return home("/q?a=0&b=0&c=0&d=0")
    fields = dict(part.split("=") for part in url.partition("?")[2].split("&"))
    turned = [{**fields, name: (int(value) + 1) % 9} for name, value in fields.items()]
    return "没有符合条件的内容", ["/q?" + "&".join(f"{k}={v}" for k, v in each.items()) for each in turned], ()


def shared_calendar(url):
    """Every month names a link of its own to another site's calendar."""
    if url == HOME:
        return home("/cal?m=1")
    month = int(url.partition("=")[2])
    return "日程", [f"/cal?m={month + 1}"], [f"https://calendar.example.com/add?day={month}"]


def clock(url):
    """Every page says what time it is and how long it took."""
    if url == HOME:
        return home("/cal?m=1")
    month = int(url.partition("=")[2])
    took = f"{month * 37 % 24}:{month * 17 % 60}:{month * 7 % 60} 第{100_000 + month * 3}位 用时{month * 0.013:.3f}秒"
    return took, [f"/cal?m={month + 1}"], ()


TAGS = (
    "jiaoyu",
    "yiliao",
    "%E4%BD%8F%E6%88%BF",
    "jiuye",
    "shebao",
    "hujiyewu",
    "shuishou",
    "zhijian",
    "yanglao",
    "huanbao",
)


def filters_as_folders(url, *, between="/", end="/"):
    """Filters that are added one after the other, in any order; every page names those that are on."""
    if url == HOME:
        return home("/tag/")
    names = [name for name in re.split(r"[/+]", url.removeprefix(f"{HOME}tag/").removesuffix(end)) if name]
    further = [f"/tag/{between.join([*names, tag])}{end}" for tag in TAGS if tag not in names]
    return f"<h1>{'、'.join(names) or '全部'}</h1><p>没有符合条件的内容</p>", further, ()


def filters_joined(url):
    """As before, joined by a plus, as blogs do."""
    return filters_as_folders(url, between="+", end=".html")


def filters_of_a_list(url):
    """Filters of a list of thirty articles, some of which each page shows."""
    if "/art/" in url:
        return f"{chr(0x4E00 + int(url.rpartition('/')[2]))}的公告", (), ()
    text, further, _ = filters_as_folders(url)
    shown = sorted({sum(map(ord, f"{url}{n}")) % 30 for n in range(4)})
    titles = "".join(f"<li>{chr(0x4E00 + n)}的公告</li>" for n in shown)
    return f"{text}{titles}", [*further, *(f"/art/{n}" for n in shown)], ()


ENDLESS = (
    filters_as_folders,
    filters_joined,
    filters_of_a_list,
    month_and_day,
    three_levels,
    in_words,
    pager_past_its_end,
    sessions,
    short_sessions,
    two_folders,
    five_folders,
    one_folder,
    two_folders_with_breadcrumbs,
    filters,
    shared_calendar,
    clock,
)


# ---- what has an end -----------------------------------------------------------------------------


def lists_of(url, last, article):
    """Lists that differ in numbers, three articles each."""
    if url == HOME:
        return home("/list/1")
    kind, name = url.split("/")[3:]
    number = int(name)
    if kind == "art":
        return article(number), (), ()
    following = [f"/list/{number + 1}"] if number < last else []
    return f"第{number}期", [*following, *(f"/art/{number * 3 + n}" for n in range(3))], ()


def archive(url):
    """Articles that say something new."""
    return lists_of(url, 100, lambda number: f"关于{chr(0x4E00 + number)}的公告")


def long_list(url, photo):
    """A list of 400 pages that is read by its pager, three things each; ``photo`` is what the page of one has."""
    if url == HOME:
        return home("/l?p=1")
    if "/art/" in url:
        return photo(int(url.rpartition("/")[2]))
    page = int(url.rpartition("=")[2])
    shown = range(page * 3, page * 3 + 3)
    titles = "".join(f"<li>{chr(0x4E00 + n)}的影像</li>" for n in shown)
    return titles, [*([f"/l?p={page + 1}"] if page < 400 else []), *(f"/art/{n}" for n in shown)], ()


def long_list_of_films(url):
    """Films, whose pages are all the same and lead to the next."""
    return long_list(url, lambda n: ("视频", [f"/art/{n + 1}"] if n < 1_202 else [], ()))


def long_list_of_photos(url):
    """Photos, whose pages have no words but those of the list."""
    return long_list(url, lambda n: (f"<li>{chr(0x4E00 + n)}的影像</li>", (), ()))


def prices(url):
    """Every day's prices: the words are the same, the figures are not."""
    return lists_of(url, 60, lambda number: " ".join(f"{number * 7.31 + n * 1.7:.2f}元" for n in range(8)))


def gallery(url):
    """Pictures without words."""
    if url == HOME:
        return home("/p/1")
    number = int(url.split("/")[4])
    return "图片新闻", [f"/p/{number + 1}"] if number < 200 else [], [f"/img/{number}.jpg"]


def empty_columns(url):
    """Sixty columns that are all empty."""
    columns = [f"/col/{number}/" for number in range(60)]
    return home(*columns) if url == HOME else ("暂无内容", ["/", *columns], ())


def programs(url):
    """One program does it all, articles and a calendar without an end."""
    if url == HOME:
        return home("/i?c=cal&id=1", *(f"/i?c=article&id={number}" for number in range(200)))
    number = int(url.rpartition("=")[2])
    if "c=cal" in url:
        return "日程", [f"/i?c=cal&id={number + 1}"], ()
    return f"{chr(0x4E00 + number)}事项", (), ()


def two_orders(url):
    """Offices below kinds of files and kinds of files below offices: the names are the same, the pages say much."""
    names = ("jiaoyuju", "weijianwei", "minzhengju", "zcwj", "tzgg", "gsgg", "rsxx")
    if url == HOME:
        return home(*(f"/zwgk/{one}/{other}/" for one in names for other in names if one != other))
    number = sum(ord(letter) * place for place, letter in enumerate(url))
    return "".join(f"<li>{chr(0x4E00 + (number + n * 7) % 9000)}的公告</li>" for n in range(5)), (), ()


def empty_in_one_order(url):
    """Sixty columns of two steps, all empty, in one order."""
    if url == HOME:
        return home(*(f"/zwgk/o{chr(97 + n // 6)}/k{chr(97 + n % 6)}/" for n in range(60)))
    return "暂无内容", ("/",), ()
