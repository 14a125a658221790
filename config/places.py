"""Where this installation keeps its own things, and whose they are.

The secret, the locks and the logs lie in ``.hearsay/`` in the project, and an ordinary user's database too.
Root's database lies in ``/var/lib/hearsay`` and belongs to a system user, because PostgreSQL refuses to run
as root: a place where there is nothing to open to that user. What lies above it is looked at, never changed.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import secrets
import stat
import subprocess
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
STATE = PROJECT / ".hearsay"
SYSTEM_STATE = Path("/var/lib/hearsay")
SYSTEM_USER = "hearsay-postgres"
TEMPORARY = Path("/tmp")  # noqa: S108 - owner and mode of what is in it are checked
# sockaddr_un holds 108 bytes on Linux and 104 elsewhere, with the closing NUL.
SOCKET_PATH_MAX = 103
SOCKET_NAME = ".s.PGSQL.5432"


class Unavailable(Exception):
    """The embedded database can't run here. The message is one line for the person who started it."""


def local_secret() -> str:
    """Return this installation's own secret key, made on first use and readable by its owner alone.

    Where the project can't be written to, the key is a new one for this process.
    """
    return kept("secret") or secrets.token_urlsafe(50)


def key() -> str:
    """Return a short name for this project's path."""
    return hashlib.sha256(os.fsencode(PROJECT)).hexdigest()[:12]


def socket_folder(purpose: str) -> Path:
    """Return the folder of the server's socket, short enough for one. Only computed: it need not be there."""
    if os.geteuid() == 0:
        return SYSTEM_STATE / key() / purpose
    folder = STATE / purpose / "run"
    fits = len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_MAX
    if fits and re.fullmatch(r"[\w./+-]+", str(folder), re.ASCII):
        return folder
    return TEMPORARY / f"hearsay-{os.geteuid()}-{key()}-{purpose}"


def home(purpose: str) -> Path:
    """Return the folder of the data. Root's hangs on a mark in the clone: a new clone finds no older one's.

    Raises Unavailable where the mark can't be made.
    """
    if os.geteuid() != 0:
        return STATE / purpose
    mark = kept("id")
    if mark is None:
        raise Unavailable(
            f"{STATE} can't be written to, and the embedded database needs it. Or set DATABASE_URL."
        )
    return SYSTEM_STATE / key() / hashlib.sha256(mark.encode()).hexdigest()[:12] / purpose


def kept(name: str) -> str | None:
    """Return the random word in the state's file ``name``, made on first use; None where it can't be."""
    path = STATE / name
    try:
        if not path.exists():
            STATE.mkdir(mode=0o700, exist_ok=True)
            # Written whole, then named: of two processes that start at once, one wins and both read its word.
            with tempfile.NamedTemporaryFile("w", dir=STATE, delete_on_close=False) as new:
                new.write(secrets.token_urlsafe(50))
                new.close()
                try:
                    os.link(new.name, path)
                except FileExistsError:
                    pass
        return path.read_text().strip() or None
    except OSError:
        return None


def make_folder(folder: Path) -> None:
    """Make ``folder`` and what is missing above it; as root only where everybody may pass through.

    Raises Unavailable.
    """
    if os.geteuid() != 0:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    for step in (*reversed(folder.parents), folder):
        try:
            if not step.exists():
                _make_open(step)
            found = step.stat()
        except OSError as error:
            raise Unavailable(
                f"{step} can't be made ({error.strerror}); run as an ordinary user or set DATABASE_URL."
            ) from error
        closed = not found.st_mode & stat.S_IXOTH
        if found.st_uid != 0 or closed or found.st_mode & stat.S_IWOTH:
            raise Unavailable(
                f"{step} isn't root's own and open to pass through, and is left as it is; "
                "run as an ordinary user or set DATABASE_URL."
            )


def _make_open(folder: Path) -> None:
    try:
        folder.mkdir()
    except FileExistsError:
        # Another process made it this moment, and may be about to open it.
        time.sleep(0.2)
    else:
        # The umask may have closed it; it is ours to open.
        folder.chmod(0o755)


def private_folder(folder: Path) -> None:
    """Make ``folder`` for the server's owner alone. Raises Unavailable."""
    try:
        if folder.parent != TEMPORARY:
            make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            user = owner()
            os.chown(folder, user.pw_uid, user.pw_gid, follow_symlinks=False)
        elif folder.lstat().st_uid != os.geteuid():
            raise Unavailable(f"{folder} belongs to somebody else; remove it or set DATABASE_URL.")
        folder.chmod(0o700)
    except OSError as error:
        raise Unavailable(f"{folder} can't be made: {error.strerror}.") from error


def owner() -> pwd.struct_passwd:
    """Return the user that the server runs as; for root a system user, made when it is missing.

    Raises Unavailable where it can't be.
    """
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        command = ["useradd", *options, "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run(command, check=True, capture_output=True)
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise Unavailable(
            f"PostgreSQL does not run as root and the user {SYSTEM_USER} can't be made; "
            "run as an ordinary user or set DATABASE_URL."
        ) from error
