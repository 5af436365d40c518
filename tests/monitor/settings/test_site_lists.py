"""Sites from lists: CSV as office programs write it, a query to a database; faults name the row, and stop the load."""

from __future__ import annotations

import sqlite3
from textwrap import dedent

import pytest

from monitor.settings.config_file import ConfigError, load
from monitor.settings.csv_table import read_table
from monitor.settings.site_rows import COLUMNS
from monitor.store.site_query import ask_sites

CONFIG = "sites:\n- {url: http://own.cn}\nsites_from:\n- csv: list.csv\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "c.yaml").write_text(CONFIG, "utf-8")
    return tmp_path


def sites(folder, text: str | bytes):
    (folder / "list.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(folder / "c.yaml", (), ask_sites).sites[1:]


def faults(folder, text: str | bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        sites(folder, text)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


TABLE = "网址,名称,省,市,部门\r\nhttp://a.cn,甲局,广东省,深圳市,民政局\r\n\r\nhttp://b.cn,乙局,广东省,,\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_is_read_as_office_programs_write_it(folder, encoding, separator):
    first, second = sites(folder, TABLE.replace(",", separator).encode(encoding))
    assert (first.key, first.name, first.group) == ("a.cn", "甲局", "广东省/深圳市/民政局")
    assert (second.key, second.name, second.group) == ("b.cn", "乙局", "广东省")


def test_every_setting_that_a_column_holds_is_that_of_yaml(folder):
    listed = sites(
        folder,
        'url,id,name,group,hosts,include,exclude,schedule.weekly.weekday,schedule.quarterly.months,report.formats,"render"\n'
        'http://a.cn,a,"甲, 局",省/市,"x.cn；y.cn z.cn",,"/a{1,2}/\n/b/",tuesday,"may, june","html docx",never\n',
    )
    text = """
    sites:
    - url: http://a.cn
      id: a
      name: 甲, 局
      group: 省/市
      hosts: [x.cn, y.cn, z.cn]
      exclude: ["/a{1,2}/", /b/]
      schedule: {weekly: {weekday: tuesday}, quarterly: {months: [may, june]}}
      report: {formats: [html, docx]}
      render: never
    """
    (folder / "same.yaml").write_text(dedent(text), "utf-8")
    assert listed == load(folder / "same.yaml").sites


def test_every_column_is_a_setting_of_a_site(folder):
    rest = [name for name in COLUMNS if name not in {"url", "group"}]
    for line in faults(folder, f"url,{','.join(rest)}\n,{','.join('?' for _ in rest)}\n"):
        assert "no such setting" not in line


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("url,nam\nhttp://a.cn,x\n", ["list.csv: no such column: 'nam'; did you mean name?"]),
        ("name\nx\n", ["list.csv: the column url (网址) is missing"]),
        ("url,网址\nx,y\n", ["list.csv: the column url is given twice"]),
        (
            "url,group,city\nx,y,z\n",
            ["list.csv: give either the column group, or columns of province, city, county, department"],
        ),
        (
            'url,name\n"http://a.cn","two\nlines",x\nhttp://b.cn,1,\n',
            ["list.csv:2: has 3 cells, the heading 2; put what holds a separator in quotes"],
        ),
        ('url\nhttp://a.cn\n"http://b.cn\n', ["list.csv:3: not CSV: unexpected end of data"]),
        (b"url\nhttp://a.cn\n\xff\xfe\xff\n", ["list.csv:3: neither UTF-8 nor GBK; save the file as CSV UTF-8"]),
        ("", ["list.csv: is empty; its first line names the columns: url, name, group …"]),
        (
            "网址,每周,名称\n".replace("每周", "每周星期") + "http://a.cn,someday,x\nhttp://u:pw@b.cn,,x\nnowhere:,,\n",
            [
                "list.csv:2: 每周星期: must be one of: monday, tuesday, wednesday, thursday, friday, saturday, sunday"
                " (read: 'someday')",
                "list.csv:3: 网址: must hold no user, password or token: it is shown in reports and metrics"
                " (read: 'http://u:***@b.cn')",
            ],
        ),
        ("url,name\n,x\n", ["list.csv:2: url: Field required"]),
        ("url,市\nhttp://a.cn,深 圳\nhttp://b.cn,a//b\n", ["list.csv:3: 市: must be names of up to 64 characters"]),
        (
            "url\nhttp://own.cn\nhttp://b.cn\nhttp://b.cn/x\n",
            [
                "list.csv:2: url: two sites are called 'own.cn'; give each an id of its own (the other: c.yaml:2)",
                "list.csv:4: url: two sites are called 'b.cn'; give each an id of its own (the other: list.csv:3)",
            ],
        ),
    ],
)
def test_a_row_that_is_wrong_is_named_and_stops_the_load(folder, text, told):
    found = faults(folder, text)
    assert len(found) == len(told)
    assert all(line.startswith(start) for line, start in zip(found, told, strict=True)), found


def test_of_very_many_faults_the_first_are_told(folder):
    found = faults(folder, "url\n" + "http://u:pw@a.cn\n" * 60)
    assert len(found) == 51
    assert found[-1] == "and 10 more"


def test_a_file_that_is_not_there_is_named(folder):
    with pytest.raises(ConfigError, match=r"list\.csv: cannot be read: No such file") as caught:
        load(folder / "c.yaml")
    assert caught.value.files == (folder / "list.csv",)


@pytest.mark.parametrize(
    "text", ["{csv: a, database: 'sqlite://'}", "{}", "{database: 'sqlite:///a'}", "{csv: a, query: SELECT 1}"]
)
def test_a_list_is_a_file_or_a_query(tmp_path, text):
    path = tmp_path / "c.yaml"
    path.write_text(f"sites_from: [{text}]\n")
    with pytest.raises(ConfigError, match=r"c\.yaml:1: sites_from\.0: give either csv, or database and query"):
        load(path)


class Asked:
    """A configuration with a query to a database in SQLite."""

    def __init__(self, folder) -> None:
        self.path, self.database = folder / "q.yaml", folder / "sites.db"
        with sqlite3.connect(self.database) as connection:
            connection.execute("CREATE TABLE site (address, label, quarters)")
            connection.execute("INSERT INTO site VALUES ('http://a.cn', '甲: 100%', 1), ('http://b.cn', NULL, 0)")
        connection.close()

    def load(self, query: str, database: str = ""):
        where = database or f"sqlite:///{self.database}"
        self.path.write_text(f"sites_from:\n- database: {where}\n  query: |\n    {query}\n", "utf-8")
        return load(self.path, (), ask_sites).sites


@pytest.fixture
def asked(tmp_path):
    return Asked(tmp_path)


def test_a_database_is_asked(asked):
    query = (
        "SELECT address AS url, label AS name, '广东省' AS province, quarters AS \"schedule.quarterly.run\" FROM site"
        " WHERE '12:30' <> ':x' AND address LIKE 'http%'"
    )
    first, second = asked.load(query)
    assert (first.key, first.name, first.group) == ("a.cn", "甲: 100%", "广东省")
    assert (second.key, second.name) == ("b.cn", "")
    assert [site.schedule.quarterly.run for site in (first, second)] == [True, False]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT address FROM site", "sites_from.0: no such column: 'address'; there are: url, id, name"),
        ("SELECT colour FROM site", "sites_from.0: the database was asked in vain: no such column: colour"),
        ("DELETE FROM site", "attempt to write a readonly database"),
        ("SELECT label AS url FROM site", "sites_from.0, row 1: url: '甲: 100%' is not a URL"),
    ],
)
def test_a_query_that_is_wrong_is_told_and_changes_nothing(asked, query, told):
    with pytest.raises(ConfigError) as caught:
        asked.load(query)
    assert told in str(caught.value)
    with sqlite3.connect(asked.database) as connection:
        assert connection.execute("SELECT count(*) FROM site").fetchone() == (2,)
    connection.close()


def test_a_database_that_is_away_is_told_without_its_password(asked, monkeypatch):
    monkeypatch.setenv("ASSETS", "postgresql+psycopg://reader:hunter2@127.0.0.1:1/assets")
    with pytest.raises(ConfigError, match="asked in vain") as caught:
        asked.load("SELECT 1", "${ASSETS}")
    assert "hunter2" not in str(caught.value)
    with pytest.raises(ConfigError, match="there is no database at"):
        asked.load("SELECT 1", f"sqlite:///{asked.path}.none")
    with pytest.raises(ConfigError, match="no database can be asked here"):
        load(asked.path)


def test_lines_are_counted_through_quotes_and_empty_lines(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('\nurl,name\n"http://a.cn","a\nb"\n\nhttp://b.cn\n', "utf-8")
    assert read_table(path) == (
        ["url", "name"],
        [(3, ["http://a.cn", "a\nb"]), (5, []), (6, ["http://b.cn"])],
    )
