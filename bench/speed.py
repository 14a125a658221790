"""How fast the engine is, beside spaCy's parse alone: the same articles, components, process and core.

    python bench/speed.py [--shared ../shared] [--rounds 5]

Rounds alternate, so that whatever else the machine does meets both; the fastest round of each counts.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import results

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def seconds(work: Callable[[], object]) -> float:
    """What a piece of work takes of one core."""
    began = time.process_time()
    work()
    return time.process_time() - began


def drop(made: Iterable[object]) -> None:
    """Make all of it and keep none."""
    for _ in made:
        pass


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    folder = given.shared / "polnear/dev/text"
    if not folder.is_dir():
        sys.exit(f"Can't measure; missing: {folder}")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    from claims.attribution import read
    from claims.attribution.model import load

    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    language = load()
    ways: dict[str, Callable[[], object]] = {
        "spaCy’s parse, article by article": lambda: drop(language(text) for text in texts),
        "spaCy’s parse, `pipe`": lambda: drop(language.pipe(texts)),
        "Hearsay’s reading": lambda: drop(read(text) for text in texts),
    }
    read(texts[0])
    best: dict[str, float] = dict.fromkeys(ways, float("inf"))
    for _ in range(given.rounds):
        for name, way in ways.items():
            best[name] = min(best[name], seconds(way))
    floor = min(took for name, took in best.items() if name.startswith("spaCy"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    head = (
        f"`python bench/speed.py`; {len(texts)} articles of PolNeAR dev on one core, the fastest of "
        f"{given.rounds} rounds; peak memory of the process {peak:.0f} MB."
    )
    lines = [
        "## Speed of reading",
        "",
        head,
        "",
        "| | articles a second | of the faster parse |",
        "| --- | --- | --- |",
        *(f"| {name} | {len(texts) / took:.1f} | {floor / took:.2f} |" for name, took in best.items()),
    ]
    print(*lines, sep="\n")
    results.write("speed", lines)


if __name__ == "__main__":
    main()
