"""Start ``sitehealth`` in processes of their own that need not load its libraries: 0.1 CPU seconds each instead of 1.3.

One process for a run of tests loads the libraries, and is asked for each start: it forks, and its child goes on as if
it had been started as ``python -m monitor``: with the arguments, environment, folder, input and output that it was
given, with default signal handlers, and with an end of its own. What a start itself costs is not tested through here.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import warnings
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from checks import CLASSES
from monitor.cli import COMMANDS
from monitor.cli import main as cli

ROOT = Path(__file__).parent.parent.parent

LONGEST = 1 << 20
"""Bytes of a request: arguments and environment."""

PRELOADED = (
    "monitor.commands.work.inspect",
    "monitor.commands.work.run",
    "monitor.proofreading.proofs",
    "monitor.commands.work.worker",
    "monitor.typo_engine.list_cache",
    "checks.typos.engine",
    "sqlalchemy.dialects.sqlite",
    *(place.partition(":")[0] for place in CLASSES.values()),
)
"""What the commands import."""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""For the server: threads that numpy starts as it is imported would not be there in a child."""


class Forked(subprocess.Popen):
    """A ``Popen`` of ``python -m monitor`` with the arguments ``args``, forked by the server."""

    def _execute_child(self, args: Any, *rest: Any) -> None:
        # executable, preexec_fn, close_fds, pass_fds, cwd, env, startupinfo, creationflags, shell, then pipes in pairs
        cwd, environment = rest[4], rest[5]
        read_from, to_child, from_child, write_to, errors_from_child, errors_to = rest[9:15]
        self._status, theirs = socket.socketpair()
        given = [read_from, write_to, errors_to]
        files = [given[number] if given[number] != -1 else number for number in range(3)]
        request = {
            "arguments": list(map(str, args)),
            "folder": str(cwd or Path.cwd()),
            "environment": dict(os.environ if environment is None else environment),
        }
        socket.send_fds(control(), [json.dumps(request).encode()], [*files, theirs.fileno()])
        theirs.close()
        self.pid = int(self._status.recv(32))
        self._child_created = True
        self._close_pipe_fds(read_from, to_child, from_child, write_to, errors_from_child, errors_to)

    def _internal_poll(self, *_: Any, **__: Any) -> int | None:
        return self._wait(0)

    def _wait(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            ready, _, _ = select.select([self._status], [], [], timeout)
            if ready:
                self.returncode = int(self._status.recv(32))
                self._status.close()
            elif timeout:
                raise subprocess.TimeoutExpired(self.args, timeout)
        return self.returncode


def run(*arguments: object, **options: Any) -> subprocess.CompletedProcess:
    """Run a command to its end, as ``subprocess.run`` does; what it wrote is captured."""
    stdin = options.pop("input", None)
    pipes = {"stdin": subprocess.PIPE if stdin is not None else subprocess.DEVNULL, "stdout": subprocess.PIPE}
    with Forked(arguments, stderr=subprocess.PIPE, **pipes, **options) as process:
        stdout, stderr = process.communicate(stdin, timeout=500)
    return subprocess.CompletedProcess(arguments, process.returncode, stdout, stderr)


_control: list[socket.socket] = []


def control() -> socket.socket:
    """Return the socket of the server, which is started when it is first needed and ends with this process."""
    if not _control:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "tests.monitor.command_server", str(theirs.fileno())]
        server = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, cwd=ROOT, env=os.environ | ONE_THREAD
        )
        theirs.close()
        _control.append(ours)
        atexit.register(server.wait)
        atexit.register(ours.close)  # called first: the server ends when nobody can ask it any more
    return _control[0]


def serve(requests: socket.socket) -> dict[str, Any] | None:
    """Fork for every request; return the request in the child, and None in the server when it ends."""
    children: dict[int, socket.socket] = {}
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    while True:
        ready, _, _ = select.select([requests, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            report_ends(children)
        if requests in ready:
            message, files, _, _ = socket.recv_fds(requests, LONGEST, 4)
            if not message:
                return None
            child = os.fork()
            if child == 0:
                return become(json.loads(message), files)
            children[child] = socket.socket(fileno=files.pop())
            children[child].send(str(child).encode())
            for number in files:
                os.close(number)


def report_ends(children: dict[int, socket.socket]) -> None:
    """Tell those who wait how their children ended."""
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            child, status = found
            with children.pop(child) as waiting, suppress(OSError):
                waiting.send(str(os.waitstatus_to_exitcode(status)).encode())


def become(request: dict[str, Any], files: list[int]) -> dict[str, Any]:
    """Make this process what its request describes; nothing of the server stays open."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
    os.closerange(3, 1024)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    if "PYTHONWARNINGS" in os.environ:
        warnings.simplefilter(os.environ["PYTHONWARNINGS"])
    sys.argv = ["sitehealth", *request["arguments"]]
    # Worker processes are told by this how their parent was started.
    sys.modules["__main__"].__spec__ = find_spec("monitor.__main__")
    return request


def be_the_command() -> NoReturn:
    """Be the command, and end as a Python process does, but for one thing: its libraries are not taken apart.

    That took 0.07 CPU seconds of the 0.08 of ``sitehealth version``: every page that the child shares with the server
    is copied for it. What nobody refers to is collected as ever, so that sockets and files left open are complained of.
    """
    try:
        cli(prog_name="sitehealth")
        code: object = 0
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 - what Python does with them
        sys.excepthook(*sys.exc_info())
        code = 1
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
    atexit.unregister(gc.freeze)  # of what it would keep, nothing could be collected
    threading._shutdown()  # waits for threads, as the interpreter does; executors end in it
    atexit._run_exitfuncs()
    gc.collect()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


def main() -> None:
    """Serve, or be the command."""
    commands = [importlib.import_module(place.partition(":")[0]) for place in COMMANDS.values()]
    assert commands
    for name in PRELOADED:
        importlib.import_module(name)
    gc.freeze()
    if serve(socket.socket(fileno=int(sys.argv[1]))) is not None:
        be_the_command()


if __name__ == "__main__":
    main()
