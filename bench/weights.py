"""Learn lexicons/weights.toml and confidence.toml of the engine from PolNeAR's train part.

    python bench/weights.py [--shared ../shared]

Each reading that the rules see is one example: half right if a reader marked the same content (IoU >= .5),
right if it has the same source as well. Its features are the readable facts of
claims/attribution/features.py; the weights are those of a regularised logistic regression. Only words'
lemmas and figures are written, no text. Deterministic.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from claims.attribution import weights  # noqa: E402
from claims.attribution.confidence import facts  # noqa: E402
from claims.attribution.features import Around, features, standing  # noqa: E402
from claims.attribution.flat import FlatLayer, chars  # noqa: E402
from claims.attribution.model import load  # noqa: E402
from claims.attribution.pieces import in_quotes, quoted_before, read_piece, readings, token_quotes  # noqa: E402
from claims.attribution.segments import plain, segments  # noqa: E402
from claims.attribution.tree import Names, tree  # noqa: E402

SEEN = 5  # a fact seen less often than this says nothing
SHRINK = 6.0
SMALLEST = 0.1
FOLDS = 2
LEXICONS = ROOT / "claims/attribution/lexicons"
CUES = f"""# Written by bench/weights.py; change the rules or the script, not this file.
# Log-odds of the facts that claims/attribution/features.py names, from PolNeAR's train part (Newell and
# others, 2018): how much more, or less, often readers marked a cue of which the fact holds. Left out: facts
# seen less than {SEEN} times, and weights under {SMALLEST}.
"""
READINGS = f"""# Written by bench/weights.py; change the rules or the script, not this file.
# Log-odds of the facts that claims/attribution/confidence.py names, from PolNeAR's train part (Newell and
# others, 2018): how much more, or less, often a reading that was kept is right, content and source. Left out:
# facts seen less than {SEEN} times, and weights under {SMALLEST}.
"""


def parsed(folder: Path, evaluator):  # type: ignore[no-untyped-def]
    """Each article's text, its gold attributions, and its parsed segments."""
    language = load()
    gold = evaluator.load_gold(folder)
    for stem in sorted(gold):
        text = gold[stem]["text"]
        places = list(segments(text))
        spaced = plain(text)
        names = Names(language.vocab.strings)
        docs = [tree(d, names) for d in language.pipe([spaced[s.start : s.end] for s in places])]
        yield text, gold[stem]["attributions"], list(zip(places, docs, strict=True))


def examples(articles, evaluator):  # type: ignore[no-untyped-def]
    """The features of each reading, and how right it is: half for the content, half for its source."""
    for text, gold, pieces in articles:
        tokens = evaluator.Tokens(text)
        marked = [{role: tokens.inside(a.get(role)) for role in evaluator.ROLES} for a in gold]
        for place, doc in pieces:
            here = tokens.inside([(place.start, place.end)])
            near = [a for a in marked if a["content"] & here or a["cue"] & here]
            quoted = quoted_before(in_quotes(doc, token_quotes(doc)))

            def inside(ranges, doc=doc, place=place):  # type: ignore[no-untyped-def]
                return tokens.inside(chars(doc, ranges, place.start))  # noqa: B023

            for head, found_here in readings(doc).items():
                around = Around(quoted, found_here, standing(doc[head]))
                for found in found_here:
                    content = inside(found.content)
                    if not content:
                        continue
                    source = inside(found.source) if found.source else frozenset()
                    cue = inside([(found.head, found.head + 1), *found.cue])
                    hits = [a for a in near if a["cue"] & cue and evaluator.iou(a["content"], content) >= 0.5]
                    if not hits and any(cue & a["content"] and not cue & a["cue"] for a in near):
                        continue  # it stands within another's content, where readers marked nothing
                    right = any(
                        evaluator.iou(a["source"], source) >= 0.5 if a["source"] else not source for a in hits
                    )
                    yield features(doc, found, around), (bool(hits) + right) / 2


def kept(article, evaluator):  # type: ignore[no-untyped-def]
    """The facts of each reading that the flat layer keeps of an article, and whether it is wholly right."""
    text, gold, pieces = article
    layer, held = FlatLayer(), []
    for place, doc in pieces:
        piece = read_piece(doc)
        quoted = quoted_before(in_quotes(doc, piece.quoted))
        for found in piece.found:
            found.confidence = 1.0
        layer.take(piece, place)
        by_cue = {tuple(chars(doc, found.cue, place.start)): found for found in piece.found}
        for row in layer.rows[len(held) :]:
            found = by_cue.get(tuple(row.cue))
            held.append(facts(doc, found, piece.found, quoted) if found is not None else None)
    tokens = evaluator.Tokens(text)
    told = [{r: tokens.inside(getattr(row, r)) for r in evaluator.ROLES} for row in layer.attributions()]
    marked = [{r: tokens.inside(a.get(r)) for r in evaluator.ROLES} for a in gold]
    pairs = {j: i for i, j in evaluator.pair_up(marked, told, 0.5)}
    for j, row in enumerate(held):
        if row is not None:
            source = marked[pairs[j]]["source"] if j in pairs else None
            mine = told[j]["source"]
            yield row, j in pairs and (evaluator.iou(source, mine) >= 0.5 if source else not mine)


def fit(rows: list[list[str]], right: list[float]) -> tuple[dict[str, float], float]:
    """Weights of a logistic regression with an L2 penalty, by three hundred full steps of Adam."""
    seen = Counter(f for row in rows for f in row)
    index = {f: i for i, f in enumerate(sorted(f for f, n in seen.items() if n >= SEEN))}
    known = [[index[f] for f in row if f in index] for row in rows]
    flat = np.array([i for row in known for i in row])
    row_of = np.repeat(np.arange(len(known)), [len(row) for row in known])
    wanted = np.array(right, dtype=float)
    weights = np.zeros(len(index) + 1)
    weights[-1] = -2.0
    mean = np.zeros_like(weights)
    square = np.zeros_like(weights)
    for step in range(1, 301):
        odds = np.bincount(row_of, weights=weights[flat], minlength=len(known)) + weights[-1]
        error = 1 / (1 + np.exp(-odds)) - wanted
        slope = np.append(
            np.bincount(flat, weights=error[row_of], minlength=len(index)) + SHRINK / 2 * weights[:-1],
            error.sum(),
        )
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        rate = 0.15 if step < 150 else 0.045 if step < 250 else 0.015
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return {f: float(weights[i]) for f, i in index.items()}, float(weights[-1])


def write(name: str, head: str, weights: dict[str, float], start: float) -> None:
    """Write one lexicon, its facts in groups."""
    groups: dict[str, list[tuple[str, float]]] = {}
    for fact, weight in sorted(weights.items()):
        if abs(weight) >= SMALLEST:
            group, _, rest = fact.partition(" ")
            groups.setdefault(group, []).append((rest, weight))
    lines = [head, f"start = {start:.3f}", ""]
    for group, members in sorted(groups.items()):
        lines.append(f"[{group}]")
        for rest, weight in members:
            quoted = rest.replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'"{quoted}" = {weight:.2f}')
        lines.append("")
    (LEXICONS / f"{name}.toml").write_text("\n".join(lines), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    shared = parser.parse_args().shared
    if not (shared / "polnear/train").is_dir():
        sys.exit(f"{shared}/polnear/train is missing: the weights can't be learnt without it")
    sys.path.insert(0, str(shared / "measure/attribution"))
    import evaluate  # type: ignore[import-not-found]

    articles = list(parsed(shared / "polnear/train", evaluate))
    seen = [list(examples([article], evaluate)) for article in articles]

    def learnt(numbers):  # type: ignore[no-untyped-def]
        chosen = [example for n in numbers for example in seen[n]]
        return fit([row for row, _ in chosen], [right for _, right in chosen])

    # A reading's confidence is learnt on articles that its cue's weights weren't.
    rows = []
    for fold in range(FOLDS):
        others = [n for n in range(len(articles)) if n % FOLDS != fold]
        weights.use(*learnt(others))
        for article in articles[fold::FOLDS]:
            rows += kept(article, evaluate)
    write("confidence", READINGS, *fit([row for row, _ in rows], [right for _, right in rows]))
    write("weights", CUES, *learnt(range(len(articles))))
    print(
        f"{sum(map(len, seen))} readings of cues, {len(rows)} kept, {sum(right for _, right in rows)} right"
    )


if __name__ == "__main__":
    main()
