"""Citation chains against gold: what of it is there to be scored, and how it is cut and scored.

Gold lies in four places: ../shared's seed article, the development halves over PolNeAR dev (bench/chains/,
offsets only), the invented paragraphs that the rules were written with, and those drawn before.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HALVES = {letter: ROOT / f"bench/chains/dev_{letter}.json" for letter in "abc"}
INVENTED = {
    "invented, written with": ROOT / "tests/fixtures/chains/paragraphs.json",
    "invented, first set aside": ROOT / "tests/fixtures/chains/kept_aside.json",
    "invented, second set": ROOT / "tests/fixtures/chains/open.json",
    "invented, second set aside": ROOT / "tests/fixtures/chains/aside.json",
}
LATER = {"invented, second set aside", "c"}
"""What is scored only when it's asked for, at the end: nothing was tuned on it."""

Gold = dict[str, dict[str, Any]]
"""By document: {"text", "claims", "windows"}; a hop has a span or None, a name, a kind mostly a naming."""
HEAD = [
    "| | claims | found | exact | origin | hop F1 | kind | naming | claim precision |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
]


def kit(shared: Path, name: str) -> ModuleType:
    """A script of the measuring kit as a module."""
    spec = importlib.util.spec_from_file_location(
        f"kit_{name.replace('/', '_')}", shared / f"measure/{name}.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def seed(shared: Path) -> Gold:
    """The seed article's gold, as the kit loads it."""
    loaded: Gold = kit(shared, "chains/evaluate").load(
        shared / "measure/chains/seed_gold.json", shared / "articles"
    )
    return loaded


def half(shared: Path, path: Path) -> Gold:
    """A half over PolNeAR dev: names are read off the text; what lies outside the windows isn't judged."""
    gold: Gold = {}
    for row in json.loads(path.read_text(encoding="utf-8")):
        text = _read(shared / f"polnear/dev/text/{row['file']}.txt")
        for hop in (hop for claim in row["claims"] for hop in claim["chain"]):
            hop["name"] = text[slice(*hop["name_span"])] if hop.get("name_span") else ""
        gold[row["file"]] = {"text": text, "claims": row["claims"], "windows": row["windows"]}
    return gold


def paragraphs(path: Path) -> Gold:
    """Invented paragraphs, whose gold gives quotes and names but no offsets of hops."""
    gold: Gold = {}
    for number, case in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        text = case["text"]
        claims = case.get("claims")
        if claims is None:
            claims = [
                {"claim": _place(text, s["quote"]), "chain": [_hop(h) for h in chain]}
                for s in case["statements"]
                for chain in s["chains"] or [[]]
            ]
        gold[case.get("id", f"paragraph{number:03}")] = {"text": text, "claims": claims}
    return gold


def _place(text: str, quote: str) -> list[int]:
    at = text.index(quote)
    return [at, at + len(quote)]


def _hop(hop: dict[str, Any]) -> dict[str, Any]:
    named = hop["naming"] == "named"
    kind = (
        ("person" if named else "anonymous") if hop["kind"] in ("person", "group", "unknown") else hop["kind"]
    )
    return {**hop, "span": None, "kind": {"organisation": "official_body"}.get(kind, kind)}


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as handle:
        return handle.read()


def write(gold: Gold, folder: Path) -> list[Path]:
    """The texts of invented paragraphs as files, to be read by the command."""
    files = []
    for key, document in gold.items():
        files.append(folder / f"{key}.txt")
        files[-1].write_text(document["text"], encoding="utf-8", newline="")
    return files


def score(shared: Path, gold: Gold, traced: Path) -> dict[str, Any]:
    """The kit's figures for the lines of `trace --json`, with the share of namings that are right."""
    evaluator, convert = kit(shared, "chains/evaluate"), kit(shared, "from_trace")
    rows = [json.loads(line) for line in traced.read_text(encoding="utf-8").splitlines()]
    predicted: dict[str, list[dict[str, Any]]] = {key: [] for key in gold}
    for row in rows:
        if (key := convert.key_of(row)) in gold:
            claims = list(_with_naming(row, convert.chains(row)["claims"]))
            predicted[key] = _within(claims, gold[key].get("windows"))
    result: dict[str, Any] = evaluator.evaluate(gold, predicted, exhaustive=True)
    result["naming"] = _naming(evaluator, gold, predicted)
    return result


def _with_naming(row: dict[str, Any], claims: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """The kit's claims, with the naming that it leaves out."""
    chains = [chain for statement in row["statements"] for chain in statement["chains"] or [[]]]
    for claim, chain in zip(claims, chains, strict=True):
        hops = [{**hop, "naming": said["naming"]} for hop, said in zip(claim["chain"], chain, strict=True)]
        yield {**claim, "chain": hops}


def _within(claims: list[dict[str, Any]], windows: list[list[int]] | None) -> list[dict[str, Any]]:
    if windows is None:
        return claims
    return [c for c in claims if any(a <= c["claim"][0] and c["claim"][1] <= b for a, b in windows)]


def _naming(evaluator: ModuleType, gold: Gold, predicted: dict[str, list[dict[str, Any]]]) -> float | None:
    right = judged = 0
    for key, document in gold.items():
        pairs = evaluator.pair_claims(document["text"], document["claims"], predicted[key], 0.4)
        for i, j in pairs:
            chain, guess = document["claims"][i]["chain"], predicted[key][j]["chain"]
            for a, b in evaluator.aligned(chain, guess):
                if "naming" in chain[a]:
                    judged += 1
                    right += chain[a]["naming"] == guess[b]["naming"]
    return right / judged if judged else None


def line(name: str, result: dict[str, Any]) -> str:
    """One line of the table of chains."""
    figures = [
        result["found"],
        result["exact"],
        result["origin"],
        result["hops"]["f1"],
        result["kind_accuracy"],
    ]
    figures += [result["naming"], result["claim_precision"]]
    shown = " | ".join("–" if figure is None else f"{figure:.3f}" for figure in figures)
    return f"| {name} | {result['gold_claims']} | {shown} |"
