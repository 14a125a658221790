"""Anchors: how a thing is tied to words of a capture (W3C Web Annotation selectors)."""

from __future__ import annotations

from dataclasses import dataclass

import pgtrigger

# Hypothesis and the Web Annotation model's examples keep 32 characters either side.
CONTEXT = 32


@dataclass(frozen=True, slots=True)
class Anchor:
    """A TextPositionSelector (start, end) with its TextQuoteSelector (exact, prefix, suffix)."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


def anchor(text: str, start: int, end: int) -> Anchor:
    """The anchor of ``text[start:end]``, in code points, white space at its edges left out.

    Raises ``ValueError`` when the bounds are outside the text or hold no words.
    """
    if not 0 <= start < end <= len(text):
        raise ValueError("Those words are not in this text.")
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        raise ValueError("Choose some words, not only white space.")
    return Anchor(
        start, end, text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    )


def inside_the_text(table: str, capture: str, columns: list[str]) -> pgtrigger.Trigger:
    """A trigger that refuses an offset beyond its capture's text.

    A CHECK constraint sees one row only, and the length of the text is in another table.
    ``capture`` is the SQL for the capture's id, ``columns`` the offsets to look at.
    """
    beyond = " OR ".join(f'NEW."{column}" > length' for column in columns)
    return pgtrigger.Trigger(
        name=f"{table}_inside_the_text",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("length", "integer")],
        # The names come from the models' Meta, never from a request.
        func=f"""
            SELECT c.length INTO length FROM sources_capture c WHERE c.id = {capture};
            IF {beyond} THEN
                RAISE EXCEPTION '{table}: an offset lies beyond the text' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,  # noqa: S608
    )
