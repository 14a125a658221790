"""What the supervisor starts ends with it, however that happens."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from config import places
from config.supervisor import Supervisor, Trouble, check_free, port_from_environment

SLEEPS = ("-c", "import time; time.sleep(60)")
# A supervisor of its own: argv is the state folder.
PROGRAM = """
import sys
from pathlib import Path
from config import places
places.STATE = Path(sys.argv[1])
from config.supervisor import Supervisor, ended_by_signals
supervisor = Supervisor("test", {})
with ended_by_signals():
    supervisor.take_place("nowhere")
    print(supervisor.start("sleeper", "-c", "import time; time.sleep(60)").process.pid, flush=True)
    supervisor.watch()
supervisor.stop()
"""


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(places, "STATE", tmp_path)
    return tmp_path


@pytest.fixture
def supervisor(state: Path) -> Iterator[Supervisor]:
    made = Supervisor("test", dict(os.environ))
    yield made
    made.stop()
    if made.lock:
        made.lock.close()


def eventually(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not true() and time.monotonic() < until:
        time.sleep(0.05)
    return true()


def gone(number: int) -> bool:
    return not psutil.pid_exists(number) or psutil.Process(number).status() == psutil.STATUS_ZOMBIE


@pytest.fixture
def other(state: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A supervisor in another process, and the number of its child."""
    command = [sys.executable, "-c", PROGRAM, str(state)]
    with subprocess.Popen(command, cwd=places.PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        yield process, child
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_of_it(other, number):
    process, child = other
    process.send_signal(number)
    assert process.wait(15) == 0
    assert gone(child)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start ends what is left")
def test_killed_outright_it_leaves_no_child(other):
    process, child = other
    process.kill()
    assert eventually(lambda: gone(child))


def test_a_second_one_in_the_same_place_is_refused(other, supervisor):
    with pytest.raises(Trouble, match=f"process {other[0].pid}, nowhere"):
        supervisor.take_place("here")


def test_what_a_killed_one_left_is_ended_by_the_next(supervisor, state):
    with subprocess.Popen([sys.executable, *SLEEPS], start_new_session=True) as orphan:
        started = psutil.Process(orphan.pid).create_time()
        supervisor.folder.mkdir()
        record = supervisor.folder / "web.pid"
        record.write_text(f'{{"pid": {orphan.pid}, "started": {started}}}')
        supervisor.take_place("here")
        assert gone(orphan.pid)
    assert not record.exists()


def test_another_process_with_a_number_on_file_is_left_alone(supervisor, state):
    with subprocess.Popen([sys.executable, *SLEEPS], start_new_session=True) as stranger:
        started = psutil.Process(stranger.pid).create_time() - 1000
        supervisor.folder.mkdir()
        (supervisor.folder / "web.pid").write_text(f'{{"pid": {stranger.pid}, "started": {started}}}')
        supervisor.take_place("here")
        assert stranger.poll() is None
        stranger.kill()


def test_a_child_that_ends_is_started_again_and_then_given_up(supervisor, capsys):
    supervisor.take_place("here")
    supervisor.start("web", "-c", "print('a last word'); raise SystemExit(7)")
    with pytest.raises(Trouble, match=r"ends again and again, now with status 7\.\n(?s:.*)a last word"):
        supervisor.watch()
    assert capsys.readouterr().out.count("it is started again") == 2


def test_a_step_that_fails_says_why(supervisor):
    supervisor.take_place("here")
    supervisor.finish("prepare", "-c", "pass")
    with pytest.raises(Trouble, match=r"prepare failed\.\n(?s:.*)no such table"):
        supervisor.finish("prepare", "-c", "raise SystemExit('no such table')")


def test_a_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Trouble, match=f"Port {port} can't be used"):
            check_free("127.0.0.1", port)
    check_free("127.0.0.1", port)


@pytest.mark.parametrize("words", ["eighty", "0", "70000", "-1", "８０"])
def test_a_port_that_is_none_is_refused(monkeypatch, words):
    monkeypatch.setenv("PORT", words)
    with pytest.raises(Trouble, match="PORT is"):
        port_from_environment()


def test_the_port_is_8000_unless_told(monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    assert port_from_environment() == 8000
    monkeypatch.setenv("PORT", "8123")
    assert port_from_environment() == 8123
