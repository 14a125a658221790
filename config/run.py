"""``make run``: the web server and the worker on a database that is there, DATABASE_URL or the embedded one.

For a person at their own machine: plain HTTP on the loopback address. Production is in docker-compose.yml.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from config import embedded, places
from config.supervisor import (
    GRACE_SECONDS,
    Supervisor,
    Trouble,
    check_free,
    ended_by_signals,
    port_from_environment,
    say,
)

HOST = "127.0.0.1"


def serve(mode: str, environ: dict[str, str], prepare: Callable[[Supervisor], None], welcome: str) -> int:
    """Prepare the database, run the web server and the worker until told to stop; return the exit status.

    ``welcome`` is printed when the server answers; ``{address}`` in it stands for the address.
    """
    status = 0
    own_database = not os.environ.get("DATABASE_URL")
    if own_database:
        os.environ.pop("DATABASE_URL", None)
    supervisor = Supervisor(mode, {**os.environ, **environ})
    with ended_by_signals():
        try:
            port = port_from_environment()
            address = f"http://{HOST}:{port}"
            supervisor.take_place(address)
            check_free(HOST, port)
            if own_database:
                embedded.start()
            limit = str(GRACE_SECONDS // 2)
            options = ["--no-access-log", "--timeout-graceful-shutdown", limit]
            where = ["--host", HOST, "--port", str(port)]
            supervisor.start("web", "-m", "uvicorn", "config.asgi:application", *options, *where)
            # It takes as long to load as the database to prepare, and nobody has been told its address yet.
            prepare(supervisor)
            supervisor.start("worker", "manage.py", "worker")
            supervisor.wait_until_answering(f"{address}/healthz")
            say(welcome.format(address=address, logs=supervisor.folder.relative_to(places.PROJECT)))
            supervisor.watch()
        except (Trouble, places.Unavailable) as error:
            print(f"Hearsay: {error}", file=sys.stderr)
            status = 1
    supervisor.stop()
    if own_database and supervisor.lock:
        try:
            embedded.stop()
        except places.Unavailable as error:
            say(f"Hearsay: {error}")
    return status


def check_migrated(supervisor: Supervisor) -> None:
    """Raise Trouble when the database isn't reachable or lacks a migration."""
    supervisor.finish("migrate-check", "manage.py", "migrate", "--check", "--verbosity", "0")


if __name__ == "__main__":
    own_machine = {
        "HTTPS": os.environ.get("HTTPS", "0"),
        "SECRET_KEY": os.environ.get("SECRET_KEY") or places.local_secret(),
    }
    words = "Hearsay runs at {address} (Ctrl-C stops it; what it says is in {logs})"
    sys.exit(serve("run", own_machine, check_migrated, words))
