"""Search: which claims, articles, sources and notes a person may see have the words, and where in them.

PostgreSQL finds, ranks and marks; words that aren't here are set right against the vocabulary, and only when
nothing has them as typed: then nothing that was taken in this minute is missed, and nobody learns from a
correction what stands in a text that is hidden from them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db import connection, models
from django.db.models import Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Left

from claims import access
from claims.models import Annotation, Statement, Word
from claims.models.word import Swap
from sources.models import Capture, Document, Source, SourceAlias
from sources.models.capture import SEARCHED
from sources.names import folded, normal_name

MOST_ASKED = 300  # characters; what is pasted beyond that is left out, and said so
LONG = 600  # characters; of what is longer the part around the first searched word is shown
TITLE_COUNTS = 4.0  # a word of the title says more of an article than one of its text


class Kind(models.TextChoices):
    """What can be found, in the order shown."""

    CLAIMS = "claims", "Claims"
    ARTICLES = "articles", "Articles"
    SOURCES = "sources", "Sources"
    NOTES = "notes", "Notes"


# Articles are counted and come last: for a first row alone PostgreSQL would unpack vector after vector.
_ANYWHERE = """
    SELECT EXISTS (SELECT FROM claims_statement WHERE search @@ q)
        OR EXISTS (SELECT FROM sources_document WHERE search @@ q)
        OR EXISTS (SELECT FROM claims_annotation WHERE search @@ q)
        OR EXISTS (SELECT FROM sources_sourcealias WHERE search @@ folded OR normal = %s)
        OR (SELECT count(*) FROM sources_capture WHERE search @@ (SELECT q)) > 0
    FROM websearch_to_tsquery('english', %s) AS q, websearch_to_tsquery('english', %s) AS folded
"""

type Pieces = list[tuple[str, bool]]
"""Text in pieces, each with whether it is one of the words that were searched for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, and what was searched for."""

    typed: str
    words: str
    swaps: tuple[Swap, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """How many there are, and the best of them by id."""

    total: int
    best: list[int]


@dataclass(frozen=True, slots=True)
class Hit:
    """One row of the results: what was found, with the searched words marked."""

    of: Any
    title: Pieces
    text: Pieces


class Unweighed(SearchQuery):
    """A query whose usual words PostgreSQL doesn't weigh, so that it looks them up in the index.

    The vectors of articles lie apart from their rows. The planner doesn't count what fetching and unpacking
    them takes, and would read all of them for a word that most articles have.
    """

    def as_sql(self, *args: Any, **named: Any) -> Any:
        """The query as a sub-select, which is only known when it runs."""
        sql, params = super().as_sql(*args, **named)
        return f"(SELECT {sql})", params


def query(words: str, config: str = "english") -> SearchQuery:
    """The words as PostgreSQL takes them: quotation marks, OR and a minus sign as in a web search."""
    return SearchQuery(words, search_type="websearch", config=config)


def ask(user: User, typed: str, *, exact: bool = False, most: int = 5) -> tuple[Asked, dict[Kind, Found]]:
    """Search as typed; when nothing has that, unless ``exact`` is asked for, with typing errors set right.

    ``most`` is how many ids of each kind are wanted.
    """
    words = " ".join(typed.replace("\x00", " ").split())
    cut = len(words) > MOST_ASKED
    if cut:
        words = words[:MOST_ASKED].rsplit(" ", 1)[0]
    found = search(user, words if words and anywhere(words) else "", most)
    if not exact and words and not any(each.total for each in found.values()):
        right, swaps = Word.objects.corrected(words)
        instead = search(user, right, most) if swaps else found
        if any(each.total for each in instead.values()):
            return Asked(words, right, tuple(swaps), cut), instead
    return Asked(words, words, cut=cut), found


def anywhere(words: str) -> bool:
    """Whether any row has the words, be it hidden from the person: without one, nobody finds anything.

    Cheap beside the search, which after a typing error would be made twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ANYWHERE, [normal_name(words), words, folded(words)])
        return bool(cursor.fetchone()[0])


def search(user: User, words: str, most: int) -> dict[Kind, Found]:
    """How many of each kind have the words, and the ids of the best."""
    if not words:
        return {kind: Found(0, []) for kind in Kind}
    return {kind: look(user, kind, words, most) for kind in Kind}


def look(user: User, kind: Kind, words: str, most: int, skip: int = 0) -> Found:
    """The best of one kind, ``skip`` of them left out. One query."""
    ranked = MATCHING[kind](user, words).annotate(of=Window(Count("*")))
    rows = list(ranked.values_list("pk", "of")[skip : skip + most])
    return Found(rows[0][1] if rows else 0, [pk for pk, _ in rows])


# What matches, the best first


def claims_matching(user: User, words: str) -> QuerySet[Any]:
    """Claims by their words, in the text or as people here put it."""
    found: QuerySet[Any] = access.statements(user).standing().matching(words)
    return found


def articles_matching(user: User, words: str) -> QuerySet[Any]:
    """Articles by title, byline or the text of their latest capture."""
    asked = query(words)
    latest = Capture.objects.order_by("-taken_at", "-pk")
    by_title = Document.objects.filter(search=asked).order_by().values("pk")
    looked_up = Unweighed(words, search_type="websearch", config="english")
    by_text = Capture.objects.last_of_each().filter(search=looked_up).order_by().values("document")
    in_text = latest.filter(document=OuterRef("pk")).values(rank=SearchRank(F("search"), asked))
    rank = TITLE_COUNTS * SearchRank(F("search"), asked) + Subquery(in_text[:1])
    found: QuerySet[Any] = access.documents(user).standing().filter(pk__in=by_title.union(by_text))
    return found.annotate(rank=rank).order_by("-rank", "-pk")


def sources_matching(user: User, words: str) -> QuerySet[Any]:
    """Sources by name or alias; accents and case don't count."""
    asked = query(folded(words))
    # The very name counts too: “The Who” has nothing but words that are too common to search for.
    very = normal_name(words)
    named = SourceAlias.objects.filter(Q(search=asked) | Q(normal=very)).order_by().values("source")
    likeness = SearchRank(F("aliases__search"), asked, normalization=2)
    rank = Max(Case(When(aliases__normal=very, then=Value(1.0)), default=likeness))
    found: QuerySet[Any] = access.sources(user).filter(pk__in=named)
    return found.filter(within__withdrawn_at__isnull=True).annotate(rank=rank).order_by("-rank", "name", "pk")


def notes_matching(user: User, words: str) -> QuerySet[Any]:
    """Notes and replies by what they say and the words they stand on."""
    asked = query(words)
    found: QuerySet[Any] = access.notes(user).filter(
        Q(statement__isnull=True) | Q(statement__deleted_at__isnull=True),
        capture__document__withdrawn_at__isnull=True,
        withdrawn_at__isnull=True,
        search=asked,
    )
    return found.annotate(rank=SearchRank(F("search"), asked)).order_by("-rank", "-pk")


MATCHING: dict[Kind, Callable[[User, str], QuerySet[Any]]] = {
    Kind.CLAIMS: claims_matching,
    Kind.ARTICLES: articles_matching,
    Kind.SOURCES: sources_matching,
    Kind.NOTES: notes_matching,
}

# What is shown of them


class Marker:
    """Marks words by a sign that nobody can have written, and takes the text apart at it.

    ``ts_headline`` escapes nothing, so it isn't asked for HTML: the template escapes each piece.
    """

    def __init__(self, words: str) -> None:
        sign = secrets.token_hex(8)
        self.words, self.begin, self.end = words, f"⟦{sign}⟧", f"⟦/{sign}⟧"

    def whole(self, text: Any, config: str = "english") -> SearchHeadline:
        """All of a text."""
        return self._headline(text, config, highlight_all=True)

    def parts(self, text: Any) -> SearchHeadline:
        """The passages of a long text that have the words; its beginning when none has."""
        return self._headline(
            text, "english", max_fragments=2, max_words=26, min_words=10, fragment_delimiter=" … "
        )

    def _headline(self, text: Any, config: str, **options: Any) -> SearchHeadline:
        asked = query(self.words, config)
        return SearchHeadline(text, asked, config=config, start_sel=self.begin, stop_sel=self.end, **options)

    def pieces(self, headline: str) -> Pieces:
        """A headline in pieces."""
        first, *rest = headline.split(self.begin)
        found = [(first, False)]
        for each in rest:
            marked, _, after = each.partition(self.end)
            found += [(marked, True), (after, False)]
        return shortened([piece for piece in found if piece[0]])

    def marks(self, headline: str) -> bool:
        """Whether any word is marked."""
        return self.begin in headline


def hits(kind: Kind, words: str, pks: list[int]) -> list[Hit]:
    """These rows as the page shows them, in this order. One query, for sources two."""
    if not pks:
        return []
    marker = Marker(words)
    shown = dict(SHOWING[kind](marker, pks))
    # What was withdrawn between the two queries is left out.
    return [shown[pk] for pk in pks if pk in shown]


def shortened(pieces: Pieces) -> Pieces:
    """Of a long text what is around the first of the marked words, cut at words."""
    if sum(len(text) for text, _ in pieces) <= LONG:
        return pieces
    before = ""
    if len(pieces) > 1 and not pieces[0][1]:
        before, pieces = pieces[0][0], pieces[1:]
        if len(before) > LONG // 2:
            before = "… " + before[-LONG // 2 :].partition(" ")[2]
    kept, room = [(before, False)] if before else [], LONG - len(before)
    for text, searched in pieces:
        if len(text) > room:
            return [*kept, (text[: max(room, 0)].rpartition(" ")[0] + " …", False)]
        kept.append((text, searched))
        room -= len(text)
    return kept


def claims_shown(marker: Marker, pks: list[int]) -> Iterable[tuple[int, Hit]]:
    """Claims as people put them, and the words of the text where only those match."""
    article = "capture__document__title", "capture__document__publisher__name"
    rows = Statement.objects.filter(pk__in=pks).with_article().only("state", *article)
    for row in rows.annotate(shown=marker.whole("wording"), in_text=marker.whole("exact")):
        elsewhere = marker.marks(row.in_text) and not marker.marks(row.shown)
        yield row.pk, Hit(row, marker.pieces(row.shown), marker.pieces(row.in_text) if elsewhere else [])


def articles_shown(marker: Marker, pks: list[int]) -> Iterable[tuple[int, Hit]]:
    """Articles by title, with the passages of the text."""
    rows = (
        Capture.objects.last_of_each()
        .filter(document__in=pks)
        .select_related("document__publisher")
        .only("document__byline", "document__published_on", "document__publisher__name")
        .annotate(
            shown=marker.whole("document__title"),
            passages=marker.parts(Left("text", SEARCHED)),
        )
    )
    for row in rows:
        yield row.document_id, Hit(row.document, marker.pieces(row.shown), marker.pieces(row.passages))


def sources_shown(marker: Marker, pks: list[int]) -> Iterable[tuple[int, Hit]]:
    """Sources by name, and the other name where only that matches."""
    aliases = SourceAlias.objects.filter(source__in=pks).order_by("name", "pk").only("source")
    others: dict[int, str] = {}
    for alias in aliases.annotate(stemmed=marker.whole("name"), plain=marker.whole("name", "simple")):
        headline = alias.stemmed if marker.marks(alias.stemmed) else alias.plain
        if marker.marks(headline):
            others.setdefault(alias.source_id, headline)
    rows = Source.objects.filter(pk__in=pks).select_related("within").only("kind", "within__title")
    for row in rows.annotate(stemmed=marker.whole("name"), plain=marker.whole("name", "simple")):
        headline = row.stemmed if marker.marks(row.stemmed) else row.plain
        also = others.get(row.pk, "") if not marker.marks(headline) else ""
        yield row.pk, Hit(row, marker.pieces(headline), marker.pieces(also))


def notes_shown(marker: Marker, pks: list[int]) -> Iterable[tuple[int, Hit]]:
    """Notes by the passages that match, and the words that they stand on."""
    rows = (
        Annotation.objects.filter(pk__in=pks)
        .select_related("author", "capture__document")
        .only("statement", "parent", "private", "made_at", "author__username", "capture__document__title")
        .annotate(
            shown=marker.whole("body"),
            on=marker.whole("exact"),
        )
    )
    for row in rows:
        yield row.pk, Hit(row, marker.pieces(row.shown), marker.pieces(row.on))


SHOWING: dict[Kind, Callable[[Marker, list[int]], Iterable[tuple[int, Hit]]]] = {
    Kind.CLAIMS: claims_shown,
    Kind.ARTICLES: articles_shown,
    Kind.SOURCES: sources_shown,
    Kind.NOTES: notes_shown,
}
