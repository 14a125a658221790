"""Make the environment in .venv and keep it as the locks say. Only the standard library is there to run it.

python3 config/environment.py runtime|dev
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ENVIRONMENT = PROJECT / ".venv"
INTERPRETER = ENVIRONMENT / "bin" / "python"
# Written when everything is in place, so its absence means that something was interrupted.
STAMP = ENVIRONMENT / "hearsay-synced"
LOCKS = {"runtime": "requirements.lock", "dev": "requirements-dev.lock"}
UV_LOCK = "requirements-uv.lock"


def wanted(level: str) -> str:
    """Return what the stamp says when the environment is what the locks of ``level`` describe."""
    content = b"".join((PROJECT / name).read_bytes() for name in (LOCKS[level], UV_LOCK))
    return f"{level} {hashlib.sha256(content).hexdigest()}"


def found() -> str | None:
    """Return the stamp of a working environment, or None when it has to be made anew."""
    try:
        subprocess.run([INTERPRETER, "-c", "import sys; sys.exit(sys.version_info < (3, 12))"], check=True)
        return STAMP.read_text().strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def other_python_asked_for() -> bool:
    """Whether PYTHON in the environment names another version than the environment has."""
    if not os.environ.get("PYTHON"):
        return False
    version = "import sys; print(sys.version_info[:2])"
    inside = subprocess.run([INTERPRETER, "-c", version], capture_output=True, text=True, check=False)
    return inside.stdout.strip() != str(sys.version_info[:2])


def make(level: str) -> None:
    """Bring the environment to ``level``; what is right already stays. Raises CalledProcessError."""
    stamp = found()
    if stamp is None or other_python_asked_for():
        if ENVIRONMENT.exists() or ENVIRONMENT.is_symlink():
            print("Hearsay: .venv is unfinished, broken or of another Python; it is made again.", flush=True)
            ENVIRONMENT.unlink() if ENVIRONMENT.is_symlink() else shutil.rmtree(ENVIRONMENT)
        stamp = ""
    # The development tools hold all that the runtime needs: `make demo` after `make test` takes nothing away.
    if level == "runtime" and stamp.startswith("dev "):
        level = "dev"
    if stamp == wanted(level):
        return
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"Hearsay: installing what .venv needs, with Python {version}. A minute or two.", flush=True)
    if not stamp:
        venv.create(ENVIRONMENT, with_pip=True)
    STAMP.unlink(missing_ok=True)
    pip = [str(INTERPRETER), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    install = ["install", "--require-hashes", "--only-binary=:all:", "-r", UV_LOCK]
    subprocess.run([*pip, *install], cwd=PROJECT, check=True)
    uv = [str(INTERPRETER), "-m", "uv", "--quiet", "pip", "sync", "--require-hashes"]
    environ = {"UV_HTTP_TIMEOUT": "120", **os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run([*uv, "--python", str(INTERPRETER), LOCKS[level]], cwd=PROJECT, env=environ, check=True)
    STAMP.write_text(wanted(level) + "\n")


def main(arguments: list[str]) -> int:
    """Make the environment, one process at a time."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        print(f"usage: environment.py {'|'.join(LOCKS)}", file=sys.stderr)
        return 2
    try:
        with open(__file__, "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            make(arguments[0])
    except subprocess.CalledProcessError as error:
        print(f"Hearsay: {error.cmd[2]} failed; what it said stands above.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Hearsay: the environment can't be made: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
