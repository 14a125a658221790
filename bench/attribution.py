"""Measure the attribution engine on PolNeAR's dev part and on chains; write bench/RESULTS.md.

    python bench/attribution.py [--shared ../shared] [-j 2] [--aside]

Runs `manage.py trace --json`, converts its lines with ../shared/measure/from_trace.py and scores them with
../shared/measure's own evaluators. Figures only are written, no text. The paragraphs of
tests/fixtures/chains/kept_aside.json and aside.json were drawn before the engine read them, and nothing is
tuned on them; aside.json and half C are scored once, at a round's end (--aside).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import chain_bench
import reliability
import results

ROOT = Path(__file__).resolve().parent.parent
NEEDED = (
    "polnear/dev/text",
    "articles/scoopnews.txt",
    "measure/from_trace.py",
    "measure/attribution/evaluate.py",
    "measure/chains/evaluate.py",
    "measure/chains/seed_gold.json",
)
SPEECH = {
    "say",
    "said",
    "says",
    "told",
    "tell",
    "tells",
    "added",
    "adds",
    "wrote",
    "writes",
    "reported",
    "reports",
    "asked",
    "argued",
    "argues",
    "claimed",
    "claims",
    "called",
    "noted",
    "warned",
    "announced",
    "suggested",
    "tweeted",
    "insisted",
}
ATTITUDE = {
    "want",
    "wants",
    "wanted",
    "believe",
    "believes",
    "believed",
    "think",
    "thinks",
    "hope",
    "hopes",
    "hoped",
    "support",
    "supports",
    "supported",
    "fear",
    "feel",
    "like",
    "love",
    "expect",
    "expects",
    "expected",
    "plan",
    "plans",
    "need",
    "know",
}
NOUNS = {
    "claim",
    "statement",
    "call",
    "calls",
    "plan",
    "promise",
    "promises",
    "warning",
    "proposal",
    "support",
    "criticism",
    "denial",
    "question",
    "questions",
    "comments",
    "remarks",
    "concern",
    "concerns",
    "attack",
    "attacks",
    "message",
}


def trace(files: list[Path], jobs: int, out: Path) -> float:
    """Run the command over files; the seconds it took."""
    began = time.monotonic()
    with out.open("wb") as handle:
        subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "trace", "--json", "-j", str(jobs), *map(str, files)],
            stdout=handle,
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
    return time.monotonic() - began


def run(*command: str, stdin: Path | None = None) -> str:
    """What a script of the measuring kit prints."""
    with stdin.open("rb") if stdin else open(os.devnull, "rb") as handle:
        done = subprocess.run([sys.executable, *command], stdin=handle, capture_output=True, check=True)
    return done.stdout.decode()


def by_cue(dump: Path, texts: Path) -> list[tuple[str, int, int, int]]:
    """For each class of cue: gold attributions, those found, and those found with their source."""
    rows: dict[str, Counter[str]] = {}
    for line in dump.read_text().splitlines():
        row = json.loads(line)
        if row["side"] != "gold":
            continue
        with (texts / f"{row['file']}.txt").open(encoding="utf-8", newline="") as handle:
            text = handle.read()
        words = " ".join(text[a:b] for a, b in row["cue"]).lower().split()
        counted = rows.setdefault(cue_class(words, row), Counter())
        counted["gold"] += 1
        counted["found"] += row["state"] != "missed"
        counted["full"] += row["state"] == "full"
    return [
        (name, c["gold"], c["found"], c["full"])
        for name, c in sorted(rows.items(), key=lambda r: -r[1]["gold"])
    ]


def cue_class(words: list[str], row: dict) -> str:
    """A rough class of a cue by its words."""
    held = set(words)
    if not row["source"]:
        return "no source given"
    if not any(w[:1].isalnum() for w in words):
        return "punctuation only"
    if "according" in held:
        return "according to"
    if held & SPEECH:
        return "speech verb"
    if held & ATTITUDE:
        return "attitude"
    if held & NOUNS:
        return "noun"
    return "other"


def table(result: dict) -> list[str]:
    """The attribution scores as Markdown."""
    lines = ["| | P | R | F1 |", "| --- | --- | --- | --- |"]
    for key in ("partial", "full", "source", "cue", "content"):
        row = result[key]
        name = key if key in ("partial", "full") else f"token {key}"
        lines.append(f"| {name} | {row['p']:.3f} | {row['r']:.3f} | {row['f1']:.3f} |")
    return lines


def chain_lines(shared: Path, dev: Path, work: Path, *, aside: bool) -> list[str]:
    """The table of chains. ``dev`` are PolNeAR dev's traced lines. What is kept aside: only if asked for."""
    rows = {"seed article": (chain_bench.seed(shared), [shared / "articles/scoopnews.txt"])}
    for name, path in chain_bench.INVENTED.items():
        if name in chain_bench.LATER and not aside:
            continue
        folder = work / path.stem
        folder.mkdir()
        gold = chain_bench.paragraphs(path)
        rows[name] = gold, chain_bench.write(gold, folder)
    lines = list(chain_bench.HEAD)
    for name, (gold, files) in rows.items():
        trace(files, 1, work / "traced.jsonl")
        lines.append(chain_bench.line(name, chain_bench.score(shared, gold, work / "traced.jsonl")))
    for letter, path in chain_bench.HALVES.items():
        if aside or letter not in chain_bench.LATER:
            result = chain_bench.score(shared, chain_bench.half(shared, path), dev)
            lines.append(chain_bench.line(f"PolNeAR dev, half {letter.upper()}", result))
    return lines


def report(
    result: dict,
    classes: list[tuple[str, int, int, int]],
    chains: list[str],
    sure: list[str],
    seconds: float,
    count: int,
) -> list[str]:
    """The whole section for RESULTS.md."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, check=False, cwd=ROOT
    )
    return [
        "## Attribution engine",
        "",
        (
            f"Commit {commit.stdout.decode().strip() or 'unknown'}; `python bench/attribution.py`. "
            f"{count} articles of PolNeAR dev in {seconds:.0f} s, model loading included."
        ),
        "",
        *table(result),
        "",
        "Recall by kind of cue (sorted roughly, by the cue's words):",
        "",
        "| cue | gold | partial | full |",
        "| --- | --- | --- | --- |",
        *(
            f"| {name} | {gold} | {found / gold:.2f} | {full / gold:.2f} |"
            for name, gold, found, full in classes
        ),
        "",
        "Chains (`--exhaustive`):",
        "",
        *chains,
        "",
        "Confidence (right: a full match; for a claim, its whole chain):",
        "",
        *sure,
    ]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("--aside", action="store_true", help="score what is kept aside too: once, at the end")
    given = parser.parse_args()
    shared = given.shared.resolve()
    missing = [name for name in NEEDED if not (shared / name).exists()]
    if missing:
        sys.exit(f"Can't measure; missing in {given.shared}: {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        files = sorted((shared / "polnear/dev/text").glob("*.txt"))
        seconds = trace(files, given.j, work / "dev.jsonl")
        convert = str(shared / "measure/from_trace.py")
        (work / "flat.jsonl").write_text(run(convert, "attributions", stdin=work / "dev.jsonl"))
        evaluator = str(shared / "measure/attribution/evaluate.py")
        result = json.loads(
            run(
                evaluator,
                "--gold",
                str(shared / "polnear/dev"),
                "--pred",
                str(work / "flat.jsonl"),
                "--json",
                "--dump",
                str(work / "dump.jsonl"),
            )
        )
        classes = by_cue(work / "dump.jsonl", shared / "polnear/dev/text")
        chains = chain_lines(shared, work / "dev.jsonl", work, aside=given.aside)
        sure = reliability.lines("PolNeAR dev", reliability.attributions(shared, work / "dev.jsonl"))
        told = reliability.claims(shared, work / "dev.jsonl")
        sure += ["", *reliability.lines("Claims of PolNeAR dev, half A", told)]
    section = report(result, classes, chains, sure, seconds, len(files))
    print(*section, sep="\n")
    results.write("attribution", section)


if __name__ == "__main__":
    main()
