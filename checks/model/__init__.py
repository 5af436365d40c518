"""Name the things that every layer talks about, in HTTP's and SARIF's words.

Values only: frozen, picklable, free of I/O and of clocks. ``monitor`` makes the subjects, checks read them and yield
findings, ``reports`` writes findings down.
"""

from checks.model.check import Check, Need, Subject
from checks.model.columns import Column, ColumnStatus, ColumnType, Facts, Inventory, Item, Listing, Request
from checks.model.finding import Confidence, Finding, Repair, RepairReason, Rule, ServerSetting, Severity
from checks.model.host import Certificate, DualStack, Exposure, Host, Tls, Trust
from checks.model.link import Link, Space
from checks.model.media import MediaAccount, MediaKind, Post
from checks.model.page import Document, Kind, Page, Reference, Referrer, Region, Versions
from checks.model.picture_text import Box, PicturePlace, PictureText, ReadCharacter
from checks.model.probe import Probe, Unmet
from checks.model.response import (
    ASKED_AGAIN,
    PASSING,
    Answer,
    Chain,
    ErrorKind,
    HttpFault,
    HttpFaultKind,
    Redirect,
    Response,
)
from checks.model.text import NOTHING, Block, Excerpt, Text, WordedError, blocks_of
from checks.model.viewing import ScriptFault, Subrequest, Viewing

__all__ = [
    "ASKED_AGAIN",
    "NOTHING",
    "PASSING",
    "Answer",
    "Block",
    "Box",
    "Certificate",
    "Chain",
    "Check",
    "Column",
    "ColumnStatus",
    "ColumnType",
    "Confidence",
    "Document",
    "DualStack",
    "ErrorKind",
    "Excerpt",
    "Exposure",
    "Facts",
    "Finding",
    "Host",
    "HttpFault",
    "HttpFaultKind",
    "Inventory",
    "Item",
    "Kind",
    "Link",
    "Listing",
    "MediaAccount",
    "MediaKind",
    "Need",
    "Page",
    "PicturePlace",
    "PictureText",
    "Post",
    "Probe",
    "ReadCharacter",
    "Redirect",
    "Reference",
    "Referrer",
    "Region",
    "Repair",
    "RepairReason",
    "Request",
    "Response",
    "Rule",
    "ScriptFault",
    "ServerSetting",
    "Severity",
    "Space",
    "Subject",
    "Subrequest",
    "Text",
    "Tls",
    "Trust",
    "Unmet",
    "Versions",
    "Viewing",
    "WordedError",
    "blocks_of",
]
