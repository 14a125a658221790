"""How sure a reading is: readable facts about a cue and its content, weighed in lexicons/confidence.toml."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat

from .features import source_kind, word_class
from .found import Found
from .grammar import Range, child, core_of
from .lexicon import table
from .tree import Doc, Token

_ASIDE = {"relcl", "advcl", "appos"}
_BRACKETS = set(",()—")
# The regression's penalty makes what is sure less sure than it is; measured on a fifth of train kept aside.
_SHARPER = 1.3
_MARKS = set("\"'”’")


@lru_cache(maxsize=1)
def _weights() -> tuple[dict[str, float], float]:
    held = table("confidence")
    groups = {name: members for name, members in held.items() if isinstance(members, dict)}
    return {f"{name} {rest}": w for name, members in groups.items() for rest, w in members.items()}, held[
        "start"
    ]


def confidence(doc: Doc, found: Found, around: Sequence[Found], quoted: Sequence[int]) -> float:
    """The chance, 0 to 1, that a careful reader marks this content with this source.

    ``around`` are the piece's other cues, ``quoted`` counts the quoted tokens before each one. Calibrated
    on PolNeAR's train part by bench/weights.py; bench/RESULTS.md tells how it holds on the dev part.
    """
    weights, start = _weights()
    odds = start + sum(map(weights.get, facts(doc, found, around, quoted), repeat(0.0)))
    return 1 / (1 + math.exp(-_SHARPER * odds))


def facts(doc: Doc, found: Found, around: Sequence[Found], quoted: Sequence[int]) -> list[str]:
    """Names of the facts that hold of a reading: its form, its marks, where it ends, who speaks."""
    word, _, frame = found.key.partition("|")
    frame = frame.split(":")[0]
    shape = f"{found.pattern}|{frame}"
    head = doc[found.head]
    whole = sorted([*found.content, *found.adds])
    size = sum(b - a for a, b in whole)
    marks = _marks(whole, size, quoted)
    length = head.sent.end - head.sent.start
    out = [
        f"shape {shape}",
        f"quoted {marks} {shape}",
        f"pieces {min(len(whole), 3)} {marks}",
        f"adds {min(len(found.adds), 2)}",
        f"size {min(size.bit_length(), 7)} {shape}",
        f"sentence {min(length // 12, 5)} {marks}",
        f"class {word_class(word)} {frame}",
        f"word {word} {frame}",
        f"behind {min(max(found.content[0][0] - head.i - 1, -1), 3)} {frame}",
        f"place {head.dep_}",
        f"weight {_half_steps(found.weight)}",
    ]
    rest = length - size - sum(b - a for a, b in found.source or ())
    out.append(f"rest {'none' if rest <= 3 else 'little' if rest < 10 else 'much'} {marks}")
    out += _end(doc, found, whole, marks)
    out += _who(doc, found, head)
    within = sum(
        1
        for g in around
        if g is not found and g.weight > 0.5 and any(a <= g.head < b for a, b in found.content)
    )
    out.append(f"within {min(within, 2)} {marks}")
    return out


def _marks(whole: Sequence[Range], size: int, quoted: Sequence[int]) -> str:
    marks = sum(quoted[b] - quoted[a] for a, b in whole)
    return "all" if marks >= size - 1 else "most" if marks * 2 > size else "some" if marks else "no"


def _half_steps(weight: float) -> int:
    held = min(max(weight, 1e-4), 1 - 1e-4)
    return int(max(-3.0, min(3.5, math.log(held / (1 - held)))) * 2)


def _end(doc: Doc, found: Found, whole: Sequence[Range], marks: str) -> list[str]:
    low, high = found.content[-1]
    last = whole[-1][1]
    following = next((t for t in doc[last : last + 4] if t.text not in _MARKS), None)
    if last >= doc[last - 1].sent.end - 2:
        end = "sentence"
    else:
        end = following.text if following is not None and following.is_punct else "middle"
    commas = sum(1 for a, b in found.content for t in doc[a + 2 : b] if t.text == ",")
    aside = joined = False
    for t in doc[low:high]:
        if t.dep_ == "conj":
            joined = joined or child(t, "nsubj") is not None
        elif t.dep_ in _ASIDE and t.right_edge.i + 1 >= high - 1:
            edge = t.left_edge.i - 1
            aside = aside or (edge >= whole[0][0] and doc[edge].text == ",")
    return [
        f"end {end} {marks}",
        f"commas {min(commas, 4)} {marks}",
        f"aside {'yes' if aside else 'no'} {marks}",
        f"joined {'yes' if joined else 'no'} {marks}",
    ]


def _who(doc: Doc, found: Found, head: Token) -> list[str]:
    who = source_kind(doc, found.source)
    out = [f"who {who}", f"who {who} {found.pattern}"]
    if found.source:
        low, high = found.source[0][0], found.source[-1][1]
        core = core_of(doc, low, high)
        size = min(high - low, 8)
        parted = any(t.text in _BRACKETS for t in doc[low:high])
        out += [
            f"gap {min(abs(head.i - high), abs(low - head.i - 1), 4)}",
            f"long {size} {who}",
            f"parted {'yes' if parted else 'no'} {size // 3}",
            f"told {'yes' if any(t.dep_ == 'relcl' for t in doc[low:high]) else 'no'}",
            f"same {'yes' if doc[low].sent.start == head.sent.start else 'no'}",
            f"hangs {core.dep_} {'here' if core.head.i == head.i else 'elsewhere'}",
        ]
    return out
