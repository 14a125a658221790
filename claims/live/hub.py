"""The web process's ear: one connection that listens to the database, and the streams that it feeds.

A process listens from its first stream on until it ends. Everything here runs on the server’s event loop, but
for the questions to the database, which one thread asks.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from django.db import connections

from claims.live import watch
from claims.live.stream import RETRY, Stream, written
from sources.models.announcing import CHANNEL

log = logging.getLogger(__name__)

# Seconds. A silent line is cut by proxies; a browser that is gone is noticed when something is sent.
HEARTBEAT: float = 15
# How often permissions are looked at again, and pages vouched for: well under what a presence lasts.
ROUND: float = 10
# What arrives together is answered together.
TOGETHER = 0.1
LONGEST_WAIT = 30
# A browser shows few pages at once; a forgotten loop somewhere must not take the process down.
MOST_OF_A_PERSON = 12
MOST = 1000
MOST_REMEMBERED = 10_000
ANY_PAGE = 0


class Hub:
    """The streams of this process, by article."""

    def __init__(self) -> None:
        self.streams: dict[int, set[Stream]] = defaultdict(set)
        self.hearing = asyncio.Event()
        # From which transaction on everything was heard, and the last one that was heard of an article.
        self.begun = 0
        self.latest: dict[int, int] = {}
        self.rounds: list[asyncio.Task[None]] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.arrivals: set[int] = set()
        self.asking = 0
        self.thread = ThreadPoolExecutor(1, "live")

    @property
    def at_rest(self) -> bool:
        """Whether it has no streams, and nothing left to set down about the last ones."""
        return not (self.streams or self.tasks or self.asking)

    def all(self) -> list[Stream]:
        """Every stream."""
        return [stream for streams in self.streams.values() for stream in streams]

    async def feed(self, stream: Stream) -> AsyncIterator[bytes]:
        """What the browser is sent, until it goes or the stream ends."""
        # The request’s own thread needs the database no more: it goes back before the stream begins.
        await sync_to_async(connections.close_all)()
        try:
            await self.enter(stream)
            yield f"retry: {RETRY + random.randrange(RETRY)}\n\n".encode()
            yield written("hello", {"key": str(stream.key)})
            while True:
                try:
                    async with asyncio.timeout(HEARTBEAT):
                        event, data = await stream.waiting.get()
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if event:
                    yield written(event, data)
                if stream.over:
                    return
        finally:
            self.leave(stream)

    async def enter(self, stream: Stream) -> None:
        """Take a stream in: of too many of one person, or altogether, the oldest ends."""
        self.start()
        there = sorted(self.all(), key=lambda each: each.born)
        mine = [each for each in there if each.user == stream.user]
        for oldest in (mine if len(mine) >= MOST_OF_A_PERSON else there if len(there) >= MOST else [])[:1]:
            self.forget(oldest)
            oldest.end("full")
        self.streams[stream.document].add(stream)
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self.hearing.wait()
        if not self.hearing.is_set():
            stream.tell("paused")
        elif stream.since < self.begun or stream.since <= max(
            self.latest.get(stream.document, 0), self.latest.get(ANY_PAGE, 0)
        ):
            stream.tell("missed")
        await self.ask(watch.arrive, stream)

    def leave(self, stream: Stream) -> None:
        """Let a stream go whose browser is gone."""
        self.forget(stream)
        stream.over = True
        self.begin(self.ask(watch.leave, stream.key))

    def forget(self, stream: Stream) -> None:
        """Feed it no more."""
        there = self.streams.get(stream.document, set())
        there.discard(stream)
        if not there:
            self.streams.pop(stream.document, None)

    async def ask(self, question: Callable[..., Any], *given: Any) -> Any:
        """Ask the database in the thread for that; None when it can’t be reached."""

        def answer() -> Any:
            try:
                return question(*given)
            finally:
                connections.close_all()

        self.asking += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.thread, answer)
        except Exception:
            # Presence is a courtesy: without it the page goes on, and the next round tries again.
            log.warning("The database did not answer %s.", question.__name__, exc_info=True)
            return None
        finally:
            self.asking -= 1

    def begin(self, work: Any) -> None:
        """Run it beside everything else."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def start(self) -> None:
        """Listen and go the rounds, from the first stream on."""
        if not self.rounds:
            loop = asyncio.get_running_loop()
            self.rounds = [loop.create_task(self.listen()), loop.create_task(self.go_round())]

    async def listen(self) -> None:
        """Hear what the database announces; when the connection breaks, say so and try again and again."""
        wait = 1.0
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**connection_words()) as ear:
                    await ear.execute(f"LISTEN {CHANNEL}")
                    # Whatever is later than this will be heard.
                    now = await ear.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
                    self.begun = (await now.fetchone() or (0,))[0]
                    self.latest.clear()
                    self.hearing.set()
                    wait = 1.0
                    for stream in self.all():
                        stream.tell("missed")
                    while True:
                        async for notice in ear.notifies(timeout=ROUND):
                            self.hear(json.loads(notice.payload))
                        # A connection that is dead without having said so shows it here.
                        await ear.execute("SELECT 1")
            except Exception as problem:  # noqa: BLE001 (whatever it is, it has to listen again)
                log.warning("Not listening to the database: %s", problem)
            if self.hearing.is_set():
                self.hearing.clear()
                for stream in self.all():
                    stream.tell("paused")
            await asyncio.sleep(wait * random.uniform(0.5, 1))
            wait = min(wait * 2, LONGEST_WAIT)

    def hear(self, notice: dict[str, Any]) -> None:
        """Pass on what was announced to those who have that article open; a source may stand on any."""
        document, xid = notice.pop("document", ANY_PAGE), notice.pop("xid", 0)
        if notice["kind"] == "here":
            if document in self.streams:
                self.arrived(document)
            return
        self.latest[document] = max(xid, self.latest.get(document, 0))
        if len(self.latest) > MOST_REMEMBERED:
            self.begun = max(self.latest.values()) + 1
            self.latest.clear()
        for stream in self.streams.get(document, ()) if document else self.all():
            stream.tell("change", notice)

    def arrived(self, document: int) -> None:
        """Somebody came, went or chose another claim: look who is here, once for all who do so together."""
        if not self.arrivals:
            self.begin(self.tell_arrivals())
        self.arrivals.add(document)

    async def tell_arrivals(self) -> None:
        """Tell the streams of these articles who is here."""
        await asyncio.sleep(TOGETHER)
        documents, self.arrivals = self.arrivals, set()
        found = await self.ask(watch.here, documents)
        if found is not None:
            self.tell_here(documents, found)

    def tell_here(self, documents: set[int], found: watch.Here) -> None:
        """Tell each stream who else is here, where that changed."""
        for document in documents:
            for stream in self.streams.get(document, ()):
                others = [each for each in found.get(document, []) if each["user"] != stream.user]
                if others != stream.here:
                    stream.here = others
                    stream.tell("here", others)

    async def go_round(self) -> None:
        """Every few seconds: close what nobody may look at any more, vouch for the rest, see who is here."""
        while True:
            await asyncio.sleep(ROUND)
            streams = self.all()
            found = await self.ask(watch.look_round, streams) if streams else None
            if found is None:
                continue
            may_not, present = found
            for stream in streams:
                if stream.key in may_not:
                    self.forget(stream)
                    stream.end("over")
            self.tell_here({stream.document for stream in streams}, present)

    def end_streams(self) -> None:
        """The server is about to end: let every browser go, to come back to the next one."""
        for stream in self.all():
            stream.end()

    async def close(self) -> None:
        """End the streams and give up every connection."""
        self.end_streams()
        for task in (*self.rounds, *self.tasks):
            task.cancel()
        await asyncio.gather(*self.rounds, *self.tasks, return_exceptions=True)
        await asyncio.to_thread(self.thread.shutdown)


def connection_words() -> dict[str, Any]:
    """How to reach the database outside of Django: as the settings say, and not out of the pool.

    A line that went dead is noticed after some seconds.
    """
    words = connections["default"].get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        words.pop(name, None)
    return words | {"autocommit": True, "connect_timeout": 10, "tcp_user_timeout": 20_000}


_hub: Hub | None = None
_making = threading.Lock()


def hub() -> Hub:
    """The hub of this process; its streams are fed on the server’s event loop."""
    global _hub  # noqa: PLW0603
    with _making:
        if _hub is None:
            _hub = Hub()
        return _hub


def now() -> Hub | None:
    """The hub that there is."""
    return _hub


async def close() -> None:
    """As ``Hub.close``, where there is one; the next stream begins another."""
    global _hub
    closing, _hub = _hub, None
    if closing:
        await closing.close()


def end_streams() -> None:
    """As ``Hub.end_streams``, where there is one."""
    if _hub:
        _hub.end_streams()
