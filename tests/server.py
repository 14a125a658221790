"""The application as it runs for readers: behind uvicorn, on the test database."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import uvicorn


class Server:
    """The application as it runs for readers, in a thread of this process."""

    def __init__(self) -> None:
        # Loading it takes the settings, the models and the routes: not for a run that opens no browser.
        from claims.live import hub
        from config.asgi import application

        self.hub = hub
        # In life ten: nobody waits so long here.
        hub.ROUND = 1
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        quiet: dict[str, Any] = {"log_level": "warning", "access_log": False}
        self.server = uvicorn.Server(uvicorn.Config(application, timeout_graceful_shutdown=3, **quiet))
        self.thread = threading.Thread(target=self.server.run, args=([self.socket],), daemon=True)

    def start(self) -> None:
        self.thread.start()
        wait_until(lambda: self.server.started, "the server has started")

    def cut_streams(self) -> None:
        """End every stream, as a server that ends does."""
        self.server.servers[0].get_loop().call_soon_threadsafe(self.hub.end_streams)

    def settle(self) -> None:
        """Wait until no request is under way, so that the tables can be emptied."""
        wait_until(lambda: not self.server.server_state.tasks, "the last request is answered")
        wait_until(lambda: not self.hub.now() or self.hub.now().at_rest, "who was here is forgotten")

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)


def wait_until(true: Callable[[], bool], what: str | Callable[[], str]) -> None:
    """Wait up to a minute; ``what`` says in words what didn’t come."""
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until, f"Not within a minute: {what() if callable(what) else what}"
        time.sleep(0.01)
