"""`manage.py lint`: what a publishing pipeline reads of it, without a database."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

WEAK = "Rain fell on the quay.\nThe embassy will close in June, an official said.\n"
CLEAN = "Ada Brine said that the bridge will open in June.\n"


def lint(*arguments: str) -> tuple[list[str], str, int]:
    """The lines that it prints, what it says on standard error, and its exit status."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("lint", *arguments, stdout=out, stderr=err)
    except SystemExit as left:
        status = int(left.code or 0)
    except CommandError as refused:
        err.write(str(refused))
        status = refused.returncode
    return out.getvalue().splitlines(), err.getvalue(), status


@pytest.fixture
def weak(tmp_path: Path) -> Path:
    path = tmp_path / "weak.txt"
    path.write_text(WEAK)
    return path


def test_a_flag_is_a_line_with_file_line_column_code_severity_and_why(weak: Path) -> None:
    lines, _, status = lint(str(weak))
    assert status == 1
    line = next(line for line in lines if " SINGLE_ANON " in line)
    column = WEAK.splitlines()[1].index("an official") + 1
    assert (
        line
        == f"{weak}:2:{column} SINGLE_ANON block “an official” is the only origin of this, and isn’t named."
    )


def test_a_clean_file_prints_nothing(tmp_path: Path) -> None:
    path = tmp_path / "clean.txt"
    path.write_text(CLEAN)
    assert lint(str(path)) == ([], "", 0)


def test_warnings_alone_exit_with_0(weak: Path) -> None:
    lines, _, status = lint(str(weak), "--policy", "magazine")
    assert {line.split(" ")[2].removesuffix("?") for line in lines} == {"block", "warn", "info"}
    assert status == 0, "what that pack would have block only asks"
    weak.write_text("The embassy will close in June, the Evening Lantern reported.\n")
    lines, _, status = lint(str(weak))
    assert {line.split(" ")[2] for line in lines} == {"warn?"}
    assert status == 0


def test_what_can_t_be_read_exits_with_2_and_the_others_are_still_linted(weak: Path, tmp_path: Path) -> None:
    lines, told, status = lint(str(tmp_path / "missing.txt"), str(weak))
    assert status == 2
    assert "missing.txt" in told
    assert any(str(weak) in line for line in lines)


def test_a_policy_that_is_not_there_exits_with_2(weak: Path) -> None:
    lines, told, status = lint(str(weak), "--policy", "strict")
    assert (lines, status) == ([], 2)
    assert "no policy 'strict'" in told


def test_json_has_the_flags_with_their_places(weak: Path) -> None:
    lines, _, status = lint(str(weak), "--format", "json")
    assert status == 1
    [made] = [json.loads(line) for line in lines]
    assert (made["file"], made["policy"]) == (str(weak), "default")
    flag = next(flag for flag in made["flags"] if flag["code"] == "SINGLE_ANON")
    assert WEAK[flag["start"] : flag["end"]] == "an official"
    assert flag["statement"] == "The embassy will close in June"
    assert {"line", "column", "severity", "why", "places", "question"} <= set(flag)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(WEAK.encode())))
    lines, _, status = lint("-")
    assert status == 1
    assert lines[0].startswith("-:2:")
