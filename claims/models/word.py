"""Words: the vocabulary of what is here, against which typing errors are corrected."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import log2

from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models, transaction

SHORTEST = 4  # letters: anything is close to a shorter word
ALIKE = 0.7  # the share of letters that two words have in common, in their order
CANDIDATES = 16
LOCK = (0x4845, 0x574F)  # "HE", "WO": one process at a time renews

# What every reader may find: a word that stands in a private note alone must not be offered to others.
# Of all these texts PostgreSQL's own parser makes the words, as it does for the search.
_SHARED_TEXTS = """
    SELECT to_tsvector('simple', title || ' ' || byline) FROM sources_document WHERE withdrawn_at IS NULL
    UNION ALL
    SELECT to_tsvector('simple', left(c.text, 100000)) FROM sources_capture c
        JOIN sources_document d ON d.id = c.document_id WHERE d.withdrawn_at IS NULL
    UNION ALL
    SELECT to_tsvector('simple', left(s.wording, 10000)) FROM claims_statement s
        JOIN sources_capture c ON c.id = s.capture_id JOIN sources_document d ON d.id = c.document_id
        WHERE s.deleted_at IS NULL AND d.withdrawn_at IS NULL AND s.edited_by_id IS NOT NULL
    UNION ALL
    SELECT to_tsvector('simple', a.normal) FROM sources_sourcealias a
        LEFT JOIN sources_document d ON d.id = a.within_id WHERE d.withdrawn_at IS NULL
    UNION ALL
    SELECT to_tsvector('simple', n.body) FROM claims_annotation n
        JOIN sources_capture c ON c.id = n.capture_id JOIN sources_document d ON d.id = c.document_id
        LEFT JOIN claims_statement s ON s.id = n.statement_id
        WHERE NOT n.private AND n.withdrawn_at IS NULL AND s.deleted_at IS NULL AND d.withdrawn_at IS NULL
"""
_RENEW = """
    WITH now AS MATERIALIZED (
        SELECT word, (ts_lexize('english_stem', word))[1] AS stem, ndoc AS times FROM ts_stat(%s)
        WHERE word ~ '^[[:alpha:]]{3,40}$'
    ), gone AS (
        DELETE FROM claims_word w WHERE NOT EXISTS (SELECT FROM now WHERE now.word = w.word)
    )
    INSERT INTO claims_word (word, stem, times) SELECT word, coalesce(stem, ''), times FROM now
    ON CONFLICT (word) DO UPDATE SET times = excluded.times WHERE claims_word.times <> excluded.times
"""
# Similarity by trigrams hardly sees that two neighbours changed places in a short word: those are asked for.
_NEAREST = """
    SELECT asked.word, near.word, near.times
    FROM unnest(%s::text[], %s::text[]) AS asked (word, swapped)
    CROSS JOIN LATERAL (
        SELECT w.word, w.times FROM claims_word w
        WHERE w.word %% asked.word OR w.word = ANY (string_to_array(asked.swapped, ' '))
        ORDER BY similarity(w.word, asked.word) DESC, w.times DESC LIMIT %s
    ) AS near
    WHERE ts_lexize('english_stem', asked.word) <> '{}' AND NOT EXISTS (
        SELECT FROM claims_word k
        WHERE k.word = asked.word OR k.stem = (ts_lexize('english_stem', asked.word))[1]
    )
"""
_WHAT_CHANGED = """
    SELECT (SELECT max(pgh_id) FROM sources_documentevent),
        (SELECT max(pgh_id) FROM sources_sourcealiasevent),
        (SELECT max(pgh_id) FROM claims_statementevent),
        (SELECT max(pgh_id) FROM claims_annotationevent),
        (SELECT max(id) FROM sources_capture)
"""
# A letter may be any of any script.
_OPERATORS = re.compile(r'"[^"]*"?|(?:(?<=\s)|^)-\S+|[^\W\d_]+')


@dataclass(frozen=True, slots=True)
class Swap:
    """A word that was typed, and the one that stands here."""

    typed: str
    meant: str


class WordQuerySet(models.QuerySet["Word"]):
    """The vocabulary as a whole."""

    def changed(self) -> tuple[int | None, ...]:
        """A mark that is another one once anything that the words come from has changed."""
        with connection.cursor() as cursor:
            cursor.execute(_WHAT_CHANGED)
            return tuple(cursor.fetchone())

    @transaction.atomic
    def renew(self) -> bool:
        """Make it the words of what every reader may find now; False when another process is at it."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK)
            if not cursor.fetchone()[0]:
                return False
            cursor.execute(_RENEW, [_SHARED_TEXTS])
        return True

    def nearest(self, words: Collection[str]) -> dict[str, str]:
        """For each of these words that isn't here, in no form of it, the one that was most likely meant.

        Where nothing is close, a word is left out. One query.
        """
        asked = sorted({w for w in words if len(w) >= SHORTEST})
        if not asked:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(_NEAREST, [asked, [" ".join(swapped(w)) for w in asked], CANDIDATES])
            found = cursor.fetchall()
        best: dict[str, tuple[float, str]] = {}
        for typed, here, times in found:
            alike = SequenceMatcher(None, typed, here, autojunk=False).ratio()
            # Of two that are as close, the more usual one; rarity outweighs no letter.
            score = (alike + 0.005 * log2(times + 1), here)
            if alike >= ALIKE and score > best.get(typed, (0.0, "")):
                best[typed] = score
        return {typed: here for typed, (_, here) in best.items()}

    def corrected(self, asked: str) -> tuple[str, list[Swap]]:
        """What was asked, with the words that aren't here set right, and which ones those are.

        What stands in quotation marks, or behind a minus sign, is meant as it is.
        """
        places = [m for m in _OPERATORS.finditer(asked) if m[0][0] not in '"-' and m[0].upper() != "OR"]
        nearest = self.nearest({m[0].lower() for m in places})
        swaps = []
        for match in reversed(places):
            meant = nearest.get(match[0].lower())
            if meant:
                swaps.append(Swap(match[0], meant))
                asked = asked[: match.start()] + meant + asked[match.end() :]
        return asked, swaps[::-1]


class Word(models.Model):
    """A word of what is here, in small letters. The worker keeps them fresh."""

    word = models.TextField(primary_key=True)
    stem = models.TextField(help_text="As the search has it: “ferries” is “ferri”.")
    times = models.PositiveIntegerField(help_text="In how many texts it stands.")

    objects = WordQuerySet.as_manager()

    class Meta:
        indexes = [
            # Is a form of this word here?
            models.Index(fields=["stem"], name="word_stem"),
            # Which words look like this one?
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="word_letters"),
        ]

    def __str__(self) -> str:
        return self.word


def swapped(word: str) -> list[str]:
    """The word with two neighbouring letters changed, each pair in turn."""
    return [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)]
