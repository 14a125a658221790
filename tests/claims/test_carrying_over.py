"""A new version of an article: what becomes of the claims and notes of the one before. In the database."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction

from claims import reading
from claims.carrying_over import carry_over, changed, notes_changed, notes_in_tray, put_on, tray
from claims.models import Annotation, Carried, Flag, Hop, Statement
from claims.models.chain_edits import add_hop
from sources.ingest import Bytes, HereAlready, take_in_version
from sources.models import Capture
from sources.parsed import Parsed
from tests.factories import (
    FARES,
    FERRY,
    HARBOUR,
    LAMP,
    OFFICIAL,
    SPOKESMAN,
    TIMETABLE,
    account,
    article,
    found,
    hop_words,
    names,
    statement,
)

pytestmark = pytest.mark.django_db

PUT_IN = "🚢 The harbour was full of boats on Friday.\n\n"
SHIFTED = PUT_IN + HARBOUR
REWORDED = HARBOUR.replace("the timetable was not settled", "the winter timetable was not yet settled")
WITHOUT_FARES = HARBOUR.replace("\n\nThe fares will double next year.", "")


@pytest.fixture
def capture() -> Capture:
    return article()


@pytest.fixture
def editor() -> User:
    return account("editor")


def revise(capture: Capture, text: str, by: User | None = None) -> Capture:
    """Take in that text as the next version, and carry over."""
    with transaction.atomic():
        came = Bytes(text.encode(), "text/plain; charset=utf-8")
        new = take_in_version(capture.document, came, Parsed(text), by)
        carry_over(new, by)
    return new


def again(thing: Statement | Annotation | Hop) -> Statement:
    """The row as the database has it now."""
    return type(thing).objects.get(pk=thing.pk)  # type: ignore[return-value]


def test_unchanged_words_keep_verdict_chain_flags_and_notes(capture: Capture, editor: User):
    ferry = statement(capture, FERRY, [LAMP, OFFICIAL])
    ferry.decide(editor, "weak", "One voice")
    Annotation.objects.write(editor, "Who?", capture, statement=ferry, hop=ferry.hops.first())
    Flag.objects.raise_by_hand(ferry, editor, "OTHER", "odd", "warn")
    flags = set(ferry.flags.values_list("pk", "code", "state"))
    new = revise(capture, SHIFTED, editor)
    now = again(ferry)
    assert (now.capture, now.exact, new.text[now.start : now.end]) == (new, FERRY, FERRY)
    assert (now.state, now.version) == ("weak", ferry.version + 1)
    assert names(now) == [["Evening Lamp", "a port official"]]
    assert set(now.flags.values_list("pk", "code", "state")) == flags
    assert [note.capture for note in now.annotations.all()] == [new]
    assert now.verdicts.get().reason == "One voice"
    for hop in now.hops.all():
        assert new.text[hop.start : hop.end] == hop.source.name
        assert new.text[hop.cue_start : hop.cue_end] == hop.cue
    for flag in now.flags.all():
        for place, end in flag.places:
            assert new.text[place:end].strip() == new.text[place:end]
    assert Carried.objects.get().how == "unchanged"
    assert not changed(new)


def test_places_of_flags_go_along(capture: Capture):
    ferry = statement(capture, FERRY, [LAMP, OFFICIAL])
    flag = ferry.flags.first()
    assert flag is not None
    at = HARBOUR.index("a port official")
    Flag.objects.filter(pk=flag.pk).update(places=[[at, at + 15], [0, 5]])
    new = revise(capture, SHIFTED.replace("Ferry to stop", "Boat to stop"))
    flag.refresh_from_db()
    assert [new.text[start:end] for start, end in flag.places] == ["a port official"]


def test_reworded_claims_are_reopened_with_old_and_new_words(capture: Capture, editor: User):
    timetable = statement(capture, TIMETABLE, [SPOKESMAN])
    timetable.decide(editor, "accepted")
    new = revise(capture, REWORDED, editor)
    now = again(timetable)
    assert (now.capture, now.state, now.confidence) == (new, "unreviewed", None)
    assert now.exact == now.wording == "the winter timetable was not yet settled"
    row = changed(new)[now.pk]
    assert (row.how, row.old_words, row.words, row.state, row.by) == (
        "reworded",
        TIMETABLE,
        now.exact,
        "accepted",
        editor,
    )
    assert names(now) == [["a spokesman for the port"]]
    assert now.verdicts.count() == 1
    now.decide(editor, "accepted")
    assert not changed(new)


def test_a_change_that_nobody_looked_at_is_still_marked_after_a_further_version(capture: Capture):
    timetable = statement(capture, TIMETABLE, [SPOKESMAN])
    revise(revise(capture, REWORDED), PUT_IN + REWORDED)
    assert changed(again(timetable).capture)[timetable.pk].old_words == TIMETABLE


def test_a_wording_of_a_person_stays(capture: Capture, editor: User):
    timetable = statement(capture, TIMETABLE)
    timetable.amend(editor, "No timetable yet", timetable.start, timetable.end)
    revise(capture, REWORDED)
    assert again(timetable).wording == "No timetable yet"


def test_deleted_claims_stand_in_the_tray_with_all_they_carried(capture: Capture, editor: User):
    fares = statement(capture, FARES, [LAMP])
    fares.decide(editor, "weak", "No figure")
    Annotation.objects.write(editor, "By how much?", capture, statement=fares)
    flags = list(fares.flags.values())
    new = revise(capture, WITHOUT_FARES, editor)
    assert [s.pk for s in tray(capture.document)] == [fares.pk]
    now = again(fares)
    assert (now.capture, now.exact, now.state) == (capture, FARES, "weak")
    assert list(now.flags.values()) == flags
    assert now.annotations.get().body == "By how much?"
    assert names(now) == [["Evening Lamp"]]
    assert not new.statements.exists()


def test_words_that_come_back_take_their_claim_out_of_the_tray(capture: Capture, editor: User):
    fares = statement(capture, FARES)
    fares.decide(editor, "weak")
    third = revise(revise(capture, WITHOUT_FARES), SHIFTED)
    assert (again(fares).capture, again(fares).state) == (third, "weak")
    assert not tray(capture.document)


def test_a_claim_of_the_tray_stays_there_through_further_versions(capture: Capture):
    fares = statement(capture, FARES)
    revise(revise(capture, WITHOUT_FARES), PUT_IN + WITHOUT_FARES)
    assert [s.pk for s in tray(capture.document)] == [fares.pk]
    assert Carried.objects.count() == 1


def test_a_claim_of_the_tray_is_put_on_other_words(capture: Capture, editor: User):
    fares = statement(capture, FARES, [LAMP])
    fares.decide(editor, "weak")
    text = WITHOUT_FARES + "\n\nTickets are to cost twice as much."
    new = revise(capture, text)
    at = text.index("Tickets")
    with transaction.atomic():
        put_on(Statement.objects.lock(fares.pk, None), new, at, at + 33, editor)
    now = again(fares)
    assert (now.capture, now.exact, now.state) == (new, text[at : at + 33], "unreviewed")
    assert not tray(capture.document)
    assert changed(new)[fares.pk].old_words == FARES
    with pytest.raises(ValueError, match="already"):
        put_on(now, new, 0, 5, editor)


def test_notes_on_words_go_along_and_lost_ones_to_the_tray(capture: Capture, editor: User):
    def note(words: str) -> Annotation:
        at = HARBOUR.index(words)
        made = Annotation.objects.write(editor, f"On {words}", capture, start=at, end=at + len(words))
        made.reply(editor, "Indeed")
        return made

    kept, other, lost = note("island ferry"), note("the timetable was not settled"), note(FARES)
    whole = Annotation.objects.write(editor, "On all of it", capture)
    text = PUT_IN + REWORDED.replace("\n\nThe fares will double next year.", "")
    new = revise(capture, text)
    kept, other, lost, whole = (Annotation.objects.get(pk=n.pk) for n in (kept, other, lost, whole))
    assert (kept.capture, text[kept.start : kept.end]) == (new, "island ferry")
    assert kept.replies.get().capture == new
    changes = notes_changed(new, Annotation.objects.all())
    assert changes[other.pk].words == "the winter timetable was not yet settled"
    assert (lost.capture, lost.replies.get().capture) == (capture, capture)
    assert list(notes_in_tray(capture.document, Annotation.objects.all())) == [lost]
    assert whole.capture == new


def test_what_a_person_deleted_stays_deleted_and_out_of_the_tray(capture: Capture, editor: User):
    ferry, fares = statement(capture, FERRY), statement(capture, FARES)
    ferry.discard(editor)
    fares.discard(editor)
    new = revise(capture, PUT_IN + WITHOUT_FARES)
    assert (again(ferry).capture, again(ferry).deleted_by) == (new, editor)
    assert again(fares).capture == capture
    assert not tray(capture.document)
    reading.keep(new, (found(new.text, FERRY),))
    assert not new.statements.filter(deleted_at=None).exists()


def test_a_hop_whose_words_are_gone_stays_without_them(capture: Capture, editor: User):
    ferry = statement(capture, FERRY, [LAMP, OFFICIAL])
    add_hop(ferry, editor, hop_words("Ada Brine"))
    revise(capture, HARBOUR.replace(", citing a port official", ""))
    official = again(ferry).hops.get(source__name="a port official")
    assert (official.start, official.end, official.cue_start, official.cue) == (None, None, None, "citing")


def test_a_claim_of_another_length_of_text_never_breaks_the_rules_of_the_database(capture: Capture):
    ferry = statement(capture, FERRY, [LAMP, OFFICIAL])
    new = revise(capture, "The island ferry will not run in January.")
    assert again(ferry).capture == new
    assert all(hop.start is None for hop in again(ferry).hops.all())


# The machine reads the new version


def test_reading_the_new_version_doubles_nothing(capture: Capture, editor: User):
    ferry, timetable, fares = (
        statement(capture, FERRY, [LAMP, OFFICIAL]),
        statement(capture, TIMETABLE, [SPOKESMAN]),
        statement(capture, FARES),
    )
    ferry.decide(editor, "accepted")
    text = PUT_IN + REWORDED
    new = revise(capture, text)
    winter = "the winter timetable was not yet settled"
    reading.keep(
        new,
        (
            found(text, FERRY, [LAMP]),
            found(text, "winter timetable was not yet settled", [SPOKESMAN]),
            found(text, FARES, [LAMP]),
            found(text, "The harbour was full of boats"),
        ),
    )
    there = {s.pk: s for s in new.statements.all()}
    assert len(there) == 4
    assert names(there[ferry.pk]) == [["Evening Lamp", "a port official"]]
    assert there[timetable.pk].exact == winter.removeprefix("the ")
    assert timetable.pk in changed(new)
    # Nobody had touched this one: the machine's own reading is renewed in its place.
    assert names(there[fares.pk]) == [["Evening Lamp"]]


def test_reading_never_removes_what_was_carried_over(capture: Capture):
    statement(capture, FERRY, [LAMP])
    new = revise(capture, SHIFTED)
    reading.keep(new, ())
    assert [s.exact for s in new.statements.all()] == [FERRY]


def test_places_of_the_earlier_text_hide_nothing_in_the_new_one(capture: Capture, editor: User):
    ferry = statement(capture, FERRY)
    ferry.decide(editor, "weak")
    words = "X" * ferry.start + " the cranes stood still all night long, a docker said.\n\n"
    new = revise(capture, words + HARBOUR)
    at = new.text.index("the cranes stood still all night long")
    assert at - ferry.start < 3
    reading.keep(new, (found(new.text, "the cranes stood still all night long"),))
    assert new.statements.count() == 2


def test_reading_the_earlier_version_again_doesn_t_make_its_claims_anew(capture: Capture):
    statement(capture, FERRY, [LAMP])
    revise(capture, SHIFTED)
    reading.keep(capture, (found(HARBOUR, FERRY, [LAMP]),))
    assert Statement.objects.count() == 1


# What keeps it true


def test_what_was_carried_is_never_changed(capture: Capture):
    statement(capture, FERRY)
    revise(capture, SHIFTED)
    row = Carried.objects.get()
    row.old_words = "else"
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


def test_captures_stay_as_they_were(capture: Capture):
    statement(capture, FERRY)
    new = revise(capture, SHIFTED)
    assert Capture.objects.get(pk=capture.pk).text == HARBOUR
    assert capture.document.latest_capture == new


def test_the_same_text_is_no_new_version(capture: Capture):
    for text in (HARBOUR, HARBOUR + "\n"):
        with pytest.raises(HereAlready):
            revise(capture, text)


def test_queries_do_not_grow_with_claims(capture: Capture, django_assert_max_num_queries):
    for words in (FERRY, TIMETABLE, FARES, "Ferry to stop", "The island ferry", "the port"):
        statement(capture, words, [LAMP])
    with django_assert_max_num_queries(30):
        revise(capture, SHIFTED)


def test_reading_an_earlier_version_again_leaves_what_is_in_the_tray(capture: Capture):
    """What became of a claim is kept with it, so the engine can't take back one that it finds no more."""
    fares = statement(capture, FARES, [LAMP])
    revise(capture, WITHOUT_FARES)
    reading.keep(capture, ())
    assert list(tray(capture.document)) == [fares]


def test_versions_hold_the_flags_of_the_version_before(capture: Capture, editor: User):
    """In the order of every other change: the claims, then the flags. Else two wait for each other."""
    fares = statement(capture, FARES, [LAMP])
    taken: list[str] = []

    def noted(execute, sql, params, many, context):
        if "pg_advisory_xact_lock" in sql:
            taken.append(f"flags of {params[1]}")
        elif "FOR NO KEY UPDATE" in sql and 'FROM "claims_statement"' in sql:
            taken.append("claims")
        elif sql.startswith("UPDATE claims_flag") or 'UPDATE "claims_' in sql:
            taken.append("writes")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noted):
        new = revise(capture, WITHOUT_FARES)
    assert taken.index("claims") < taken.index(f"flags of {capture.pk}")
    del taken[:]
    with connection.execute_wrapper(noted), transaction.atomic():
        put_on(Statement.objects.lock(fares.pk, None), new, 0, 5, editor)
    assert taken[:2] == ["claims", f"flags of {capture.pk}"]
    assert "writes" in taken
