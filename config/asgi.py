"""The ASGI application that the web server runs."""

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Mapping
from types import FrameType
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

pages = get_asgi_application()

from claims.live import hub  # noqa: E402  (it has models)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Django, and what it has no word for: the server’s own beginning and end."""
    if scope["type"] != "lifespan":
        await pages(scope, receive, send)
        return
    await receive()
    end_streams_on_signals(asyncio.get_running_loop())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await hub.close()
    await send({"type": "lifespan.shutdown.complete"})


def end_streams_on_signals(loop: asyncio.AbstractEventLoop) -> None:
    """End the open streams at once when the server is told to stop: it waits for them before it tells us."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)

        def stop(number: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(hub.end_streams)
            if callable(before):
                before(number, frame)

        signal.signal(number, stop)
