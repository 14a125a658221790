"""The sample desk of the demo: invented articles, taken in, read and reviewed like any other.

Data is in claims/sample: a page for each article, and desk.toml with its address and what the demo
accounts did with it. Everything goes through the pipeline and the verbs that the pages use.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pghistory
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from claims.models import Annotation, Claim, Flag, Reading, Statement
from claims.reading import carry_out
from sources.ingest import Bytes, Details, take_in
from sources.models import Capture, Document
from sources.urls_normal import normal_url

FOLDER = Path(__file__).parent / "sample"
MEDIA_TYPE = "text/html; charset=utf-8"


class AccountMissing(Exception):
    """A demo account that works on the desk isn't there."""


@dataclass(slots=True)
class Loaded:
    """What loading did: how many articles came in, and which claims the engine should have found."""

    articles: int = 0
    not_found: list[str] = field(default_factory=list)


def load() -> Loaded:
    """Take in the sample articles that aren't here, read them, and do what desk.toml says of them.

    They are read at once, not by the worker, so that the desk is complete when this returns. What
    people did with an article that is here, withdrawing included, stays; the desk's own work on the
    articles is made up for as long as nobody has touched any. Raises ``AccountMissing``.
    """
    desk = tomllib.loads((FOLDER / "desk.toml").read_text(encoding="utf-8"))
    loaded = Loaded()
    new = {name for name in desk["articles"] if not document_of(desk, name)}
    untouched = not Statement.objects.filter(capture__document__sample=True).touched().exists()
    if not new and not untouched:
        return loaded
    people = accounts()
    take_in_all(desk, new, people)
    loaded.articles = len(new)
    work_on(desk, set(desk["articles"]) if untouched else new, people, loaded)
    return loaded


@transaction.atomic
def take_in_all(desk: dict[str, Any], names: set[str], people: dict[str, User]) -> None:
    """Take in articles and read them: all or none, so that loading broken off here begins afresh."""
    by = people[desk["taken_in_by"]]
    for name in [name for name in desk["articles"] if name in names]:
        with acting(by):
            capture = take_in_page(name, desk["articles"][name], by)
        with acting(None):
            # Not asked of the worker: it is not running yet, and would do this a second time.
            carry_out(Reading.objects.create(capture=capture).pk)


def work_on(desk: dict[str, Any], names: set[str], people: dict[str, User], loaded: Loaded) -> None:
    """What the accounts did with these articles.

    Each act is a transaction, since the history tells time by transactions. The joined claims come
    first and at once: a desk without them would show little, one that lacks a note shows enough.
    """
    with transaction.atomic():
        for claim in desk["claims"]:
            if not claim["statements"].keys().isdisjoint(names):
                found = [find(desk, name, words, loaded) for name, words in claim["statements"].items()]
                join([statement for statement in found if statement], claim, people[claim["by"]])
    for review in desk["reviews"]:
        if review["article"] in names:
            statement = find(desk, review["article"], review["words"], loaded)
            if statement:
                write_review(statement, review, people)


def document_of(desk: dict[str, Any], name: str) -> Document | None:
    """An article that is here, withdrawn or not; by its bytes too, for a person may correct its address."""
    sha256 = hashlib.sha256(page(name).read_bytes()).hexdigest()
    same = Q(captures__sha256=sha256) | Q(url_normal=normal_url(desk["articles"][name]))
    return Document.objects.filter(same).first()


def page(name: str) -> Path:
    """The file of an article."""
    return FOLDER / f"{name}.html"


def accounts() -> dict[str, User]:
    """The demo accounts that work on the desk, by name."""
    people = {user.username: user for user in User.objects.filter(username__in=["reporter", "editor"])}
    for name in ("reporter", "editor"):
        if name not in people:
            raise AccountMissing(f"There is no account called {name}.")
    return people


def acting(user: User | None) -> pghistory.context:
    """Have the history name this account, or the machine.

    Said of the machine too: within one transaction the database keeps the last context that was set.
    """
    return pghistory.context(user=user.pk if user else None)


def take_in_page(name: str, url: str, by: User) -> Capture:
    """Take in one of the pages, as the site at ``url`` would have served it."""
    # Imported here: a second start has nothing to parse, and shouldn't wait for the parser.
    from sources.parse import parse

    data = page(name).read_bytes()
    came = Bytes(data, MEDIA_TYPE, requested_url=url, final_url=url)
    return take_in(came, parse(data, media_type=MEDIA_TYPE, url=url), Details(sample=True), by).capture


def find(desk: dict[str, Any], article: str, words: str, loaded: Loaded) -> Statement | None:
    """The statement of an article that has these words, the closest fitting one; noted when there is none."""
    standing = Statement.objects.filter(capture__document=document_of(desk, article), deleted_at__isnull=True)
    holding = [s for s in standing if words in " ".join(s.exact.split())]
    if not holding:
        loaded.not_found.append(f"“{words}” in {article}.html")
        return None
    return min(holding, key=lambda s: (len(s.exact), s.pk))


def write_review(statement: Statement, review: dict[str, Any], people: dict[str, User]) -> None:
    """Notes with their replies, flags raised by hand, and a verdict."""
    for note in review.get("notes", []):
        with acting(people[note["by"]]):
            thread = Annotation.objects.write(
                people[note["by"]], note["body"], statement.capture, statement=statement
            )
        for reply in note.get("replies", []):
            with acting(people[reply["by"]]):
                thread.reply(people[reply["by"]], reply["body"])
    for flag in review.get("flags", []):
        by = people[flag["by"]]
        with acting(by):
            Flag.objects.raise_by_hand(statement, by, flag["code"], flag["why"], flag["severity"])
    verdict = review.get("verdict")
    if verdict:
        with acting(people[verdict["by"]]):
            statement.decide(people[verdict["by"]], verdict["decision"], verdict.get("reason", ""))


def join(statements: Sequence[Statement], claim: dict[str, Any], by: User) -> None:
    """One claim of these statements; none when too few are left, or people joined them otherwise."""
    with acting(by), suppress(ValueError):
        Claim.objects.join(statements, claim["wording"], by)
