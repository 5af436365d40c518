"""Say in Chinese what click says of wrong use: the one place where its words are translated.

click asks gettext for the words of its errors, and of the defaults in help. It gets them from ``WORDS`` here where the
reader reads Chinese; what only programmers meet stays as it is, and help texts are in ``help_words``. A test holds the
table to the errors of the installed click.
"""

from __future__ import annotations

from collections.abc import Mapping

from click import core, exceptions, formatting, parser, types

from monitor.commands.common import reader_language

WORDS: Mapping[str, str] = {
    "Error: {message}": "错误：{message}",
    "Usage:": "用法：",
    "Try '{command} {option}' for help.": "用法见“{command} {option}”。",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是不是其中之一：{possibilities}？）",
    "Invalid value: {message}": "取值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的取值不对：{message}",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Missing {param_type}": "缺少 {param_type}",
    "Missing command.": "缺少子命令。",
    "No such option {name!r}.": "没有选项 {name!r}。",
    "No such command {name!r}.": "没有命令 {name!r}。",
    "Got unexpected extra argument ({args})": "多出了参数（{args}）",
    "Got unexpected extra arguments ({args})": "多出了参数（{args}）",
    "Could not open file {filename!r}: {message}": "无法打开文件 {filename!r}：{message}",
    "unknown error": "原因不明",
    "env var: {var}": "环境变量：{var}",
    "default: {default}": "默认：{default}",
    "required": "必填",
    "Aborted!": "已中止。",
    "Takes {nargs} values but 1 was given.": "要 {nargs} 个值，只给了 1 个。",
    "Takes {nargs} values but {len} were given.": "要 {nargs} 个值，给了 {len} 个。",
    "{len_type} values are required, but {len_value} was given.": "要 {len_type} 个值，给了 {len_value} 个。",
    "{len_type} values are required, but {len_value} were given.": "要 {len_type} 个值，给了 {len_value} 个。",
    "Option {name!r} does not take a value.": "选项 {name!r} 不带值。",
    "Option {name!r} requires an argument.": "选项 {name!r} 要带一个值。",
    "Option {name!r} requires {nargs} arguments.": "选项 {name!r} 要带 {nargs} 个值。",
    "Argument {name!r} takes {nargs} values.": "参数 {name!r} 要带 {nargs} 个值。",
    "Choose from:\n\t{choices}": "可以是：\n\t{choices}",
    "{value!r} is not {choice}.": "{value!r} 不是 {choice}。",
    "{value!r} is not one of {choices}.": "{value!r} 不在可选的值之中：{choices}。",
    "{value!r} does not match the format {format}.": "{value!r} 不合格式 {format}。",
    "{value!r} does not match the formats {formats}.": "{value!r} 不合任何一种格式：{formats}。",
    "{value} is not in the range {range}.": "{value} 不在范围 {range} 之内。",
    "{value!r} is not a valid {number_type}.": "{value!r} 不是{number_type}。",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value!r} 不是“是”或“否”，可以是：{states}",
    "{value!r} is not a valid UUID.": "{value!r} 不是 UUID。",
    "{name} {filename!r} does not exist.": "{name} {filename!r} 不存在。",
    "{name} {filename!r} is a file.": "{filename!r} 是文件，应是{name}。",
    "{name} {filename!r} is a directory.": "{filename!r} 是文件夹，应是{name}。",
    "{name} {filename!r} is not readable.": "{name} {filename!r} 不可读。",
    "{name} {filename!r} is not writable.": "{name} {filename!r} 不可写。",
    "{name} {filename!r} is not executable.": "{name} {filename!r} 不可执行。",
}
"""What click says in English, as its sources have it, and the Chinese for it."""

NAMES: dict[str, str] = {"integer": "整数", "integer range": "整数", "float": "数字", "float range": "数字"}
NAMES |= {"File": "文件", "Directory": "文件夹", "Path": "路径", "file": "文件", "directory": "文件夹", "path": "路径"}
"""What its types are called, which it fills into those.

It asks for names of files when options are declared: they are left in English then. To look up the reader's language
takes the configuration, which would be read twice by every command, of 13,000 sites for a second.
"""

ASKING = (exceptions, core, types, parser, formatting)
"""Modules of click that word errors."""


class _Template(str):
    """A wording in Chinese, which fills in what click calls its types in Chinese as well."""

    __slots__ = ()

    def format(self, *values: object, **named: object) -> str:
        """Return the wording with its values."""
        known = {name: NAMES[value] for name, value in named.items() if isinstance(value, str) and value in NAMES}
        return super().format(*values, **named | known)


def translate_usage_errors() -> None:
    """Have click ask here for the words of its errors, from now on."""
    for module in ASKING:
        vars(module).update(_=_words, ngettext=_words_of_number)


def _words(english: str) -> str:
    chinese = WORDS.get(english)
    return english if chinese is None or reader_language().startswith("en") else _Template(chinese)


def _words_of_number(one: str, many: str, number: int) -> str:
    return _words(one if number == 1 else many)
