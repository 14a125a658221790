"""The form in which two spellings of a source's name are the same name. Pure."""

import re
import unicodedata

_ARTICLE = re.compile(r"(?:the|a|an)\s+(?=\S)")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u0060": "'", "\u00b4": "'"})


def folded(text: str) -> str:
    """The text case folded and without accents, as names are searched; its marks and spaces stay."""
    # Apostrophes first: NFKC makes a space with a combining accent of the acute that people type for one.
    small = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).casefold()
    apart = unicodedata.normalize("NFKD", small)
    return unicodedata.normalize("NFKC", "".join(c for c in apart if unicodedata.category(c) != "Mn"))


def normal_name(name: str) -> str:
    """The form to compare source names and aliases by; not for showing.

    Unicode NFKC, case folded, accents stripped, quotation marks and edge punctuation dropped, white space
    folded to single spaces, one leading "the", "a" or "an" dropped: "“The Sun”" and "SUN" give "sun". The
    rule is DESIGN.md's "source alias unique when normalised (case, accents, article, quotes)". A name with no
    letter or digit gives "".
    """
    bare = folded(name)
    # Format characters (soft hyphens, zero-width joiners, direction marks) are unseen, so they can't tell
    # names apart.
    seen = "".join(c for c in bare if unicodedata.category(c) not in ("Cf", "Cc", "Cs") or c.isspace())
    unquoted = "".join(c for i, c in enumerate(seen) if not _is_quotation_mark(seen, i))
    tidy = _strip_edges(" ".join(unquoted.split()))
    return _strip_edges(_ARTICLE.sub("", tidy, count=1) if _ARTICLE.match(tidy) else tidy)


def _is_quotation_mark(text: str, i: int) -> bool:
    character = text[i]
    if character == "'":
        # Between two letters it is an apostrophe (O'Brien), which belongs to the name.
        return not (0 < i < len(text) - 1 and text[i - 1].isalnum() and text[i + 1].isalnum())
    return (
        character in '"\u00ab\u00bb\u300c\u300d\u300e\u300f'
        or unicodedata.category(character) in ("Pi", "Pf")
        or (character in "\u201a\u201b\u201e\u201f\u2039\u203a")
    )


def _strip_edges(text: str) -> str:
    start, end = 0, len(text)
    while start < end and not _counts(text[start]):
        start += 1
    while end > start and not _counts(text[end - 1]):
        end -= 1
    return text[start:end]


def _counts(character: str) -> bool:
    # "+" and "$" may be part of a name (Canal+, $MAGA); dots, commas, brackets, @ and # at an edge are not.
    return unicodedata.category(character)[0] in "LNS" or unicodedata.category(character) == "Mc"
