"""Fill a database with a newsroom’s worth of invented articles: for what is measured with many rows.

    DATABASE_URL=… python bench/newsroom.py [--documents 2000] [--statements 50000]

Nine claims in ten have a chain of one to four hops, most have flags, nearly half are reviewed, some articles
and claims are given to somebody. Rows are written in bulk; the triggers keep the review as they always do.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PEOPLE = {"reporter": 8, "editor": 3, "admin": 1}
DESKS = ["Foreign", "Politics", "Economy", "Science", "Sport", ""]
CODES = {
    "SINGLE_ANON": "block",
    "CERTAINTY_UPGRADE": "block",
    "NUMBER_DRIFT": "warn",
    "NO_BASIS": "warn",
    "NO_LINK": "info",
    "BARE_SOURCE": "info",
    "DENIED": "warn",
}
STATES = ["unreviewed"] * 6 + ["accepted", "accepted", "weak", "needs_source", "rejected"]
AT_ONCE = 2_000  # rows of one INSERT
SYLLABLES = (
    "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu".split()
)


def fill(documents: int = 2_000, statements: int = 50_000, *, seed: int = 5) -> None:
    """Write so many articles with so many claims into the database that Django is set up for."""
    from django.db import transaction

    draw = random.Random(seed)  # the same newsroom each time
    words = ["".join(draw.choices(SYLLABLES, k=draw.choice((2, 2, 3, 4)))) for _ in range(5_000)]
    people = accounts()
    sources = speakers(draw, words)
    each = -(-statements // documents)
    made = 0
    # A transaction for some hundred articles: the review of them is brought up to date at its end.
    for begin in range(0, documents, 200):
        with transaction.atomic():
            captures = articles(draw, words, range(begin, min(begin + 200, documents)), each, people)
            wanted = min(statements - made, each * len(captures))
            claims = list(claims_of(draw, captures, each))[:wanted]
            made += write(claims)
            chains(draw, claims, sources)
            flags(draw, claims, people)
            verdicts(claims, people)
            assignments(draw, captures, claims, people)
            # What brings the review up to date is planned by these figures, and tables were empty just now.
            settle("ANALYZE")
    settle("VACUUM ANALYZE")


def accounts() -> list[Any]:
    """The people of the newsroom, by name: reporter, reporter2, …; those that are there stay."""
    from django.contrib.auth.models import User

    from claims.models import Member

    made = []
    for role, count in PEOPLE.items():
        for n in range(count):
            user, new = User.objects.get_or_create(username=f"{role}{n + 1 if n else ''}")
            if new:
                Member.objects.create(user=user, role=role)
            made.append(user)
    return made


def speakers(draw: random.Random, words: Sequence[str]) -> list[Any]:
    """A thousand sources, each with its name as an alias."""
    from sources.models import Source, SourceAlias
    from sources.names import normal_name

    kinds = ["outlet", "agency", "social", "organisation", "document", "person", "group"]
    names = {f"{draw.choice(words)} {draw.choice(words)}".title(): draw.choice(kinds) for _ in range(1_000)}
    made = Source.objects.bulk_create(Source(name=name, kind=kind) for name, kind in names.items())
    aliases = [SourceAlias(source=s, name=s.name, normal=normal_name(s.name)) for s in made]
    SourceAlias.objects.bulk_create(aliases, ignore_conflicts=True)
    return made


def sentences(draw: random.Random, words: Sequence[str], count: int) -> list[str]:
    """So many sentences of some fifteen words."""
    return [" ".join(draw.choices(words, k=draw.randint(10, 20))).capitalize() + "." for _ in range(count)]


def articles(
    draw: random.Random, words: Sequence[str], numbers: Sequence[int], each: int, people: Sequence[Any]
) -> list[Any]:
    """An article with a capture for each number, taken in over the last months."""
    from django.utils import timezone

    from sources.models import Capture, Document, Source

    publishers = list(Source.objects.filter(kind="outlet", within=None)[:40])
    made = Document.objects.bulk_create(
        Document(
            title=sentences(draw, words, 1)[0].rstrip(".")[:200],
            publisher=draw.choice(publishers),
            byline=f"{draw.choice(words)} {draw.choice(words)}".title(),
            desk=draw.choice(DESKS),
            made_by=draw.choice(people),
        )
        for _ in numbers
    )
    captures = []
    for number, document in zip(numbers, made, strict=True):
        said = sentences(draw, words, 2 * each)
        text, blocks, at = "", [], 0
        for place in range(0, len(said), 4):
            paragraph = " ".join(said[place : place + 4])
            blocks.append({"start": at, "end": at + len(paragraph), "kind": "p"})
            text += paragraph + "\n\n"
            at = len(text)
        data = f"{number} {text}".encode()
        sha256 = hashlib.sha256(data).hexdigest()
        capture = Capture(
            document=document,
            data=data,
            sha256=sha256,
            text=text,
            text_sha256=sha256,
            structure={"blocks": blocks, "links": []},
            media_type="text/plain",
            taken_by=document.made_by,
        )
        captures.append(capture)
    now = timezone.now()
    field = Capture._meta.get_field("taken_at")
    field.auto_now_add = False  # type: ignore[attr-defined]
    try:
        for capture in captures:
            capture.taken_at = now - timedelta(hours=draw.expovariate(1 / 400))
        return Capture.objects.bulk_create(captures, batch_size=100)
    finally:
        field.auto_now_add = True  # type: ignore[attr-defined]


def claims_of(draw: random.Random, captures: Sequence[Any], each: int) -> Iterator[Any]:
    """So many claims of each capture: every other sentence of its text."""
    from claims.models import Statement

    for capture in captures:
        at = 0
        for number in range(2 * each):
            end = capture.text.index(".", at)
            if number % 2 == 0:
                words = capture.text[at:end]
                yield Statement(
                    capture=capture,
                    start=at,
                    end=end,
                    exact=words,
                    prefix=capture.text[max(0, at - 32) : at],
                    suffix=capture.text[end : end + 32],
                    wording=" ".join(words.split()),
                    confidence=draw.uniform(0.3, 0.99),
                    state=draw.choice(STATES),
                )
            at = end + 1
            while at < len(capture.text) and capture.text[at].isspace():
                at += 1


def write(rows: Sequence[Any]) -> int:
    """Write rows of one model; how many."""
    return len(type(rows[0]).objects.bulk_create(rows, batch_size=AT_ONCE)) if rows else 0


def chains(draw: random.Random, claims: Sequence[Any], sources: Sequence[Any]) -> None:
    """One chain for each claim but one in ten, nearest the reader first."""
    from claims.models import Hop

    above: list[tuple[Any, Any]] = [(claim, None) for claim in claims if draw.random() < 0.9]
    namings = ["named"] * 5 + ["described"] * 2 + ["anonymous"] * 2 + ["pseudonymous"]
    for _ in range(4):
        made = Hop.objects.bulk_create(
            (
                Hop(
                    statement=claim,
                    parent=parent,
                    source=draw.choice(sources),
                    naming=draw.choice(namings),
                    cue="said",
                )
                for claim, parent in above
            ),
            batch_size=AT_ONCE,
        )
        above = [(hop.statement, hop) for hop in made if draw.random() < 0.5]


def flags(draw: random.Random, claims: Sequence[Any], people: Sequence[Any]) -> None:
    """None to three flags for each claim; some are settled."""
    from claims.models import Flag

    write(
        [
            Flag(
                statement=claim,
                code=code,
                severity=CODES[code],
                why="Nothing in the text says how the source knows.",
                state=draw.choice(["open"] * 6 + ["confirmed", "dismissed", "closed"]),
            )
            for claim in claims
            for code in draw.sample(list(CODES), draw.choice((0, 1, 1, 2, 3)))
        ]
    )


def verdicts(claims: Sequence[Any], people: Sequence[Any]) -> None:
    """What an editor said of the claims that are reviewed."""
    from claims.models import Verdict

    editors = [person for person in people if person.username.startswith("editor")]
    write(
        [
            Verdict(statement=c, decision=c.state, reason="", by=editors[c.pk % len(editors)])
            for c in claims
            if c.state != "unreviewed"
        ]
    )


def assignments(
    draw: random.Random, captures: Sequence[Any], claims: Sequence[Any], people: Sequence[Any]
) -> None:
    """A third of the articles and one claim in fifty are given to somebody, half of them with a deadline."""
    from django.utils import timezone

    from claims.models import Assignment

    now = timezone.now()

    def given(**to_what: Any) -> Assignment:
        deadline = now + timedelta(hours=draw.uniform(-24, 96)) if draw.random() < 0.5 else None
        return Assignment(to=draw.choice(people), by=draw.choice(people), deadline=deadline, **to_what)

    articles_given = [given(document_id=c.document_id) for c in captures if draw.random() < 0.33]
    write(articles_given + [given(statement=c) for c in claims if draw.random() < 0.02])


def settle(how: str) -> None:
    """Have PostgreSQL count what is there, as it does by itself in time."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(how)


def main() -> None:
    """Fill the database of DATABASE_URL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--statements", type=int, default=50_000)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    began = time.monotonic()
    fill(given.documents, given.statements)
    print(f"{given.documents} articles, {given.statements} claims: {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
