"""One open page: what waits to be sent to it, and how that is written."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

# What may wait for a browser that doesn't take it off; one further behind looks at everything anew.
MOST_WAITING = 64
# After how long a browser connects again, in milliseconds.
RETRY = 2000


@dataclass(slots=True, eq=False)
class Stream:
    """An article that somebody has open, and the claim that was chosen when the stream began."""

    document: int
    user: int
    session: str
    statement: int | None = None
    # The oldest transaction that the page may not have seen.
    since: int = 0
    key: UUID = field(default_factory=uuid4)
    born: float = field(default_factory=time.monotonic)
    waiting: asyncio.Queue[tuple[str, Any]] = field(
        default_factory=lambda: asyncio.Queue(maxsize=MOST_WAITING + 1)
    )
    here: list[dict[str, Any]] = field(default_factory=list)
    over: bool = False

    def tell(self, event: str, data: Any = None) -> None:
        """Put an event behind those that wait; where too many do, “missed” takes the place of all."""
        if self.over:
            return
        if self.waiting.qsize() >= MOST_WAITING:
            self._empty()
            self.waiting.put_nowait(("missed", None))
            # Who is here isn’t looked up again by the page.
            self.waiting.put_nowait(("here", self.here))
            if event == "missed":
                return
        self.waiting.put_nowait((event, data))

    def end(self, event: str = "", data: Any = None) -> None:
        """End it; ``event`` is the last thing that the page hears. Without one it connects again."""
        if self.over:
            return
        self._empty()
        self.waiting.put_nowait((event, data))
        self.over = True

    def _empty(self) -> None:
        while not self.waiting.empty():
            self.waiting.get_nowait()


def written(event: str, data: Any = None) -> bytes:
    """An event as the browser reads it."""
    return f"event: {event}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
