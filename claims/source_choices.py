"""Which sources are offered while somebody types one's name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet

from claims.models import Hop, Statement
from claims.models.hop import Naming
from sources.models import Source, SourceAlias
from sources.names import folded, normal_name

MOST_OFFERED = 12
# Aliases looked at before what rests on each is counted: however many sources there are, it is no more work.
MOST_LOOKED_AT = 60
# Of pg_trgm's word similarity: two letters that changed places in a word of seven are 0.5, another word that
# begins alike is under 0.4.
LIKE_ENOUGH = 0.45
SHORTEST_TYPO = 4  # letters; of three, one wrong letter leaves nothing to know the word by


@dataclass(frozen=True, slots=True)
class Choice:
    """A source as the list offers it; ``alias`` is the name that was matched where it is another one."""

    source: Source
    alias: str
    resting: int
    naming: str

    @property
    def said(self) -> str:
        """What is known of it, in a line."""
        claims = f"{self.resting} claim{'' if self.resting == 1 else 's'}"
        return " · ".join(part for part in (self.source.get_kind_display(), self.alias, claims) if part)


@transaction.atomic
def choices(sources: Any, typed: str, statement: Statement | None) -> list[Choice]:
    """The sources among ``sources`` that the typed letters may mean, the likeliest first, a dozen at most.

    The newsroom's own and the unnamed ones of this statement's article: "a US official" of another article
    is somebody else. Without a typed letter, those that the article has already.
    """
    aliases = SourceAlias.objects.filter(source__in=sources).filter(scope(statement))
    name = normal_name(typed) or folded(typed).strip().replace("\0", "")
    with connection.cursor() as cursor:
        # To the end of the transaction: the operator that the index knows compares with this.
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(LIKE_ENOUGH)])
    aliases = matching(aliases, name) if name else of_the_article(aliases, statement)
    found: dict[int, SourceAlias] = {}
    for alias in aliases.select_related("source")[:MOST_LOOKED_AT]:
        found.setdefault(alias.source_id, alias)
    counted = resting(found)
    order = {pk: place for place, pk in enumerate(found)}
    likeliest = sorted(found, key=lambda pk: (rank(found[pk], name), -counted.get(pk, 0), order[pk]))
    namings = namings_of(found, statement)
    return [
        Choice(
            found[pk].source,
            found[pk].name if name and found[pk].name != found[pk].source.name else "",
            counted.get(pk, 0),
            namings.get(pk, Naming.NAMED),
        )
        for pk in likeliest[:MOST_OFFERED]
    ]


def scope(statement: Statement | None) -> Q:
    """Names that mean the same everywhere, and those of the statement's article."""
    own = Q(within=statement.capture.document_id) if statement else Q()
    return Q(within__isnull=True) | own if own else Q(within__isnull=True)


def matching(aliases: QuerySet[SourceAlias], name: str) -> QuerySet[SourceAlias]:
    """The names that begin so, or a word of which does, or that hold the letters, or are much like them."""
    if len(name) < 3:
        # No trigram to look up: the beginnings of words, in one pass over the names.
        return aliases.filter(Q(normal__startswith=name) | Q(normal__contains=f" {name}")).order_by("normal")
    there = Q(normal__contains=name)
    if len(name) >= SHORTEST_TYPO:
        there |= Q(normal__trigram_word_similar=name)
    likeness = TrigramWordSimilarity(name, "normal")
    return aliases.filter(there).order_by(likeness.desc(), "normal")


def of_the_article(aliases: QuerySet[SourceAlias], statement: Statement | None) -> QuerySet[SourceAlias]:
    """The names of those whom the article's claims rest on."""
    if statement is None:
        return aliases.none()
    here = Hop.objects.standing().filter(
        statement__capture=statement.capture_id, statement__deleted_at__isnull=True
    )
    return aliases.filter(source__in=here.values("source"), name=F("source__name")).order_by("normal")


def rank(alias: SourceAlias, name: str) -> int:
    """How well a name fits what was typed: the same, its beginning, a word's, within, or only like it."""
    normal = alias.normal
    fits = (normal == name, normal.startswith(name), f" {name}" in normal, name in normal)
    return next((place for place, fit in enumerate(fits) if fit), len(fits))


def resting(sources: Any) -> dict[int, int]:
    """How many claims rest on each of these sources, as every list counts it."""
    hops = Hop.objects.standing().filter(
        source__in=list(sources),
        statement__deleted_at__isnull=True,
        statement__capture__document__withdrawn_at__isnull=True,
    )
    counted = hops.order_by().values("source").annotate(claims=Count("statement", distinct=True))
    return {row["source"]: row["claims"] for row in counted}


def namings_of(found: dict[int, SourceAlias], statement: Statement | None) -> dict[int, str]:
    """How far the unnamed sources among these are identified in the article."""
    unnamed = [pk for pk, alias in found.items() if alias.within_id]
    if not unnamed or statement is None:
        return {}
    hops = Hop.objects.standing().filter(source__in=unnamed).order_by("pk")
    return dict(hops.values_list("source", "naming"))
