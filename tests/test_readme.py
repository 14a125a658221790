"""The commands that the README, and the pages it leads to, tell people to type are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

PROJECT = Path(__file__).resolve().parent.parent
PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").glob("*.md"))]


def code(page: Path) -> str:
    """What a page shows as code, in blocks and in lines."""
    text = page.read_text()
    blocks = re.findall(r"^```.*?^```", text, re.DOTALL | re.MULTILINE)
    lines = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    return "\n".join([*blocks, *lines])


@pytest.fixture(params=PAGES, ids=[page.name for page in PAGES])
def doc(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    if not path.exists():
        pytest.skip(f"{path.name} isn't written yet")
    return path


def test_the_readme_names_the_two_commands():
    assert {"demo", "test"} <= set(re.findall(r"\bmake ([a-z]+)", code(PROJECT / "README.md")))


def test_every_make_target_is_there(doc: Path):
    targets = set(re.findall(r"^([a-z][\w-]*):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z][\w-]*)", code(doc)))
    assert named <= targets


def test_every_manage_command_is_there(doc: Path):
    named = set(re.findall(r"manage\.py ([a-z]\w*)", code(doc)))
    assert named <= get_commands().keys()


def test_every_file_that_is_linked_is_there(doc: Path):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", doc.read_text())
    missing = {link for link in links if not (doc.parent / link).exists()}
    assert not missing


def test_every_setting_of_the_readme_is_read_somewhere():
    readme = PROJECT / "README.md"
    if not readme.exists():
        pytest.skip("README.md isn't written yet")
    named = set(re.findall(r"^\|\s*`([A-Z][A-Z_]+)`", readme.read_text(), re.MULTILINE))
    read = "".join(
        path.read_text()
        for path in [
            *(PROJECT / "config").glob("*"),
            *(PROJECT / "claims").rglob("*.py"),
            *(PROJECT / "deploy").glob("*"),
            PROJECT / "Makefile",
            PROJECT / "docker-compose.yml",
        ]
        if path.is_file()
    )
    assert named
    assert {name for name in named if name not in read} == set()
