"""How fast the engine is, beside spaCy's parse alone: the same articles, components, process and core.

    python bench/speed.py [--shared ../shared] [--rounds 5]

The ways take turns over a dozen articles at a time, so that whatever else the machine does meets all of them;
of each dozen the fastest round counts.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import batched
from pathlib import Path

import results

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
DOZEN = 12


def seconds(work: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    """What a piece of work takes of one core."""
    began = time.process_time()
    work(texts)
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
    ways: dict[str, Callable[[Sequence[str]], object]] = {
        "spaCy’s parse, article by article": lambda some: drop(language(text) for text in some),
        "spaCy’s parse, `pipe`": lambda some: drop(language.pipe(some)),
        "Hearsay’s reading": lambda some: drop(read(text) for text in some),
    }
    drop(read(text) for text in texts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    best: dict[str, float] = dict.fromkeys(ways, 0.0)
    for some in batched(texts, DOZEN, strict=False):
        fastest = dict.fromkeys(ways, float("inf"))
        for _ in range(given.rounds):
            for name, way in ways.items():
                fastest[name] = min(fastest[name], seconds(way, some))
        best = {name: best[name] + fastest[name] for name in ways}
    floor = min(took for name, took in best.items() if name.startswith("spaCy"))
    head = (
        f"`python bench/speed.py`; {len(texts)} articles of PolNeAR dev on one core, the fastest of "
        f"{given.rounds} rounds; Hearsay’s peak memory {peak:.0f} MB, the model included."
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
