"""The embedded PostgreSQL: taken over, shared, stopped, and never at the price of somebody's folder."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from django.db import connection

from config import embedded, places

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root's database lies outside the project")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project at another path, so that no running server is touched."""
    monkeypatch.setattr(places, "PROJECT", tmp_path)
    monkeypatch.setattr(places, "STATE", tmp_path / ".hearsay")
    yield tmp_path
    embedded.stop("test")
    if os.geteuid() == 0:
        shutil.rmtree(places.SYSTEM_STATE / places.key())


def modes(path: Path) -> dict[Path, int]:
    return {step: step.stat().st_mode for step in (path, *path.parents)}


def test_a_killed_server_is_taken_over_and_keeps_its_data(elsewhere):
    before = modes(elsewhere)
    embedded.start("test")
    first = embedded.status("test")
    assert first is not None
    data = places.home("test") / "data"
    (data / "proof").touch()

    assert embedded.start("test") == embedded.url("test")
    assert embedded.status("test") == first

    os.kill(first, signal.SIGKILL)
    psutil.Process(first).wait(10) if psutil.pid_exists(first) else None
    embedded.start("test")
    assert embedded.status("test") not in (None, first)
    assert (data / "proof").exists()

    assert embedded.stop("test")
    assert embedded.status("test") is None
    # A number that by now is another process's: this one's.
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    embedded.start("test")
    assert embedded.status("test") not in (None, os.getpid())
    assert modes(elsewhere) == before


def test_a_server_in_use_by_another_process_runs_on(elsewhere):
    embedded.start("test")
    other = os.open(places.home("test") / "users", os.O_RDWR)
    import fcntl

    fcntl.flock(other, fcntl.LOCK_SH)
    assert not embedded.stop("test")
    assert embedded.status("test") is not None
    os.close(other)
    assert embedded.stop("test")
    assert embedded.status("test") is None


@root_only
def test_a_closed_folder_stays_closed(elsewhere, monkeypatch):
    closed = elsewhere / "closed"
    closed.mkdir(mode=0o700)
    before = modes(closed)
    with monkeypatch.context() as patch:
        patch.setattr(places, "SYSTEM_STATE", closed / "hearsay")
        with pytest.raises(places.Unavailable, match="is left as it is"):
            embedded.start("test")
    assert modes(closed) == before
    assert not (closed / "hearsay").exists()
    (places.SYSTEM_STATE / places.key()).mkdir()


def test_a_long_or_unusual_path_gets_a_short_socket(monkeypatch):
    for name in ("x" * 120, "with space", "with,comma"):
        monkeypatch.setattr(places, "PROJECT", Path("/home/me") / name)
        monkeypatch.setattr(places, "STATE", places.PROJECT / ".hearsay")
        socket = places.socket_folder("test") / places.SOCKET_NAME
        assert len(os.fsencode(socket)) <= places.SOCKET_PATH_MAX
        assert " " not in str(socket)
        assert "," not in str(socket)


def test_the_secret_is_kept_and_is_the_owners_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "STATE", tmp_path / ".hearsay")
    secret = places.local_secret()
    assert len(secret) >= 50
    assert places.local_secret() == secret
    assert (tmp_path / ".hearsay" / "secret").stat().st_mode & 0o777 == 0o600


def test_without_a_place_to_write_there_is_a_secret_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(places, "STATE", tmp_path / "file" / ".hearsay")
    assert len(places.local_secret()) >= 50


@pytest.mark.django_db
def test_the_database_sorts_and_searches_alike_everywhere():
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
        cursor.execute("SELECT unaccent('Zürich'), 'ÉTÉ' ILIKE 'été', similarity('source', 'sources') > 0.5")
        assert cursor.fetchone() == ("Zurich", True, True)


@root_only
def test_several_make_the_same_new_folders_at_once(elsewhere):
    wanted = [places.SYSTEM_STATE / places.key() / str(turn) / "a" / "b" for turn in range(200)]

    def make() -> None:
        for folder in wanted:
            places.make_folder(folder)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(make) for _ in range(4)]:
            done.result()
    assert all(folder.is_dir() for folder in wanted)
