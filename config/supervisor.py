"""Runs the web server and the worker as one: they start together and end together.

Each child is told by the system when this process is gone, even by ``kill -9`` (Linux), and its number is on
file, so that the next start finds and ends what is left in any case.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

import psutil

from config import places

PR_SET_PDEATHSIG = 1
# How long a child may take over what it is doing; the web server cuts open streams after half of it.
GRACE_SECONDS = 10
READY_SECONDS = 60
# A child that ends this often within a minute is not going to get better.
ENDINGS_ALLOWED = 3


class Stop(BaseException):
    """Somebody asked for the end: Ctrl-C, SIGTERM, or the terminal was closed."""


class Trouble(Exception):
    """It can't go on. The message is for the person at the terminal."""


@dataclass
class Child:
    """A program that is kept running."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes]
    endings: list[float]


class Supervisor:
    """Keeps children running for ``mode``, "demo" or "run"; one of a mode in a project at a time."""

    def __init__(self, mode: str, environ: dict[str, str]) -> None:
        self.mode = mode
        self.folder = places.STATE / f"{mode}-processes"
        self.environ = environ
        self.children: list[Child] = []
        self.lock: IO[str] | None = None
        self.terminal = _watched_terminal()

    def take_place(self, address: str) -> None:
        """Become the one supervisor of this mode and end what a killed one left behind. Raises Trouble."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = (self.folder / "lock").open("a+")
        except OSError as error:
            raise Trouble(f"{self.folder} can't be written to: {error.strerror}.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            lock.close()
            raise Trouble(f"It runs already in this folder: {holder}. Stop that one first.") from None
        lock.truncate(0)
        print(f"process {os.getpid()}, {address}", file=lock, flush=True)
        self.lock = lock
        for record in self.folder.glob("*.pid"):
            _end_left_over(record)
            record.unlink()

    def start(self, name: str, *arguments: str) -> Child:
        """Start ``python arguments`` and keep it running."""
        command = [sys.executable, *arguments]
        child = Child(name, command, self._spawn(name, command, "wb"), [])
        self.children.append(child)
        return child

    def log(self, name: str) -> Path:
        """Return the file that holds what the child of that name has said."""
        return self.folder / f"{name}.log"

    def finish(self, name: str, *arguments: str) -> None:
        """Run ``python arguments`` to its end. Raises Trouble with its last words when it fails."""
        process = self._spawn(name, [sys.executable, *arguments], "wb")
        try:
            status = process.wait()
        finally:
            _end_group(process)
            (self.folder / f"{name}.pid").unlink(missing_ok=True)
        if status:
            raise Trouble(f"{name} failed.\n{self._last_words(name)}")

    def watch(self) -> None:
        """Keep the children running; returns only by Stop or by Trouble, when one ends again and again."""
        while True:
            self._look_around()
            time.sleep(0.5)

    def wait_until_answering(self, url: str) -> None:
        """Wait until the web server answers at ``url``. Raises Trouble when it ends or takes too long."""
        # No proxy of the machine's has a say in what runs on the machine itself.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            self._look_around()
            try:
                with opener.open(url, timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise Trouble(f"The web server does not answer at {url}.\n{self._last_words('web')}")

    def stop(self) -> None:
        """End every child, gently at first."""
        for child in self.children:
            _signal_group(child.process.pid, signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            _end_group(child.process)
            (self.folder / f"{child.name}.pid").unlink(missing_ok=True)
        self.children.clear()

    def _spawn(self, name: str, command: list[str], mode: str) -> subprocess.Popen[bytes]:
        with self.log(name).open(mode) as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=places.PROJECT,
                env=self.environ,
                # Of its own, so that Ctrl-C reaches this process alone, which then ends them in order.
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509 - there are no threads here
            )
        record = {"pid": process.pid, "started": psutil.Process(process.pid).create_time()}
        (self.folder / f"{name}.pid").write_text(json.dumps(record))
        return process

    def _look_around(self) -> None:
        for child in self.children:
            self._look_after(child)
        # The system tells the end of a terminal to its first process alone. Where that is `make`, it goes no
        # further: make waits for this process.
        if self.terminal is not None and self.terminal.poll(0):
            raise Stop

    def _look_after(self, child: Child) -> None:
        status = child.process.poll()
        if status is None:
            return
        _end_group(child.process)
        now = time.monotonic()
        child.endings = [moment for moment in child.endings if now - moment < 60] + [now]
        how = f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
        if len(child.endings) >= ENDINGS_ALLOWED:
            words = self._last_words(child.name)
            raise Trouble(f"The {child.name} process ends again and again, now {how}.\n{words}")
        say(f"The {child.name} process ended {how}; it is started again. ({self.log(child.name)})")
        child.process = self._spawn(child.name, child.command, "ab")

    def _last_words(self, name: str) -> str:
        try:
            return "\n".join(self.log(name).read_text(errors="replace").splitlines()[-15:])
        except OSError:
            return ""


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Raise Stop in the block on the first SIGINT, SIGTERM or SIGHUP; what comes after is not disturbed."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in caught:
            signal.signal(each, signal.SIG_IGN)
        raise Stop

    # What `nohup` ignores stays ignored.
    ends = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    caught = [each for each in ends if signal.getsignal(each) != signal.SIG_IGN]
    for each in caught:
        signal.signal(each, stop)
    # Killed outright, `make` can't pass anything on.
    _prctl_death_signal(signal.SIGTERM)
    try:
        yield
    except Stop:
        pass
    finally:
        for each in caught:
            signal.signal(each, signal.SIG_IGN)


def say(words: str) -> None:
    """Print to the person at the terminal, who may have closed it."""
    try:
        print(words, flush=True)
    except OSError:
        # Python would try again at exit, and complain.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


def port_from_environment() -> int:
    """Return PORT, 8000 if not set. Raises Trouble when it is no port number."""
    words = os.environ.get("PORT") or "8000"
    if not words.isascii() or not words.isdigit() or not 0 < int(words) < 65536:
        raise Trouble(f"PORT is {words!r}; it has to be a number from 1 to 65535.")
    return int(words)


def check_free(host: str, port: int) -> None:
    """Raise Trouble when the port can't be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = error.strerror
            raise Trouble(
                f"Port {port} can't be used ({why}). Choose another: PORT=8001 make demo"
            ) from error


def _watched_terminal() -> select.poll | None:
    """Return what answers when the terminal is closed; None without one, and under ``nohup``."""
    number = next((each for each in (0, 1, 2) if os.isatty(each)), None)
    if number is None or signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        return None
    terminal = select.poll()
    terminal.register(number, 0)
    return terminal


def _die_with(parent: int) -> Callable[[], None]:
    def in_child() -> None:
        _prctl_death_signal(signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return in_child


def _prctl_death_signal(number: int) -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _end_left_over(record: Path) -> None:
    try:
        known = json.loads(record.read_text())
        process = psutil.Process(known["pid"])
        # A number is given again; a number and a moment are not.
        if abs(process.create_time() - known["started"]) > 2:
            return
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except psutil.TimeoutExpired:
            pass
        _signal_group(known["pid"], signal.SIGKILL)
    except (OSError, ValueError, KeyError, psutil.Error):
        return


def _end_group(process: subprocess.Popen[bytes]) -> None:
    _signal_group(process.pid, signal.SIGKILL)
    process.wait()


def _signal_group(leader: int, number: int) -> None:
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        pass
