"""How long the review's pages take, beside the floor: the least that a page of this server can take.

    python bench/review.py [--rounds 40] [--anew] [--dry]

A database of its own, on the tests' server or that of DATABASE_URL, gets the invented newsroom of
bench/newsroom.py (2,000 documents, 50,000 statements); it is kept for the next run, unless ``--anew`` is
given. The server is uvicorn in a process of its own, with production's pool of connections. Rounds alternate
between the floor and everything else; medians count. Each round takes another article and another claim.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402

from bench import results  # noqa: E402
from bench.search import errors, server  # noqa: E402
from config import embedded  # noqa: E402

DATABASE = "bench_review"
ARTICLES = 20  # that the rounds go through
MOST_BYTES = 30_000  # of an htmx answer


@dataclass
class Asked:
    """One kind of request: how many times the floor it may take, and what it took (milliseconds, bytes)."""

    name: str
    most: float | None
    htmx: bool = False
    times: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


def prepare(anew: bool) -> str:
    """The database; its address."""
    at = (os.environ.get("DATABASE_URL") or embedded.start("test")).rsplit("/", 1)[0]
    with psycopg.connect(f"{at}/postgres", autocommit=True) as admin:
        if anew:
            admin.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            admin.execute(f"CREATE DATABASE {DATABASE}")
    return f"{at}/{DATABASE}"


class Editor:
    """A logged-in editor's connection to the server."""

    def __init__(self, port: int, cookies: str, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.cookies, self.token = cookies, token

    def ask(self, asked: Asked, path: str, said: dict[str, str] | None = None) -> str:
        """The answer's text; its time and size go to ``asked``. A POST where something is ``said``."""
        headers = {"Cookie": self.cookies, "Host": "localhost"}
        if asked.htmx:
            headers |= {"HX-Request": "true", "HX-Target": "claim"}
        body = None
        if said is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.token}
            body = urlencode(said)
        began = time.perf_counter()
        self.connection.request("GET" if said is None else "POST", path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        asked.times.append(1000 * (time.perf_counter() - began))
        asked.sizes.append(len(content))
        assert answer.status == 200, (path, answer.status, content[:300])
        return content.decode()


def rounds_of(editor: Editor, rounds: int) -> list[Asked]:
    """Everything asked in turn, so many times, after a few that don't count."""
    from claims.models import Statement, Word
    from sources.models import Document

    floor, page = Asked("the floor", None), Asked("article page, a claim open", 4)
    bare = Asked("article page", 4)
    panel, verdict = Asked("panel swap", 2, htmx=True), Asked("verdict", 2, htmx=True)
    queue, claims = Asked("desk, articles by risk", 4), Asked("desk, claims by risk", 4)
    flags = Asked("flags, over all articles", 4)
    search, wrong = Asked("search", 10), Asked("search with a typing error", 10)
    documents = list(Document.objects.order_by("pk").values_list("pk", flat=True)[100 : 100 + ARTICLES])
    chosen = [
        (document, *Statement.objects.filter(capture__document=document).order_by("start")[5:7])
        for document in documents
    ]
    word = Word.objects.filter(word__regex="^.{6,}$").order_by("-times")[300].word
    every = [floor, panel, verdict, page, bare, queue, claims, flags, search, wrong]
    turns: Iterator[tuple[int, Statement, Statement]] = cycle(chosen)
    for number in range(rounds + 3):
        if number == 3:
            for asked in every:
                asked.times, asked.sizes = [], []
        document, one, other = next(turns)
        editor.ask(floor, f"/floor/{document}/")
        at = f"/articles/{document}/claims/{one.pk}/"
        shown = editor.ask(panel, at)
        version = re.search(r'name="version" value="(\d+)"', shown)
        assert version
        decision = "weak" if 'data-state="accepted"' in shown else "accepted"
        editor.ask(
            verdict,
            f"/statements/{one.pk}/verdict/",
            {"version": version[1], "decision": decision, "reason": "", "offered": ""},
        )
        editor.ask(page, f"/articles/{document}/claims/{other.pk}/")
        editor.ask(bare, f"/articles/{document}/")
        editor.ask(queue, "/desk/?show=articles&who=anybody")
        editor.ask(claims, "/desk/?show=claims&who=anybody")
        editor.ask(flags, "/flags/")
        editor.ask(search, f"/search/?{urlencode({'q': word})}")
        editor.ask(wrong, f"/search/?{urlencode({'q': errors(word)})}")
    return every


def table(every: list[Asked]) -> list[str]:
    """The medians beside the floor's."""
    floor = statistics.median(every[0].times)
    lines = [
        "| what | ms, median | ms, 95 of 100 | times the floor | at most | kB |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for asked in every:
        middle, tail = statistics.median(asked.times), statistics.quantiles(asked.times, n=20)[-1]
        size = statistics.median(asked.sizes)
        over = " **over**" if asked.most and middle > asked.most * floor else ""
        big = " **over**" if asked.htmx and max(asked.sizes) > MOST_BYTES else ""
        most = f"{asked.most:.0f}" if asked.most else ""
        lines.append(
            f"| {asked.name} | {middle:.1f} | {tail:.1f} | {middle / floor:.1f}{over} | {most} "
            f"| {size / 1000:.1f}{big} |"
        )
    return lines


def main() -> None:
    """Prepare, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--anew", action="store_true", help="make the database again")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    given = parser.parse_args()
    url = prepare(given.anew)
    os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="bench.floor_settings", HTTPS="0")
    os.environ.setdefault("SECRET_KEY", "for the bench alone, where nothing is secret and nothing lasts")

    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    from bench import newsroom
    from claims.models import Member, Statement, Word
    from sources.models import Document

    call_command("migrate", verbosity=0)
    if not Document.objects.exists():
        newsroom.fill()
        newsroom.settle()
    if not Word.objects.exists():
        Word.objects.renew()
    user, made = User.objects.get_or_create(username="bench")
    if made:
        Member.objects.create(user=user, role="editor")
    client = Client()
    client.force_login(user, "claims.access.NewsroomBackend")
    token = _get_new_csrf_string()
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"
    with server(url) as port:
        every = rounds_of(Editor(port, cookies, token), given.rounds)
    lines = [
        "## The review's pages",
        "",
        (
            f"`python bench/review.py`. {Document.objects.count():,} documents and "
            f"{Statement.objects.count():,} statements of invented words, through the ASGI server with "
            f"production's pool of connections; {given.rounds} rounds over {ARTICLES} articles. The floor is "
            "a logged-in page that reads one row and renders one line, in the same run behind the same "
            f"middleware. An htmx answer has at most {MOST_BYTES / 1000:.0f} kB."
        ),
        "",
        *table(every),
    ]
    print(*lines, sep="\n")
    if not given.dry:
        results.write("review", lines)


if __name__ == "__main__":
    main()
