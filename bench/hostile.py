"""Measure the engine on texts of full size that were made to break it; write bench/RESULTS.md.

    python bench/hostile.py [CASE ...]

Each case is read in a process of its own: processor seconds, the peak of resident memory, and what was found.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import results

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
_ARTICLE = (
    "Mira Sand said on Tuesday that the harbour had lost more than 400 boats since the spring, according to "
    "a report by the coast guard. “We saw it twice,” she added, “and nobody came.” The Lantern, citing two "
    "officials, reported that the ministry would pay 3 million crowns for repairs. The fishermen had waited "
    "since dawn on the quay while the rain came down.\n\n"
)
CASES = {
    "an article of 200,000 words": _ARTICLE * (200_000 // len(_ARTICLE.split())),
    "200,000 words in one paragraph": _ARTICLE.replace("\n\n", " ") * (200_000 // len(_ARTICLE.split())),
    "100,000 quotation marks in a row": '"' * 100_000,
    "100,000 quotation marks apart": '" ' * 100_000,
    "100,000 marks, each pair around a sentence": '"We go." ' * 50_000,
    "one sentence of 50,000 words": "The dam that the mayor built "
    + "and the old minister who had seen the boats near the quay " * 4_200
    + "was safe.",
    "10,000 nested said that": "He said that " * 10_000 + "the dam is safe.",
}


def measure(case: str) -> dict[str, float]:
    """Read one case in this process: its figures."""
    from claims.attribution import read

    read("Mira Sand said that the dam is safe.")
    began = time.process_time()
    reading = read(CASES[case])
    return {
        "words": len(CASES[case].split()),
        "seconds": time.process_time() - began,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "statements": len(reading.statements),
    }


def row(case: str) -> str:
    """One line of the table, from a process of its own."""
    done = subprocess.run([sys.executable, __file__, "--one", case], capture_output=True, check=True)
    made = json.loads(done.stdout)
    return (
        f"| {case} | {made['words']:,.0f} | {made['seconds']:.0f} | {made['memory']:.0f} "
        f"| {made['statements']:,.0f} |"
    )


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", choices=[*CASES, []], metavar="CASE")
    parser.add_argument("--one", choices=list(CASES), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one)))
        return
    lines = [
        "## Texts made to break the engine",
        "",
        "`python bench/hostile.py`; each in a process of its own, the model included in its memory.",
        "",
        "| text | words | processor seconds | peak memory, MB | claims |",
        "| --- | --- | --- | --- | --- |",
    ]
    print(*lines, sep="\n")
    for case in given.cases or CASES:
        lines.append(row(case))
        print(lines[-1], flush=True)
    if given.cases:
        return
    results.write("hostile", lines)


if __name__ == "__main__":
    main()
