"""One parsed piece of text, read into cues with places: the rules run here, and the lexicon weighs."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from . import weights
from .confidence import confidence
from .features import Around, standing
from .found import Found
from .grammar import Range, child, clean, mention, nearest_name, overlap, subject, without
from .lexicon import stating, words
from .nominal import nominal_cues
from .phrases import headline, hearsay_cues, phrase_cues
from .quotes import Quote, is_sentence, is_title, quotes
from .running import run_on
from .tree import Doc, Token
from .verbs import lemma, verb_cues


@dataclass(slots=True)
class Piece:
    """What was read in one piece: ``found`` by token ranges of ``doc``, quotations by token ranges too.

    ``orphans`` are quotations at its start that no cue brings, ``spoken`` is speech without marks.
    ``opening`` is who its last words announce as the speaker of the next paragraph; ``unclosed`` tells that
    its last quotation has no closing mark.
    """

    doc: Doc
    found: list[Found]
    quoted: list[tuple[Range, Quote]]
    orphans: list[Range]
    spoken: list[Range]
    opening: Found | None = None
    unclosed: bool = False


# A cue under this weight is hardly ever one: nothing more is asked of it.
HOPELESS = 0.1
_TITLE = 4
_NEAR = 6
_SOMEBODY = {"he", "she", "they", "another", "one", "others", "some"}
_SCENES = {"as", "while", "when", "after", "before", "because", "during"}
_CONTRAST = {"while", "but", "although", "though", "whereas"}
RULES = (verb_cues, nominal_cues, phrase_cues, hearsay_cues, headline)


@lru_cache(maxsize=1)
def speech() -> frozenset[str]:
    """The verbs that can introduce a quotation."""
    return stating() | {"ask"}


def quoted_before(inside: list[bool]) -> list[int]:
    """How many tokens before each one are quoted, and in all."""
    return [0, *accumulate(inside)]


def readings(doc: Doc) -> dict[int, list[Found]]:
    """Every reading of every cue that the rules see, by the cue's token."""
    by_head: dict[int, list[Found]] = {}
    for rule in RULES:
        for found in rule(doc):
            found.content = clean(doc, found.content)
            if found.content:
                by_head.setdefault(found.head, []).append(found)
    return by_head


def read_piece(doc: Doc) -> Piece:
    """Run every rule over a piece and keep the best reading of each cue."""
    quoted = token_quotes(doc)
    inside = in_quotes(doc, quoted)
    before = quoted_before(inside)
    best: dict[int, Found] = {}
    for head, here in readings(doc).items():
        around = Around(before, here, standing(doc[head]))
        for reading in here:
            reading.weight = weights.weigh(doc, reading, around)
        best[head] = max(here, key=lambda f: f.weight)
    for reading in best.values():
        _cut_rival(doc, reading)
        _cut_setting(doc, reading)
    orphans = _quote_cues(doc, quoted, inside, best)
    spoken = run_on(doc, best, inside)
    found = sorted(best.values(), key=lambda f: f.head)
    for f in found:
        f.confidence = confidence(doc, f, found, before) if f.weight >= HOPELESS else f.weight
    unclosed = bool(quoted) and not quoted[-1][1].closed
    return Piece(doc, found, quoted, orphans, spoken, _opening(doc, quoted), unclosed)


def _opening(doc: Doc, quoted: list[tuple[Range, Quote]]) -> Found | None:
    """ "In a letter she wrote:" at the end of a paragraph: the next one is what she wrote."""
    last = next((t for t in reversed(doc) if not t.is_space), None)
    if last is None or last.text != ":" or last.sent.end - last.sent.start < 3:
        return None
    inside = in_quotes(doc, quoted)
    verbs = [t for t in last.sent if t.pos_ in ("VERB", "AUX") and not inside[t.i]]
    verb = next((t for t in reversed(verbs) if lemma(t) in speech()), None)
    if verb is None:
        verb = last.sent.root if last.sent.root in verbs else None
    who = subject(verb) if verb is not None else None
    if verb is None or who is None:
        return None
    source = clean(doc, without(mention(who), [(verb.i, verb.i + 1)]))
    cue = [(verb.i, verb.i + 1)]
    return (
        Found("quote", f"{lemma(verb)}|quote", verb.i, cue, [], source[:1] or None, 0.8, 0.7)
        if source
        else None
    )


def _cut_rival(doc: Doc, found: Found) -> None:
    """End a content where somebody else begins to speak: "X said that A, while Y said that B"."""
    for number, (low, high) in enumerate(found.content):
        for token in doc[low + 1 : high]:
            if token.text == ";" and _next_speaks(doc, token, high) and not doc[token.i - 1].is_quote:
                found.content[number:] = clean(doc, [(low, token.i)])
                return
            joined = token.lower_ == "and" and token.dep_ == "cc" and doc[token.i - 1].text == ","
            if (token.lower_ not in _CONTRAST and not joined) or token.i <= found.head < high:
                continue
            verb = token.head if token.dep_ in ("mark", "advmod") else None
            if token.dep_ == "cc":
                verb = next((c for c in token.head.children if c.dep_ == "conj" and c.i > token.i), None)
            if (
                verb is None
                or verb.pos_ != "VERB"
                or lemma(verb) not in speech()
                or verb.i <= token.i
                or verb.i >= high
            ):
                continue
            if child(verb, "nsubj") is not None:
                found.content[number] = (low, token.i)
                found.content[:] = clean(doc, found.content)
                return


def _next_speaks(doc: Doc, token: Token, high: int) -> bool:
    """ "X said A; Y said B": whether somebody of their own speaks behind a semicolon, outside all marks."""
    if any(t.is_quote for t in doc[token.sent.start : high]):
        return False
    verb = next((t for t in doc[token.i + 1 : high] if t.pos_ == "VERB"), None)
    who = child(verb, "nsubj") if verb is not None and lemma(verb) in speech() else None
    return who is not None and who.i > token.i and who.pos_ != "PRON"


def _cut_setting(doc: Doc, found: Found) -> None:
    """End a content before the setting of its saying: "X said that C, in an interview with Y"."""
    low, high = found.content[-1]
    if found.key.split("|")[-1] not in ("that", "clause") or found.head > low:
        return
    for token in doc[low + 3 : high]:
        if token.dep_ == "prep" and token.lower_ in ("in", "during", "on", "at"):
            noun = child(token, "pobj")
            if (
                noun is not None
                and noun.i - token.i <= 4
                and noun.lemma_.lower() in words("cues", "settings")
                and (noun.lemma_ == "condition" or child(noun, "det") is not None)
                and doc[token.i - 1].dep_ not in ("cc", "aux", "auxpass")
                and all(t.pos_ not in ("VERB", "AUX") for t in doc[token.i : high])
            ):
                found.content[-1] = (low, token.i)
                found.content[:] = clean(doc, found.content)
                return


def token_quotes(doc: Doc) -> list[tuple[Range, Quote]]:
    """The quotations of a piece, as ranges of tokens."""
    text = doc.text
    starts = [t.idx for t in doc]
    out = []
    for q in quotes(text, 0, len(text)):
        if is_title(text, q):
            continue
        low, high = bisect_left(starts, q.start), bisect_left(starts, q.end)
        if low < high:
            out.append(((low, high), q))
    return out


def in_quotes(doc: Doc, quoted: list[tuple[Range, Quote]]) -> list[bool]:
    """For each token, whether it stands in quotation marks."""
    inside = [False] * len(doc)
    for (low, high), _ in quoted:
        inside[low:high] = [True] * (high - low)
    return inside


def _quote_cues(
    doc: Doc, quoted: list[tuple[Range, Quote]], inside: list[bool], best: dict[int, Found]
) -> list[Range]:
    """Give each quotation to the cue that brings it. Gives the ones at the start that no cue brings."""
    orphans: list[Range] = []
    verbs = [t for t in doc if t.pos_ in ("VERB", "AUX") and not inside[t.i] and lemma(t) in speech()]
    last: Found | None = None
    for number, ((low, high), q) in enumerate(quoted):
        whole = is_sentence(doc.text, q)
        bringing = None
        share = 0.0
        for f in best.values():
            if inside[f.head] or f.weight < 0.3:
                continue
            covered = sum(max(0, min(b, high) - max(a, low)) for a, b in f.content)
            if covered > share:
                bringing, share = f, covered
        if bringing is not None:
            if share < high - low:
                bringing.content = clean(doc, _join([*bringing.content, (low, high)]))
            _end_with(doc, bringing, (low, high), q, quoted)
            last = bringing if whole else last
            continue
        if not whole and high - low < 2:
            continue
        verb = _after(doc, verbs, high, quoted, number) or _before(doc, verbs, low, quoted, number)
        if verb is None and whole:
            verb = _colon(doc, low, inside) or _touching(doc, high)
        if verb is not None and (whole or high - low > _TITLE or lemma(verb) in words("cues", "naming")):
            held = best.get(verb.i)
            if held is not None and held.weight >= 0.3 and (held.pattern == "quote" or whole):
                if whole and low < verb.i and held.pattern == "verb" and _sets_the_scene(doc, held):
                    held.content, held.key = [], f"{lemma(verb)}|quote"
                held.content = clean(doc, _join([*held.content, (low, high)]))
                last = held
                continue
            made = _from_verb(doc, verb, (low, high), quoted)
            if made is not None:
                best[verb.i] = made
                last = made
                continue
        if whole and last is not None:
            last.adds.append((low, high))
        elif whole:
            orphans.append((low, high))
    return orphans


def _sets_the_scene(doc: Doc, found: Found) -> bool:
    """ "“A,” X said, as crowds cheered": what follows the comma isn't said."""
    low = found.content[0][0]
    return low > found.head and (doc[low - 1].text == "," or doc[low].lower_ in _SCENES)


def _end_with(doc: Doc, found: Found, piece: Range, quote: Quote, quoted: list[tuple[Range, Quote]]) -> None:
    """What is quoted ends with its marks: "“A,” X said, as crowds cheered", "said “A,” referring to"."""
    low, high = piece
    if not quote.closed or high - low < 2:
        return
    first, last = found.content[0][0], found.content[-1][1]
    ended = doc[high - 1].text[-1:] in ",.?!"
    opens = first <= low <= first + 1
    if is_sentence(doc.text, quote) and opens and ended:
        spoken = [p for p, q in quoted if p == piece or any(overlap(p, c) for c in found.content)]
        found.content = clean(doc, _join(spoken))
    elif ended and found.head < low and last > high and doc[high - 1].text[-1:] == ",":
        behind = doc[high + 1] if high + 1 < len(doc) else None
        if behind is not None and behind.dep_ != "cc" and behind.lower_ not in ("and", "but", "or"):
            found.content = clean(doc, [(a, min(b, high)) for a, b in found.content if a < high])


def _from_verb(doc: Doc, verb: Token, piece: Range, quoted: list[tuple[Range, Quote]]) -> Found | None:
    who = subject(verb)
    source = clean(doc, [mention(who)]) if who is not None else None
    if who is None or any(low <= who.i < high for (low, high), _ in quoted):
        near = nearest_name(verb, *_outside(doc, verb.i, quoted))
        source = [near] if near is not None else None
    if source:
        source = clean(doc, [r for p in source for r in without(p, [piece, (verb.i, verb.i + 1)])])
    return Found(
        "quote",
        f"{lemma(verb)}|quote",
        verb.i,
        [(verb.i, verb.i + 1)],
        clean(doc, [piece]),
        source or None,
        0.8,
    )


def _outside(doc: Doc, at: int, quoted: list[tuple[Range, Quote]]) -> Range:
    """The stretch around a word that holds no quotation."""
    low = max((high for (_, high), _ in quoted if high <= at), default=0)
    high = min((low for (low, _), _ in quoted if low > at), default=len(doc))
    return low, high


def _after(
    doc: Doc, verbs: list[Token], high: int, quoted: list[tuple[Range, Quote]], number: int
) -> Token | None:
    """The first verb of saying behind a quotation, in the same sentence: `"...," she said`."""
    limit = quoted[number + 1][0][0] if number + 1 < len(quoted) else len(doc)
    edge = high
    while edge < min(limit, high + 14):
        if doc[edge].text in (".", "?", "!", ";") and edge > high + 1:
            break
        edge += 1
    previous = doc[high - 1].text if high else ""
    if previous == ".":
        return next((v for v in verbs if high <= v.i < edge and _says_no_more(v)), None)
    if high + 1 < len(doc) and doc[high].text in (".", ";"):
        return None
    near = next((v for v in verbs if high <= v.i < edge), None)
    if near is None and previous.endswith(",") and high < len(doc):
        # "“A,” Mira Sand, the mayor of Skerry since 2011, said": over the words that say who she is.
        end = doc[high].sent.end
        near = next(
            (v for v in verbs if edge <= v.i < min(limit, end, high + 45) and v.dep_ != "relcl"), None
        )
    return near


def _says_no_more(verb: Token) -> bool:
    """ "“A.” Mira Sand said.": a sentence that only tells who spoke."""
    sentence = verb.sent
    return (
        sentence.end - sentence.start < 16
        and verb.dep_ == "ROOT"
        and not any(c.dep_ in ("ccomp", "xcomp", "dobj", "conj") for c in verb.children)
        and all(t.is_punct or t.is_space for t in sentence[verb.i + 1 - sentence.start + 4 :])
    )


def _before(
    doc: Doc, verbs: list[Token], low: int, quoted: list[tuple[Range, Quote]], number: int
) -> Token | None:
    """The last verb of saying in front of a quotation, in the same sentence: `She said: "..."`."""
    limit = quoted[number - 1][0][1] if number else 0
    edge = low - 1
    while edge > max(limit, low - 26):
        if doc[edge - 1].text in (".", "?", "!", ";"):
            break
        edge -= 1
    near = [v for v in verbs if edge <= v.i < low]
    return near[-1] if near else None


def _colon(doc: Doc, low: int, inside: list[bool]) -> Token | None:
    """ "Her rival was blunter: “A.”": there is no verb of saying, and she speaks all the same."""
    at = low - 2 if low >= 2 and doc[low - 1].is_quote else low - 1
    if at < 2 or doc[at].text != ":":
        return None
    verbs = [t for t in doc[doc[at - 1].sent.start : at] if t.pos_ in ("VERB", "AUX") and not inside[t.i]]
    verb = next((v for v in reversed(verbs) if v.dep_ not in ("aux", "auxpass", "relcl", "acl")), None)
    who = child(verb, "nsubj") if verb is not None else None
    return verb if who is not None and (who.pos_ != "PRON" or who.lower_ in _SOMEBODY) else None


def _touching(doc: Doc, high: int) -> Token | None:
    """ "“A,” Mira Sand grinned", "“A,” grins Mira Sand": any verb, if nothing else is done by it."""
    at = high + 1
    if high < 1 or doc[high - 1].text[-1:] not in ",?!" or at + 1 >= len(doc) or not doc[high].is_quote:
        return None
    for verb in doc[at : at + _NEAR]:
        if verb.is_punct or verb.lower_ in ("and", "but", "or"):
            return None
        if verb.pos_ == "VERB" and verb.tag_ in ("VBD", "VBZ", "VBP"):
            done = any(c.dep_ in ("dobj", "xcomp", "ccomp") and c.i > verb.i for c in verb.children)
            who = child(verb, "nsubj")
            return verb if not done and who is not None and at <= who.i <= verb.i + _NEAR else None
    return None


def _join(pieces: list[Range]) -> list[Range]:
    out: list[Range] = []
    for low, high in sorted(pieces):
        if out and low <= out[-1][1] + 2:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return out
