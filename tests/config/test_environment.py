"""Which Python makes the environment, and when it is made again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config import environment, places

FIND = places.PROJECT / "config" / "find-python.sh"


def find_python(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": str(folder), "HOME": str(folder), **environ}
    return subprocess.run(
        ["/bin/sh", FIND], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_an_old_python_stops_with_one_line(tmp_path):
    program(tmp_path / "python3", 'case "$2" in *platform*) echo "it is 3.9.2";; *) exit 1;; esac')
    done = find_python(tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "needs Python 3.12 or newer" in done.stderr
    assert "it is 3.9.2" in done.stderr


def test_no_python_at_all_stops_with_one_line(tmp_path):
    done = find_python(tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_a_python_of_pyenv_is_found_behind_an_old_one(tmp_path):
    program(tmp_path / "python3", "exit 1")
    behind = tmp_path / "pyenv" / "versions" / "3.13.0" / "bin" / "python3"
    program(behind, f'exec "{sys.executable}" "$@"')
    done = find_python(tmp_path, PYENV_ROOT=str(tmp_path / "pyenv"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == sys._base_executable  # type: ignore[attr-defined]


def test_the_python_that_is_named_is_the_only_one_tried(tmp_path):
    program(tmp_path / "python3", f'exec "{sys.executable}" "$@"')
    assert find_python(tmp_path).returncode == 0
    done = find_python(tmp_path, PYTHON="python2.7")
    assert done.returncode == 1
    assert "python2.7" in done.stderr


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which locks were installed, where installing is pretended: a real one takes a minute."""
    locks: list[str] = []
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(environment, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(environment, "INTERPRETER", tmp_path / "bin" / "python")
    monkeypatch.setattr(environment, "STAMP", tmp_path / "hearsay-synced")
    monkeypatch.delenv("PYTHON", raising=False)
    true_run = subprocess.run

    def run(command: list[Any], **options: Any) -> Any:
        if command[1] == "-c":
            return true_run(command, **options)
        if "sync" in command:
            locks.append(command[-1])
        return None

    monkeypatch.setattr(environment.subprocess, "run", run)
    monkeypatch.setattr(environment.venv, "create", lambda path, **_: (path / "bin").mkdir(parents=True))
    return locks


def test_a_second_time_installs_nothing(installed):
    environment.STAMP.write_text(environment.wanted("runtime"))
    environment.make("runtime")
    assert installed == []


def test_the_demo_takes_no_tool_away(installed):
    environment.STAMP.write_text(environment.wanted("dev"))
    environment.make("runtime")
    assert installed == []
    environment.STAMP.write_text("dev of an older lock")
    environment.make("runtime")
    assert installed == ["requirements-dev.lock"]


def test_the_tests_add_their_tools(installed):
    environment.STAMP.write_text(environment.wanted("runtime"))
    environment.make("dev")
    assert installed == ["requirements-dev.lock"]
    assert environment.STAMP.read_text().strip() == environment.wanted("dev")


def test_an_interrupted_environment_is_made_again(installed, capsys):
    (environment.ENVIRONMENT / "half").touch()
    environment.make("runtime")
    assert not (environment.ENVIRONMENT / "half").exists()
    assert installed == ["requirements.lock"]
    assert "made again" in capsys.readouterr().out


def test_another_python_asked_for_makes_it_again(installed, monkeypatch):
    environment.STAMP.write_text(environment.wanted("runtime"))
    (environment.ENVIRONMENT / "older").touch()
    monkeypatch.setenv("PYTHON", "python3.99")
    monkeypatch.setattr(environment.sys, "version_info", (3, 99, 0))
    environment.make("runtime")
    assert not (environment.ENVIRONMENT / "older").exists()
    assert installed == ["requirements.lock"]
