"""How honest the engine's confidence is: of the readings at so much, how many are right.

A reading of the flat layer is right if it is a full match of the gold's; a claim, if its chain is exact.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import chain_bench

BANDS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.0)
SURE = 0.9

Judged = list[tuple[float, bool]]
"""Readings with their confidence, and whether each is right."""


def attributions(shared: Path, traced: Path) -> Judged:
    """The flat layer's readings of PolNeAR dev, judged."""
    evaluator = chain_bench.kit(shared, "attribution/evaluate")
    convert = chain_bench.kit(shared, "from_trace")
    gold = evaluator.load_gold(shared / "polnear/dev")
    judged: Judged = []
    for row in _rows(traced):
        here = gold.get(convert.key_of(row))
        if here is None:
            continue
        tokens = evaluator.Tokens(here["text"])
        marked = [{r: tokens.inside(a.get(r)) for r in evaluator.ROLES} for a in here["attributions"]]
        told = [{r: tokens.inside(a.get(r)) for r in evaluator.ROLES} for a in row["attributions"]]
        pairs = {j: i for i, j in evaluator.pair_up(marked, told, 0.5)}
        for j, attribution in enumerate(row["attributions"]):
            right = False
            if j in pairs:
                source, mine = marked[pairs[j]]["source"], told[j]["source"]
                right = evaluator.iou(source, mine) >= 0.5 if source else not mine
            judged.append((attribution["confidence"], right))
    return judged


def claims(shared: Path, traced: Path) -> Judged:
    """The claims found in half A's windows, judged by their chains."""
    evaluator = chain_bench.kit(shared, "chains/evaluate")
    convert = chain_bench.kit(shared, "from_trace")
    gold = chain_bench.half(shared, chain_bench.HALVES["a"])
    judged: Judged = []
    for row in _rows(traced):
        here = gold.get(convert.key_of(row))
        if here is None:
            continue
        spoken = [s["confidence"] for s in row["statements"] for _ in s["chains"] or [[]]]
        told = [
            {**c, "confidence": sure} for c, sure in zip(convert.chains(row)["claims"], spoken, strict=True)
        ]
        told = [c for c in told if any(a <= c["claim"][0] and c["claim"][1] <= b for a, b in here["windows"])]
        pairs = {j: i for i, j in evaluator.pair_claims(here["text"], here["claims"], told, 0.4)}
        for j, claim in enumerate(told):
            right = False
            if j in pairs:
                chain = here["claims"][pairs[j]]["chain"]
                good = evaluator.aligned(chain, claim["chain"])
                right = len(good) == len(chain) == len(claim["chain"])
            judged.append((claim["confidence"], right))
    return judged


def lines(name: str, judged: Judged) -> list[str]:
    """The table: for each band, how many readings, the share that is right, and what they say themselves."""
    right = sum(1 for _, good in judged if good)
    sure = [good for confidence, good in judged if confidence >= SURE]
    share = f"{sum(sure) / max(1, len(sure)):.3f} are right"
    out = [
        f"{name}: at {SURE} or more {share}, and they are {sum(sure) / max(1, right):.2f} of all that are.",
        "",
        "| confidence | readings | right | said |",
        "| --- | --- | --- | --- |",
    ]
    top = 1.01
    for band in BANDS:
        here = [(confidence, good) for confidence, good in judged if band <= confidence < top]
        if here:
            share = sum(good for _, good in here) / len(here)
            said = sum(confidence for confidence, _ in here) / len(here)
            out.append(f"| {band} to {min(top, 1.0)} | {len(here)} | {share:.2f} | {said:.2f} |")
        top = band
    return out


def _rows(traced: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in traced.read_text(encoding="utf-8").splitlines()]
