"""Checks that fail, each in its own way, at what the text of its subject says."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator
from threading import Event

from msgspec import field

from checks.model import Block, Check, Document, Finding, Page
from monitor.inspection.child import stand_back
from tests.factories import rule

SEEN = rule("seen")


class FailingAtText(Check[Block], frozen=True):
    """Finds something in every text, but for those that make it hang, die or raise."""

    id = "failing-at-text"
    rules = (SEEN,)
    cpu_bound = True

    def inspect(self, subject: Block) -> Iterator[Finding]:
        """Do what the text says."""
        if "hang" in subject.text:
            time.sleep(3600)
        if "die" in subject.text:
            os._exit(9)
        if "raise" in subject.text:
            raise ValueError("no verdict")
        yield Finding(SEEN, "", subject.text)


class FailingAtTextHere(FailingAtText, frozen=True):
    """The same in this process."""

    cpu_bound = False


class Fragile:
    """What does not pickle."""

    def __reduce__(self) -> str:
        raise TypeError("not to be sent")


class Unsendable(FailingAtText, frozen=True):
    """A check that cannot be given to a worker."""

    part: Fragile = field(default_factory=Fragile)


class SlowToSend:
    """What takes until ``may_be_sent`` to pickle for the first time; a test that failed meanwhile waits no longer."""

    def __init__(self) -> None:
        self.is_being_sent, self.may_be_sent = Event(), Event()

    def __reduce__(self) -> tuple[type, tuple[()]]:
        if not self.is_being_sent.is_set():
            self.is_being_sent.set()
            self.may_be_sent.wait(60)
        return (SlowToSend, ())


class FailingAtPage(Check[Page], frozen=True):
    """Finds something on every page, but raises on one whose title says so, with a secret in its variables."""

    id = "failing-at-page"
    rules = (SEEN,)

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Do what the title says."""
        secret = "身份证号 440106199003076235"
        if "raise" in subject.title:
            raise ValueError("no verdict")
        yield Finding(SEEN, subject.url, secret[:3])


class FailingAtDocument(Check[Document], frozen=True):
    """Raises on every document."""

    id = "failing-at-document"
    rules = (SEEN,)

    def inspect(self, subject: Document) -> Iterator[Finding]:
        """Raise."""
        raise ValueError("no verdict")


def answer_with_threshold(pipe):
    """Be a child that says after how many new objects its garbage collector looks first, and from then on."""
    stand_back()
    pipe.recv()
    first = gc.get_threshold()[0]
    gc.collect()
    pipe.send((first, gc.get_threshold()[0]))


def answer_with_question(slow, pipe):
    """Be a child that answers with what it is asked; ``slow`` has no part in it but to be sent."""
    stand_back()
    while True:
        pipe.send(pipe.recv())
