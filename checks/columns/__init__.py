"""Find the 栏目 of a site, what they are for, and what is in them."""

from checks.columns.interfaces import read_answer
from checks.columns.inventory import Correction, Memory, assemble
from checks.columns.lists import may_be_list, read_list
from checks.columns.page_facts import continued, observe
from checks.columns.paging import asks_interface

__all__ = [
    "Correction",
    "Memory",
    "asks_interface",
    "assemble",
    "continued",
    "may_be_list",
    "observe",
    "read_answer",
    "read_list",
]
