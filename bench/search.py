"""How long the search takes, beside the floor: the least that a page of this server can take.

    python bench/search.py [--rounds 60] [--anew]

A database of its own, on the tests' server or that of DATABASE_URL, gets 2,000 documents and 50,000
statements of invented words; it is kept for the next run, unless ``--anew`` is given. The server is uvicorn
in a process of its own, with production's pool of connections. Rounds alternate between the floor and every
search; medians count.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import results

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402

from config import embedded  # noqa: E402

DATABASE = "bench_search"
DOCUMENTS, EACH, WORDS, SOURCES, NOTES = 2_000, 25, 30_000, 3_000, 5_000
MOST = 10.0  # times the floor
DRAW = random.Random(5)


def invented() -> list[str]:
    """Words that are in no language, the usual ones first."""
    starts = [
        "b",
        "br",
        "d",
        "dr",
        "f",
        "g",
        "gl",
        "k",
        "kr",
        "l",
        "m",
        "n",
        "p",
        "pl",
        "r",
        "s",
        "st",
        "t",
        "v",
        "z",
    ]
    vowels = ["a", "e", "i", "o", "u", "ai", "ou"]
    ends = ["", "n", "r", "l", "s", "m", "nd", "rk", "th"]
    made: dict[str, None] = {}
    while len(made) < WORDS:
        parts = [DRAW.choice(starts) + DRAW.choice(vowels) for _ in range(DRAW.choice((2, 2, 3, 3, 4)))]
        made["".join(parts) + DRAW.choice(ends)] = None
    return list(made)


def sentences(words: list[str], weights: list[float], count: int) -> list[str]:
    """So many sentences of twenty words, usual words as often as in a language (Zipf)."""
    drawn = DRAW.choices(words, cum_weights=weights, k=20 * count)
    return [" ".join(drawn[20 * n : 20 * n + 20]).capitalize() + "." for n in range(count)]


def fill() -> None:
    """Make the documents, statements, sources and notes."""
    from django.contrib.auth.models import User
    from django.db import connection, transaction

    from claims.models import Annotation, Member, Statement, Word
    from sources.models import Capture, Document, Source, SourceAlias
    from sources.names import normal_name

    words = invented()
    total, weights = 0.0, []
    for rank in range(1, len(words) + 1):
        total += 1 / rank
        weights.append(total)
    with transaction.atomic():
        user = User.objects.create_user("bench")
        Member.objects.create(user=user, role="reader")
        names = [" ".join(DRAW.sample(words, 2)).title() for _ in range(SOURCES)]
        sources = Source.objects.bulk_create(Source(name=n, kind="person") for n in dict.fromkeys(names))
        SourceAlias.objects.bulk_create(
            SourceAlias(source=s, name=s.name, normal=normal_name(s.name)) for s in sources
        )
        for n in range(DOCUMENTS):
            said = sentences(words, weights, EACH)
            text = " ".join(said)
            title = " ".join(DRAW.choices(words, cum_weights=weights, k=7)).capitalize()
            document = Document.objects.create(title=title, publisher=DRAW.choice(sources))
            digest = hashlib.sha256(text.encode()).hexdigest()
            capture = Capture.objects.create(
                document=document,
                data=text.encode(),
                sha256=digest,
                text=text,
                text_sha256=digest,
                structure={"blocks": [], "links": []},
                media_type="text/plain",
            )
            at, rows = 0, []
            for sentence in said:
                rows.append(
                    Statement(
                        capture=capture, start=at, end=at + len(sentence), exact=sentence, wording=sentence
                    )
                )
                at += len(sentence) + 1
            Statement.objects.bulk_create(rows)
            if n % 500 == 499:
                print(f"{n + 1:,} documents", file=sys.stderr)
        captures = list(Capture.objects.values_list("pk", flat=True))
        Annotation.objects.bulk_create(
            Annotation(capture_id=DRAW.choice(captures), author=user, body=body)
            for body in sentences(words, weights, NOTES)
        )
    began = time.perf_counter()
    Word.objects.renew()
    print(f"{Word.objects.count():,} words in {time.perf_counter() - began:.1f} s", file=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def prepare(anew: bool) -> str:
    """The database, filled; its address."""
    server = (os.environ.get("DATABASE_URL") or embedded.start("test")).rsplit("/", 1)[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        if anew:
            admin.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        there = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not there:
            admin.execute(f"CREATE DATABASE {DATABASE}")
    return f"{server}/{DATABASE}"


def errors(word: str) -> str:
    """The word with two letters in each other's place, as fingers do it."""
    at = len(word) // 2
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def searches() -> dict[str, dict[str, str]]:
    """What is searched for, by what it stands for."""
    from claims.models import Word

    def at(share: float) -> str:
        """A word of at least six letters that stands in about this share of the documents."""
        long_ones = Word.objects.filter(word__regex="^.{6,}$")
        return long_ones.order_by("-times").filter(times__lte=share * DOCUMENTS).first().word  # type: ignore[union-attr]

    usual, middling, rare, name = at(1), at(0.1), at(0.005), at(0.002)
    from sources.models import Source

    whole_name = Source.objects.order_by("pk").first().name  # type: ignore[union-attr]
    return {
        "the most usual word": {"q": usual},
        "a word of a tenth of the articles": {"q": middling},
        "a rare word": {"q": rare},
        "a usual and a rare word": {"q": f"{usual} {rare}"},
        "two usual words side by side": {"q": f'"{usual} {middling}"'},
        "either of two words": {"q": f"{middling} OR {rare}"},
        "one word without another": {"q": f"{usual} -{middling}"},
        "a source's name": {"q": whole_name},
        "claims alone, page 20": {"q": middling, "kind": "claims", "page": "20"},
        "articles alone, the most usual word": {"q": usual, "kind": "articles"},
        "one typing error": {"q": errors(name)},
        "a letter too many in a usual word": {"q": usual[:3] + usual[2:]},
        "two words, each with an error": {"q": f"{errors(usual)} {errors(middling)}"},
        "nothing like it": {"q": "xqzwvxqj"},
        "ten thousand characters": {"q": " ".join([middling] * (10_000 // (len(middling) + 1)))},
    }


@contextmanager
def server(url: str) -> Iterator[int]:
    """The ASGI server on the database; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": url,
        "DATABASE_POOL": "1",
        "DJANGO_SETTINGS_MODULE": "bench.floor_settings",
        "HTTPS": "0",
        "PYTHONPATH": str(ROOT),
    }
    arguments = ["config.asgi:application", "--port", str(port), "--log-level", "warning", "--no-access-log"]
    process = subprocess.Popen([sys.executable, "-m", "uvicorn", *arguments], env=environment, cwd=ROOT)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def timed(connection: http.client.HTTPConnection, path: str, cookie: str) -> tuple[float, int, str]:
    """Milliseconds, bytes and text of one answer."""
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie, "Host": "localhost"})
    answer = connection.getresponse()
    body = answer.read()
    took = 1000 * (time.perf_counter() - began)
    assert answer.status == 200, (path, answer.status)
    return took, len(body), body.decode()


def measure(port: int, cookie: str, paths: dict[str, str], rounds: int) -> dict[str, list[float]]:
    """Each path's times, in rounds."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for path in paths.values():
        for _ in range(3):
            timed(connection, path, cookie)
    times: dict[str, list[float]] = {name: [] for name in paths}
    for _ in range(rounds):
        for name, path in paths.items():
            times[name].append(timed(connection, path, cookie)[0])
    return times


def table(times: dict[str, list[float]], found: dict[str, str]) -> list[str]:
    """The medians beside the floor's."""
    floor = statistics.median(times["floor"])
    lines = [
        "| search | found | ms, median | ms, 95 of 100 | times the floor |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, each in times.items():
        middle = statistics.median(each)
        most = statistics.quantiles(each, n=20)[-1]
        over = f" (over {MOST:.0f})" if middle > MOST * floor else ""
        lines.append(
            f"| {name} | {found.get(name, '')} | {middle:.1f} | {most:.1f} | {middle / floor:.1f}{over} |"
        )
    return lines


def main() -> None:
    """Prepare, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--anew", action="store_true", help="make the database again")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    given = parser.parse_args()
    url = prepare(given.anew)
    os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="bench.floor_settings", HTTPS="0")
    os.environ.setdefault("SECRET_KEY", "for the bench alone, where nothing is secret and nothing lasts")

    import django

    django.setup()
    from bs4 import BeautifulSoup
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client

    from claims.models import Statement
    from sources.models import Document

    call_command("migrate", verbosity=0)
    if not Document.objects.exists():
        fill()
    client = Client()
    client.force_login(User.objects.get(username="bench"), "claims.access.NewsroomBackend")
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    asked = searches()
    first = Document.objects.order_by("pk").values_list("pk", flat=True)[0]
    paths = {"floor": f"/floor/{first}/"}
    paths |= {name: f"/search/?{urlencode(query)}" for name, query in asked.items()}
    with server(url) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        found = {}
        for name, path in paths.items():
            page = BeautifulSoup(timed(connection, path, cookie)[2], "html.parser")
            counted = page.select_one(".kinds b")
            found[name] = f"{int(counted.get_text()):,}" if counted else "" if name == "floor" else "0"
            found[name] += ", corrected" if page.select_one("#corrected") else ""
        times = measure(port, cookie, paths, given.rounds)
    lines = [
        "## Search",
        "",
        (
            f"`python bench/search.py`. {Document.objects.count():,} documents and "
            f"{Statement.objects.count():,} statements of invented words, through the ASGI server with "
            f"production's pool of connections; {given.rounds} rounds. The floor is a logged-in page that "
            "reads one row and renders one line, in the same run behind the same middleware. "
            f"At most {MOST:.0f} times is the aim."
        ),
        "",
        *table(times, found),
    ]
    print(*lines, sep="\n")
    if not given.dry:
        results.write("search", lines)


if __name__ == "__main__":
    main()
