"""The attribution engine: a text in, who says what and how they know it out. Pure Python and spaCy."""

from __future__ import annotations

from .language import is_english
from .reader import read

__all__ = ["is_english", "read"]
