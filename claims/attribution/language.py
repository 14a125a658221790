"""Is a text in English? The rules and the parser know no other language."""

from __future__ import annotations

import re
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 20_000
_FEW = 12


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)


def is_english(text: str) -> bool:
    """Whether a text is English. A text too short to tell is taken for English, and so is one without words."""
    words = _WORD.findall(text[:_SAMPLE])
    if not words:
        return True
    language, sure = _identifier().classify(" ".join(words))
    if language == "en":
        return True
    return len(words) < _FEW and (sure < 0.99 or all(w.isascii() for w in words))
