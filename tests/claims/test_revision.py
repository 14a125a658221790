"""Where claims are in a revised draft: 42 invented revisions with gold, and what holds of any revision."""

from __future__ import annotations

import random
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from claims.revision import Fate, Place, Revision

FOLDER = Path(__file__).parent.parent / "fixtures" / "revisions"
MARK = re.compile(r"\{(\w):([^}]*)\}")


@dataclass
class Gold:
    old: str
    new: str
    before: dict[str, tuple[int, int]]
    after: dict[str, tuple[int, int]]
    moved: set[str] = field(default_factory=set)


def unmarked(marked: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """The text without its marks, and where each of them was."""
    text, spans, at = "", {}, 0
    for m in MARK.finditer(marked):
        text += marked[at : m.start()]
        spans[m[1]] = (len(text), len(text) + len(m[2]))
        text += m[2]
        at = m.end()
    return text + marked[at:], spans


def gold(path: Path) -> Gold:
    head, texts = path.read_text(encoding="utf-8").split("=== old\n")
    old, new = texts.split("=== new\n")
    moved = set(" ".join(re.findall(r"^# moved: (.*)$", head, re.M)).split())
    (old_text, before), (new_text, after) = unmarked(old), unmarked(new)
    return Gold(old_text, new_text, before, after, moved)


REVISIONS = sorted(FOLDER.glob("*.txt"))


def test_there_are_forty_revisions():
    assert len(REVISIONS) >= 40


def folded(words: str) -> str:
    marks = str.maketrans("“”’–", '""\'-')
    return " ".join(words.translate(marks).split())


@pytest.mark.parametrize("path", REVISIONS, ids=lambda path: path.stem)
def test_every_span_of_a_revision_ends_in_its_place(path: Path):
    g = gold(path)
    revision = Revision(g.old, g.new)
    for name, (start, end) in g.before.items():
        found = revision.place(start, end)
        where = None if found.start is None else g.new[found.start : found.end]
        if name not in g.after:
            assert found.fate == Fate.DELETED, (name, where)
            continue
        true = g.after[name]
        assert (found.start, found.end) == true, (name, where)
        same = folded(g.old[start:end]) == folded(g.new[true[0] : true[1]])
        expected = (Fate.MOVED if name in g.moved else Fate.UNCHANGED) if same else Fate.REWORDED
        assert found.fate == expected, name


# What holds of any revision: drawn at random, the seed in the test's name.

WHO = "ferry mayor bridge quarry hospital school mill port council minister guard dam tower union".split()
DID = "closed opened denied sold bought lost found burnt promised warned refused told left".split()
HOW = (
    "yesterday in May at dawn without a permit for nine hours over the objections of neighbours before "
    "the vote after a long night in the northern valley"
).split()
AGAIN = ("He declined to comment.", "Nobody was hurt.", "The ministry knew.")

SEEDS = range(40)


def drawn(seed: int, *, paragraphs: int = 8) -> list[str]:
    """Paragraphs of one to four sentences, short ones among them again and again."""
    draw = random.Random(seed)

    def sentence(number: int) -> str:
        if draw.random() < 0.2:
            return draw.choice(AGAIN)
        how = " ".join(draw.choices(HOW, k=draw.randint(3, 9)))
        return f"The {draw.choice(WHO)} {draw.choice(DID)} the {draw.choice(WHO)} {how} on day {number}."

    number = iter(range(10_000))
    return [
        " ".join(sentence(next(number)) for _ in range(draw.randint(1, 4))) + f" So said source {k}."
        for k in range(paragraphs)
    ]


def spans_of(text: str, seed: int) -> list[tuple[int, int]]:
    """Spans within a paragraph, some of them a whole sentence, some cut inside a word."""
    draw = random.Random(seed)
    found = [m.span() for m in re.finditer(r"[^.\n ][^.\n]*\.", text)]
    for m in re.finditer(r"[^\n]{30,}", text):
        start = draw.randrange(m.start(), m.end() - 25)
        found.append((start, start + draw.randint(5, 25)))
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_text_leaves_everything_unchanged(seed: int):
    text = "\n\n".join(drawn(seed))
    spans = [span for span in spans_of(text, seed) if text[slice(*span)].strip(" .\n")]
    revision = Revision(text, text)
    for start, end in spans:
        found = revision.place(start, end)
        assert found.fate == Fate.UNCHANGED
        assert text[found.start : found.end].strip() == text[start:end].strip()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_paragraph_put_in_never_moves_a_span_to_other_words(seed: int):
    paragraphs = drawn(seed)
    at = random.Random(seed).randint(0, len(paragraphs))
    put_in = "\n\n".join(drawn(seed + 1000, paragraphs=2)) + " 👩‍🚒 שלום"
    old, new = "\n\n".join(paragraphs), "\n\n".join([*paragraphs[:at], put_in, *paragraphs[at:]])
    before = len("\n\n".join(paragraphs[:at])) + (2 if at else 0)
    for start, end in spans_of(old, seed):
        found = Revision(old, new).place(start, end)
        by = len(put_in) + 2 if start >= before else 0
        assert found.fate == Fate.UNCHANGED
        assert found.start is not None
        assert found.end is not None
        assert start + by <= found.start < found.end <= end + by
        assert new[found.start : found.end] == old[start:end].strip()


@pytest.mark.parametrize("seed", SEEDS)
def test_what_stood_in_a_deleted_paragraph_is_deleted_and_the_rest_stays(seed: int):
    paragraphs = drawn(seed)
    gone = random.Random(seed).randrange(len(paragraphs))
    old, new = "\n\n".join(paragraphs), "\n\n".join(paragraphs[:gone] + paragraphs[gone + 1 :])
    first = len("\n\n".join(paragraphs[:gone])) + (2 if gone else 0)
    last = first + len(paragraphs[gone])
    revision = Revision(old, new)
    for start, end in spans_of(old, seed):
        found = revision.place(start, end)
        if first <= start < last:
            assert found.fate == Fate.DELETED, old[start:end]
            continue
        by = len(paragraphs[gone]) + 2 if start >= last else 0
        assert found.same_words, old[start:end]
        assert found.start is not None
        assert start - by <= found.start <= end - by, old[start:end]


@pytest.mark.parametrize("seed", SEEDS)
def test_paragraphs_in_any_order_take_their_spans_with_them(seed: int):
    paragraphs = drawn(seed)
    shuffled = random.Random(seed).sample(paragraphs, len(paragraphs))
    old, new = "\n\n".join(paragraphs), "\n\n".join(shuffled)
    revision = Revision(old, new)
    for start, end in spans_of(old, seed):
        found = revision.place(start, end)
        assert found.same_words
        assert found.start is not None
        mine = next(p for p in paragraphs if old.index(p) <= start < old.index(p) + len(p))
        assert new.index(mine) <= found.start < new.index(mine) + len(mine)


def test_words_that_nothing_tells_apart_are_said_to_have_rivals():
    old = "The road was wet.\n\nA long day ended, and in the end nobody could say what it had been for."
    new = "It rained. The road was wet. It snowed. The road was wet."
    assert Revision(old, new).place(0, 16) == Place(Fate.DELETED, rivals=True)


def test_a_span_of_no_words_is_refused():
    for start, end in ((3, 3), (0, 99), (-1, 2), (1, 2)):
        with pytest.raises(ValueError, match="words"):
            Revision("A bee", "A bee").place(start, end)


def test_a_long_text_of_50_000_words_takes_a_second_or_two():
    draw = random.Random(5)
    vocabulary = [f"word{k}" for k in range(8000)]
    weights = [1 / (k + 1) for k in range(8000)]
    sentences = [" ".join(draw.choices(vocabulary, weights, k=20)) + "." for _ in range(2_500)]
    old = "\n\n".join(" ".join(sentences[k : k + 4]) for k in range(0, 2_500, 4))
    for k in draw.sample(range(2_500), 500):
        sentences[k] = sentences[k].replace(" ", " changed ", 2)
    new = "\n\n".join(" ".join(sentences[k : k + 4]) for k in range(0, 2_500, 4))
    spans = [(at, at + 60) for at in draw.sample(range(len(old) - 60), 1_250)]
    began = time.process_time()
    revision = Revision(old, new)
    found = [revision.place(start, end) for start, end in spans]
    assert time.process_time() - began < 10  # one second where nothing else runs
    assert sum(place.fate == Fate.DELETED for place in found) < 13
