"""Is a text in English? The rules and the parser know no other language."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 20_000  # characters: enough to be sure, few enough to cost nothing
_FEW = 8
_SURE = 0.9
# Words that hardly any other language has, and no English text does without.
_ENGLISH = frozenset(
    "the of and that with was were is are has have had said says this which from they his her their not been "
    "will".split()
)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def is_english(text: str) -> bool:
    """Whether a text is English. One too short to tell counts as English, and so does one without words."""
    words = _WORD.findall(text[:_SAMPLE])
    if not words:
        return True
    letters = "".join(words[:200])
    if sum("LATIN" in unicodedata.name(c, "") for c in letters) < len(letters) / 2:
        return False
    if sum(w.lower() in _ENGLISH for w in words) > 0.12 * len(words) or len(words) < _FEW:
        return True
    language, sure = _identifier().classify(" ".join(words))
    return bool(language == "en" or sure < _SURE)
