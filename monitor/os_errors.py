"""Say in both languages why the operating system refused something."""

from __future__ import annotations

import errno
from collections.abc import Mapping

from checks.model import Text

CHINESE: Mapping[int | None, str] = {
    errno.ENOENT: "文件不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "上级路径不是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EROFS: "文件系统只读",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EIO: "磁盘读写出错",
    errno.ELOOP: "符号链接太多",
}
"""What happens to files of people; anything else is said as the system says it."""


def os_reason(error: OSError) -> Text:
    """Return why, without the name of the file."""
    english = error.strerror or str(error)
    return Text(CHINESE.get(error.errno, english), english)
