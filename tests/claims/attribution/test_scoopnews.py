"""The article that the project began with: nine claims of it, by their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.attribution import read
from claims.attribution.types import Statement

# Where the claim stands, and the names that must be in each hop, nearest the reader first.
NINE = [
    ((638, 727), ["The Sun", "Telegram channel", "Kremlin insider"]),
    ((1031, 1145), ["CNN", "US Department of Defence report"]),
    ((1363, 1430), ["General SVR", "Kremlin insider"]),
    ((4342, 4412), ["Medvedev"]),
    ((4451, 4602), ["Reuters", "Medvedev"]),
    ((5059, 5156), ["Tony Radakin"]),
    ((5201, 5256), ["The Guardian", "Tony Radakin"]),
    ((2785, 2918), ["Voice of America", "Pakistani sources", "Zamir Kabulov"]),
    ((3245, 3383), ["Foreign Policy"]),
]


@pytest.fixture(scope="module")
def statements() -> tuple[str, tuple[Statement, ...]]:
    path = Path(__file__).parents[3].parent / "shared/articles/scoopnews.txt"
    if not path.is_file():
        pytest.skip("../shared/articles is missing")
    with path.open(encoding="utf-8", newline="") as handle:
        text = handle.read()
    return text, read(text).statements


@pytest.mark.parametrize(("place", "names"), NINE)
def test_the_nine_claims_have_their_chains(
    statements: tuple[str, tuple[Statement, ...]], place: tuple[int, int], names: list[str]
) -> None:
    start, end = place
    best = max(statements[1], key=lambda s: min(s.end, end) - max(s.start, start))
    shared = min(best.end, end) - max(best.start, start)
    assert shared > 0.4 * (max(best.end, end) - min(best.start, start))
    [chain] = best.chains
    assert len(chain) == len(names)
    assert all(name in hop.name for name, hop in zip(names, chain, strict=True))
