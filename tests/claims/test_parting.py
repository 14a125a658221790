"""One claim made two, two made one, and a chain copied from one to another: nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.urls import reverse

from claims import history
from claims.models import Annotation, Flag, Hop, Statement
from claims.models.chain_edits import add_hop
from sources.models import Capture
from tests.claims.conftest import As
from tests.factories import LAMP, OFFICIAL, SPOKESMAN, account, article, hop_words, names, statement

pytestmark = pytest.mark.django_db

TEXT = """🛥️ Notes from the quay

The ferry 🚢 will stop in June, and the quay will close for good, the Evening Lamp reported,
citing a port official.

The fares will double next year, a spokesman for the port said."""
BOTH = "The ferry 🚢 will stop in June, and the quay will close for good"
FIRST, SECOND = "The ferry 🚢 will stop in June", "and the quay will close for good"
FARES = "The fares will double next year"


def soup(answer: Any) -> Any:
    return BeautifulSoup(answer.content, "html.parser")


def place(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


@pytest.fixture
def quay(db: None) -> Statement:
    """A claim of two things, over a chain of two."""
    return statement(article(TEXT, title="Quay"), BOTH, [LAMP, OFFICIAL])


@pytest.fixture
def fares(quay: Statement) -> Statement:
    """Another claim of the same text."""
    return statement(quay.capture, FARES, [LAMP, SPOKESMAN])


def where(what: str, found: Statement) -> str:
    return reverse(
        {"split": "statement-split", "merge": "statement-merge", "copy": "chain-copy"}[what], args=[found.pk]
    )


def halves(version: int = 1, one: str = FIRST, other: str = SECOND) -> dict[str, int]:
    a, b = place(one)
    c, d = place(other)
    return {"version": version, "first_start": a, "first_end": b, "second_start": c, "second_end": d}


def chosen(found: Statement) -> str:
    return f"{found.pk}-{Statement.objects.get(pk=found.pk).version}"


WHAT = pytest.mark.parametrize("what", ["split", "merge", "copy"])


@WHAT
@pytest.mark.parametrize(
    ("who", "status"), [("reporter", 200), ("editor", 200), ("reader", 403), (None, 403)]
)
def test_who_may(as_: As, quay: Statement, fares: Statement, what: str, who: str | None, status: int):
    assert as_(who).get(where(what, quay)).status_code == status
    if status == 403:
        assert as_(who).post(where(what, quay), {}).status_code == 403


@WHAT
def test_what_is_not_to_be_had(as_: As, quay: Statement, what: str):
    reporter = as_("reporter")
    assert reporter.put(where(what, quay)).status_code == 405
    assert reporter.get(where(what, Statement(pk=999_999))).status_code == 404
    assert reporter.post(where(what, quay), {}).status_code == 422
    quay.capture.document.withdraw(account("editor", "ed"))
    assert reporter.get(where(what, quay)).status_code == 404
    assert reporter.post(where(what, quay), {}).status_code == 404


# Splitting


@pytest.mark.parametrize(
    ("words", "first", "second"),
    [
        (SECOND, FIRST, SECOND),
        (FIRST, FIRST, SECOND),
        ("the quay will", f"{FIRST}, and", "the quay will close for good"),
        ("Notes from", "The ferry 🚢 will stop in June, and", "the quay will close for good"),
        ("", None, None),
    ],
)
def test_chosen_words_suggest_where_the_parts_are(
    as_: As, quay: Statement, words: str, first: str | None, second: str | None
):
    start, end = place(words) if words else (0, 0)
    query = f"?start={start}&end={end}" if words else ""
    page = soup(as_("reporter").get(where("split", quay) + query))
    shown = [quote.get_text() for quote in page.select(".parts blockquote")]
    assert len(shown) == 2
    assert all(shown)
    if words:
        assert shown == [first, second]


@pytest.mark.parametrize(
    "query", ["?start=0&end=3", "?start=99999&end=999999", "?start=x&end=-1", "?start=" + "9" * 40]
)
def test_a_split_is_asked_for_at_any_place(as_: As, quay: Statement, query: str):
    assert as_("reporter").get(where("split", quay) + query).status_code == 200


def test_both_parts_keep_the_chain_and_wait_for_a_verdict(as_: As, quay: Statement):
    quay.decide(account("editor", "ed"), "accepted", "Rang them.")
    answer = as_("reporter").post(where("split", quay), halves(version=2))
    assert answer.status_code == 303
    assert answer["Location"] == reverse("statement", args=[quay.capture.document_id, quay.pk])
    quay.refresh_from_db()
    other = Statement.objects.get(split_from=quay)
    assert [quay.exact, other.exact] == [quay.wording, other.wording] == [FIRST, SECOND]
    assert (TEXT[other.start : other.end], other.made_by.username) == (SECOND, "reporter")  # type: ignore[union-attr]
    assert names(quay) == names(other) == [["Evening Lamp", "a port official"]]
    assert [quay.state, other.state] == ["unreviewed", "unreviewed"]
    assert quay.verdicts.get().reason == "Rang them."
    assert [hop.start for hop in quay.chains()[0]] == [hop.start for hop in other.chains()[0]]
    for each in (quay, other):
        assert each.flags.get(code="SINGLE_ANON").state == "open"
    said = history.of_statement(quay)[0].what
    assert f"split “{SECOND}” off" in said


def test_notes_stay_with_the_part_whose_words_they_stand_on(as_: As, quay: Statement):
    by = account("editor", "ed")
    official = quay.hops.get(source__name="a port official")
    write = Annotation.objects.write
    whole = write(by, "On all of it.", quay.capture, statement=quay)
    early = write(
        by, "Which ferry?", quay.capture, statement=quay, start=place("ferry")[0], end=place("ferry")[1]
    )
    at = place("quay will")
    late = write(by, "Which quay?", quay.capture, statement=quay, hop=official, start=at[0], end=at[1])
    reply = late.reply(by, "The old one.")
    as_("reporter").post(where("split", quay), halves())
    other = Statement.objects.get(split_from=quay)
    assert set(quay.annotations.all()) == {whole, early}
    assert set(other.annotations.all()) == {late, reply}
    for note in other.annotations.all():
        assert note.hop is not None
        assert (note.hop.statement, note.hop.name) == (other, "a port official")


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (FIRST, FIRST, "Give each part words of its own."),
        (FIRST, "the Evening Lamp reported", "Both parts must be words of the claim."),
        ("The ferry", ", ", "split"),
    ],
)
def test_a_split_that_makes_no_sense_comes_back(as_: As, quay: Statement, one: str, other: str, told: str):
    data = halves(one=one, other=other)
    if told == "split":
        data["second_end"] = data["second_start"] = len(TEXT) + 5
        told = "Those words are not in this text."
    answer = as_("reporter").post(where("split", quay), data)
    assert answer.status_code == 422
    assert told in soup(answer).select_one("#claim .chain-editor").get_text()
    assert soup(answer).select_one('[name="first_end"]')["value"] == str(data["first_end"])
    assert Statement.objects.count() == 1


def test_a_claim_that_changed_meanwhile_is_not_split(as_: As, quay: Statement):
    quay.decide(account("editor", "ed"), "weak")
    answer = as_("reporter").post(where("split", quay), halves(version=1))
    assert answer.status_code == 409
    on_top = {f["name"]: f.get("value", "") for f in soup(answer).select(".conflict form input")}
    assert as_("reporter").post(where("split", quay), on_top).status_code == 303
    assert Statement.objects.count() == 2


# Merging


def merged(as_: As, quay: Statement, fares: Statement, words: str = "both", version: int = 1) -> Any:
    data = {"version": version, "other": chosen(fares), "words": words}
    return as_("reporter").post(where("merge", quay), data)


def test_the_next_claim_is_offered_first_with_its_chain(as_: As, quay: Statement, fares: Statement):
    page = soup(as_("reporter").get(where("merge", quay)))
    (offered,) = page.select('[name="other"]')
    assert (offered["value"], offered.has_attr("checked")) == (f"{fares.pk}-1", True)
    assert "Evening Lamp → a spokesman for the port" in offered.parent.get_text()


@pytest.mark.parametrize(
    ("words", "exact"), [("both", TEXT[place(BOTH)[0] : place(FARES)[1]]), ("own", BOTH)]
)
def test_two_claims_become_one_and_the_other_says_where_it_went(
    as_: As, quay: Statement, fares: Statement, words: str, exact: str
):
    assert merged(as_, quay, fares, words).status_code == 303
    quay.refresh_from_db()
    fares.refresh_from_db()
    assert quay.exact == exact
    # The step that both have is one step.
    assert names(quay) == [["Evening Lamp", "a port official"], ["Evening Lamp", "a spokesman for the port"]]
    assert (fares.merged_into, fares.deleted_by.username) == (quay, "reporter")  # type: ignore[union-attr]
    assert names(fares) == [["Evening Lamp", "a spokesman for the port"]]
    said = " ".join(entry.what for entry in history.of_statement(quay))
    assert f"merged “{FARES}” into another claim" in said
    page = as_("reader").get(reverse("article", args=[quay.capture.document_id])).content.decode()
    assert "Bring back" not in page
    page = as_("reporter").get(reverse("article", args=[quay.capture.document_id])).content.decode()
    assert "merged into another claim by reporter" in page
    as_("reporter").post(reverse("statement-restore", args=[fares.pk]))
    fares.refresh_from_db()
    assert (fares.deleted_at, fares.merged_into) == (None, None)


def test_notes_flags_and_verdicts_of_both_are_kept(as_: As, quay: Statement, fares: Statement):
    ed = account("editor", "ed")
    spokesman = fares.hops.get(source__name="a spokesman for the port")
    gone = add_hop(fares, ed, hop_words("Bo Quay"))
    gone.refresh_from_db()
    note = Annotation.objects.write(ed, "Ask him.", fares.capture, statement=fares, hop=spokesman)
    reply = note.reply(ed, "I did.")
    on_gone = Annotation.objects.write(ed, "Who?", fares.capture, statement=fares, hop=gone)
    gone.mark_removed()
    Hop.objects.filter(statement=fares, parent=gone).update(parent=None)
    Flag.objects.raise_by_hand(fares, ed, "DENIED", "By the port.", "warn", hop=spokesman)
    Flag.objects.raise_by_hand(fares, ed, "WEASEL", "So they say.", "info")
    Flag.objects.raise_by_hand(quay, ed, "WEASEL", "Some say.", "info")
    by_a_rule = Flag.objects.create(statement=fares, code="NO_REASON", why="Not told.", severity="warn")
    by_a_rule.decide("dismissed", ed, "We know why.")
    assert quay.flags.get(code="NO_REASON").state == "open"
    fares = Statement.objects.get(pk=fares.pk)
    fares.decide(ed, "weak", "One voice.")
    quay.decide(ed, "accepted", "Two voices.")
    assert merged(as_, quay, fares, version=2).status_code == 303
    assert set(quay.annotations.all()) == {note, reply, on_gone}
    for each in (note, on_gone):
        each.refresh_from_db()
        assert each.hop is not None
        assert each.hop.statement == quay
    assert on_gone.hop is not None
    assert on_gone.hop.removed_at
    assert quay.flags.get(code="DENIED").hop.name == "a spokesman for the port"  # type: ignore[union-attr]
    assert quay.flags.get(code="NO_REASON").reason == "We know why."
    assert quay.flags.get(code="WEASEL").why == "Some say.\n\nSo they say."
    quay.refresh_from_db()
    assert quay.state == "unreviewed"
    said = " ".join(entry.what for entry in history.of_statement(quay))
    assert "One voice." in said
    assert "Two voices." in said


def test_what_one_step_says_the_other_takes_over(as_: As, quay: Statement, fares: Statement):
    Hop.objects.filter(statement=fares, source__name="Evening Lamp").update(
        basis="Has a reporter there.", link="https://lamp.example/"
    )
    merged(as_, quay, fares)
    lamp = quay.hops.get(source__name="Evening Lamp")
    assert (lamp.basis, lamp.link) == ("Has a reporter there.", "https://lamp.example/")


def test_claims_of_opposite_stances_are_not_merged(as_: As, quay: Statement):
    denied = statement(quay.capture, FARES, [SPOKESMAN], stance="denies")
    answer = merged(as_, quay, denied)
    assert answer.status_code == 422
    assert "says it here and denies it there" in soup(answer).select_one("#claim .error").get_text()


@pytest.mark.parametrize("what", ["merge", "copy"])
@pytest.mark.parametrize("other", ["", "x", "999999-1", "elsewhere"])
def test_only_a_claim_of_the_same_text_as_it_is_now(
    as_: As, quay: Statement, fares: Statement, what: str, other: str
):
    if other == "elsewhere":
        other = (
            f"{statement(article('The pier is closed.', title='Pier'), 'The pier is closed', [LAMP]).pk}-1"
        )
    answer = as_("reporter").post(where(what, quay), {"version": 1, "other": other, "words": "both"})
    assert answer.status_code == 422
    assert soup(answer).select_one("#claim .claims-offered .error")
    assert Statement.objects.filter(deleted_at__isnull=False).count() == 0


@pytest.mark.parametrize("what", ["merge", "copy"])
def test_a_claim_that_changed_since_it_was_offered_is_offered_as_it_is_now(
    as_: As, quay: Statement, fares: Statement, what: str
):
    before = chosen(fares)
    add_hop(fares, account("editor", "ed"), hop_words("Bo Quay"))
    answer = as_("reporter").post(where(what, quay), {"version": 1, "other": before, "words": "both"})
    assert answer.status_code == 422
    assert "changed meanwhile" in soup(answer).select_one("#claim .error").get_text()
    assert "Bo Quay → Evening Lamp" in soup(answer).select_one("#claim .claims-offered").get_text()


# Copying a chain


def test_a_chain_is_copied_partings_and_words_and_all(as_: As, quay: Statement, fares: Statement):
    ed = account("editor", "ed")
    lamp = quay.hops.get(source__name="Evening Lamp")
    add_hop(quay, ed, hop_words("Bo Quay"), after=lamp, own_chain=True)
    Hop.objects.filter(pk=lamp.pk).update(basis="Was told.")
    old = list(fares.hops.standing())
    page = soup(as_("reporter").get(where("copy", quay)))
    assert "replaces Evening Lamp → a spokesman for the port" in page.select_one(".claims-offered").get_text()
    answer = as_("reporter").post(where("copy", quay), {"version": 2, "other": chosen(fares)})
    assert answer.status_code == 303
    assert answer["Location"] == reverse("statement", args=[fares.capture.document_id, fares.pk])
    assert names(fares) == names(quay) == [["Evening Lamp", "a port official"], ["Evening Lamp", "Bo Quay"]]
    copied = fares.hops.standing().get(source__name="Evening Lamp")
    lamp.refresh_from_db()
    assert (copied.start, copied.cue, copied.basis) == (lamp.start, lamp.cue, "Was told.")
    assert Hop.objects.filter(pk__in=[hop.pk for hop in old], removed_at__isnull=False).count() == len(old)
    fares.refresh_from_db()
    assert fares.version == 2


def test_a_chain_that_is_not_there_is_not_copied(as_: As, quay: Statement, fares: Statement):
    quay.hops.all().delete()
    answer = as_("reporter").post(where("copy", quay), {"version": 1, "other": chosen(fares)})
    assert answer.status_code == 422
    assert "This claim has no chain to copy." in soup(answer).select_one("#claim .error").get_text()


def test_of_many_claims_the_nearest_are_offered(as_: As):
    text = "\n\n".join(f"The boat {n} sank in the bay." for n in range(90))
    capture: Capture = article(text, title="Boats")
    made = [
        Statement.objects.add(
            capture, text.index(f"The boat {n} "), text.index(f"The boat {n} ") + 12, by=None
        )
        for n in range(90)
    ]
    for at, first in ((0, "2."), (45, "16."), (89, "30.")):
        rows = (
            soup(as_("reporter", htmx=True).get(where("merge", made[at])))
            .select(".claims-offered")[0]
            .select("label span")
        )
        assert len(rows) == 60
        assert rows[0].get_text().startswith(first)
    answer = as_("reporter", htmx=True).get(where("merge", made[45]))
    assert len(answer.content) < 30_000


@WHAT
def test_what_was_done_can_be_taken_back_whole(as_: As, quay: Statement, fares: Statement, what: str):
    ed = account("editor", "ed")
    at = place("quay will")
    note = Annotation.objects.write(ed, "Which?", quay.capture, statement=quay, start=at[0], end=at[1])
    of_fares = Annotation.objects.write(ed, "Why?", fares.capture, statement=fares)
    before = (names(quay), names(fares), quay.exact, fares.exact)
    data: dict[str, Any] = {"version": 1, "other": chosen(fares), "words": "both"}
    as_("editor").post(where(what, quay), halves() if what == "split" else data)
    entry = next(
        e for e in history.of_statement(fares if what == "copy" else quay, user=account("admin")) if e.deed
    )
    answer = as_("editor").post(reverse("deed-undo", args=[entry.deed]))
    assert answer.status_code in (200, 303), answer.content[:400]
    quay.refresh_from_db()
    fares.refresh_from_db()
    assert (names(quay), names(fares), quay.exact, fares.exact) == before
    assert fares.deleted_at is None
    note.refresh_from_db()
    of_fares.refresh_from_db()
    assert (note.statement, of_fares.statement) == (quay, fares)


def test_notes_on_flags_come_along_with_them(as_: As, quay: Statement, fares: Statement):
    ed = account("editor", "eve")
    by_hand = Flag.objects.raise_by_hand(fares, ed, "OTHER", "odd", "warn")
    by_rule = Flag.objects.create(statement=fares, code="DENIED", why="x")
    notes = [
        Annotation.objects.write(ed, "Why?", fares.capture, statement=fares, flag=flag)
        for flag in (by_hand, by_rule)
    ]
    assert merged(as_, quay, fares, version=1).status_code == 303
    connection.check_constraints()
    now = [Annotation.objects.get(pk=note.pk) for note in notes]
    assert [note.statement for note in now] == [quay, quay]
    assert [note.flag for note in now] == [by_hand, None]
