"""The locks hold what pyproject.toml asks for, with hashes, and name no registry."""

from __future__ import annotations

import re
import tomllib

import pytest

from config import places

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")


def pinned(lock: str) -> dict[str, str]:
    return dict(
        re.findall(r"^([\w.-]+(?:\[[\w,]+\])?)==([^\s;]+)", (places.PROJECT / lock).read_text(), re.MULTILINE)
    )


def test_the_development_lock_is_the_runtime_lock_and_more():
    runtime, development = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert runtime.items() <= development.items()
    assert len(development) > len(runtime) > 30


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_address(lock):
    text = (places.PROJECT / lock).read_text()
    pins = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if not entry.startswith("#")]
    assert pins
    assert all(
        re.match(r"[\w.\[\],-]+==\S+( ;.*?)? \\\n +--hash=sha256:[0-9a-f]{64}", entry) for entry in pins
    )
    assert "://" not in text


def test_every_dependency_is_locked():
    project = tomllib.loads((places.PROJECT / "pyproject.toml").read_text())
    for lock, wanted in (
        ("requirements.lock", project["project"]["dependencies"]),
        ("requirements-dev.lock", project["dependency-groups"]["dev"]),
        ("requirements-uv.lock", project["dependency-groups"]["environment"]),
    ):
        names = {re.sub(r"[-_.]+", "-", name.split("[")[0]).lower() for name in pinned(lock)}
        for requirement in wanted:
            name = re.split(r"[\[<>=~! ]", requirement)[0].lower()
            assert name in names, f"{name} is not in {lock}: make lock"
