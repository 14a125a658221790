"""What a person does to the chains of a claim: add, amend, remove, move."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection

from claims.models import Annotation, Flag, Hop, Statement
from claims.models.chain_edits import HopWords, add_hop, amend_hop, move_hop, remove_hop
from sources.models import Source
from tests.factories import (
    FERRY,
    HARBOUR,
    LAMP,
    OFFICIAL,
    SPOKESMAN,
    account,
    article,
    hop_words,
    names,
    statement,
)

pytestmark = pytest.mark.django_db

WIRE = ("Coast Wire", "agency", "named")
RADIO = hop_words("Radio Skerry", "outlet")


@pytest.fixture
def reporter() -> User:
    return account("reporter")


@pytest.fixture
def ferry() -> Statement:
    """Evening Lamp → Coast Wire → a port official."""
    return statement(article(), FERRY, [LAMP, WIRE, OFFICIAL])


@pytest.fixture
def forked() -> Statement:
    """Evening Lamp → Coast Wire → an official, and Evening Lamp → a spokesman."""
    return statement(article(), FERRY, [LAMP, WIRE, OFFICIAL], [LAMP, SPOKESMAN])


@pytest.fixture(autouse=True)
def rules_hold():
    """What the database checks at the end of a transaction holds after every edit here."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def hop(statement: Statement, name: str) -> Hop:
    return statement.hops.standing().get(source__name=name)


def test_a_hop_goes_nearest_the_reader(ferry: Statement, reporter: User):
    add_hop(ferry, reporter, RADIO)
    assert names(ferry) == [["Radio Skerry", "Evening Lamp", "Coast Wire", "a port official"]]


def test_a_hop_goes_between_two_others(ferry: Statement, reporter: User):
    add_hop(ferry, reporter, RADIO, after=hop(ferry, "Evening Lamp"))
    assert names(ferry) == [["Evening Lamp", "Radio Skerry", "Coast Wire", "a port official"]]


def test_a_hop_goes_behind_the_origin(ferry: Statement, reporter: User):
    add_hop(ferry, reporter, RADIO, after=hop(ferry, "a port official"))
    assert names(ferry) == [["Evening Lamp", "Coast Wire", "a port official", "Radio Skerry"]]


def test_a_hop_before_a_fork_is_in_both_chains(forked: Statement, reporter: User):
    add_hop(forked, reporter, RADIO, after=hop(forked, "Evening Lamp"))
    assert names(forked) == [
        ["Evening Lamp", "Radio Skerry", "Coast Wire", "a port official"],
        ["Evening Lamp", "Radio Skerry", "a spokesman for the port"],
    ]


def test_a_hop_starts_a_chain_of_its_own(ferry: Statement, reporter: User):
    add_hop(ferry, reporter, RADIO, own_chain=True)
    assert names(ferry) == [["Evening Lamp", "Coast Wire", "a port official"], ["Radio Skerry"]]


def test_the_first_hop_of_a_claim_without_a_source(reporter: User):
    fares = statement(article(), "The fares will double next year")
    assert names(fares) == []
    add_hop(fares, reporter, RADIO)
    assert names(fares) == [["Radio Skerry"]]
    assert fares.flags.get(code="NO_SOURCE").state == "closed"


def test_a_known_source_is_found_by_any_of_its_names(ferry: Statement, reporter: User):
    Source.objects.get(name="Coast Wire").add_alias("CW")
    made = add_hop(ferry, reporter, hop_words("the cw", "unknown"))
    assert made.source.name == "Coast Wire"


def test_an_unnamed_source_is_this_article_s_own(ferry: Statement, reporter: User):
    made = add_hop(ferry, reporter, hop_words("a minister", naming="anonymous"))
    assert made.source.within == ferry.capture.document
    elsewhere = statement(article("A minister spoke.", title="Other"), "A minister spoke")
    other = add_hop(elsewhere, reporter, hop_words("a minister", naming="anonymous"))
    assert other.source != made.source


def test_a_hop_keeps_the_words_that_it_stands_on(ferry: Statement, reporter: User):
    at = HARBOUR.index("A spokesman for the port")
    made = add_hop(
        ferry, reporter, HopWords("Port", "group", "named", " said ", at - 1, at + 24, "https://p.example/ ")
    )
    assert (made.cue, made.link) == ("said", "https://p.example/")
    # White space at the edges is no part of the words.
    assert (made.start, made.end) == (at, at + 24)
    with pytest.raises(ValueError, match="not in this text"):
        add_hop(ferry, reporter, HopWords("Port", "group", "named", "", 0, 100_000))


def test_another_source_in_the_place_of_one(ferry: Statement, reporter: User):
    wire = hop(ferry, "Coast Wire")
    amend_hop(ferry, reporter, wire, hop_words("Radio Skerry", "outlet", cue="told"))
    assert names(ferry) == [["Evening Lamp", "Radio Skerry", "a port official"]]
    wire.refresh_from_db()
    assert wire.cue == "told"
    assert Source.objects.filter(name="Coast Wire").exists()


def test_another_cue_has_no_place_in_the_text_and_the_same_cue_keeps_its_own(
    ferry: Statement, reporter: User
):
    lamp = hop(ferry, "Evening Lamp")
    at = lamp.cue_start
    assert at is not None
    amend_hop(ferry, reporter, lamp, hop_words("Evening Lamp", "outlet", cue="reported"))
    lamp.refresh_from_db()
    assert lamp.cue_start == at
    amend_hop(ferry, reporter, lamp, hop_words("Evening Lamp", "outlet", cue="claimed"))
    assert Hop.objects.values_list("cue", "cue_start", "cue_end").get(pk=lamp.pk) == ("claimed", None, None)


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ("Evening Lamp", [["Coast Wire", "a port official"]]),
        ("Coast Wire", [["Evening Lamp", "a port official"]]),
        ("a port official", [["Evening Lamp", "Coast Wire"]]),
    ],
)
def test_what_followed_a_removed_hop_moves_up(
    ferry: Statement, reporter: User, gone: str, left: list[list[str]]
):
    remove_hop(ferry, reporter, hop(ferry, gone))
    assert names(ferry) == left


def test_removing_the_root_of_a_fork_leaves_two_chains_in_order(forked: Statement, reporter: User):
    add_hop(forked, reporter, RADIO, own_chain=True)
    remove_hop(forked, reporter, hop(forked, "Evening Lamp"))
    assert names(forked) == [
        ["Coast Wire", "a port official"],
        ["a spokesman for the port"],
        ["Radio Skerry"],
    ]


def test_removing_every_hop_leaves_a_claim_without_a_source(ferry: Statement, reporter: User):
    for name in ("Coast Wire", "Evening Lamp", "a port official"):
        remove_hop(ferry, reporter, hop(ferry, name))
    assert names(ferry) == []
    states = {flag.code: flag.state for flag in ferry.flags.all()}
    assert states.pop("NO_SOURCE") == "open"
    assert states["SINGLE_ANON"] == "closed"
    assert set(states.values()) == {"closed"}


def test_notes_and_flags_on_a_removed_hop_survive(ferry: Statement, reporter: User):
    wire = hop(ferry, "Coast Wire")
    note = Annotation.objects.write(reporter, "Which desk?", ferry.capture, statement=ferry, hop=wire)
    flag = Flag.objects.raise_by_hand(ferry, reporter, "NO_LINK", "no link", "warn", wire)
    remove_hop(ferry, reporter, wire)
    note.refresh_from_db()
    flag.refresh_from_db()
    assert note.hop == wire
    assert note.hop.name == "Coast Wire"
    assert (flag.hop, flag.state) == (wire, "open")


def test_a_hop_moves_nearer_the_reader(ferry: Statement, reporter: User):
    move_hop(ferry, reporter, hop(ferry, "a port official"), nearer=True)
    assert names(ferry) == [["Evening Lamp", "a port official", "Coast Wire"]]
    move_hop(ferry, reporter, hop(ferry, "a port official"), nearer=True)
    assert names(ferry) == [["a port official", "Evening Lamp", "Coast Wire"]]


def test_a_hop_moves_nearer_the_origin(ferry: Statement, reporter: User):
    move_hop(ferry, reporter, hop(ferry, "Evening Lamp"), nearer=False)
    assert names(ferry) == [["Coast Wire", "Evening Lamp", "a port official"]]


def test_moving_past_an_end_is_refused_with_a_sentence(ferry: Statement, reporter: User):
    with pytest.raises(ValueError, match="nearest the reader already"):
        move_hop(ferry, reporter, hop(ferry, "Evening Lamp"), nearer=True)
    with pytest.raises(ValueError, match="the origin already"):
        move_hop(ferry, reporter, hop(ferry, "a port official"), nearer=False)


def test_moving_past_a_fork_is_refused_and_within_a_branch_it_works(forked: Statement, reporter: User):
    for name in ("Coast Wire", "a spokesman for the port"):
        with pytest.raises(ValueError, match="Two chains part at Evening Lamp"):
            move_hop(forked, reporter, hop(forked, name), nearer=True)
    move_hop(forked, reporter, hop(forked, "a port official"), nearer=True)
    assert names(forked) == [
        ["Evening Lamp", "a port official", "Coast Wire"],
        ["Evening Lamp", "a spokesman for the port"],
    ]


def test_moving_a_root_keeps_its_place_among_the_chains(forked: Statement, reporter: User):
    add_hop(forked, reporter, RADIO, own_chain=True)
    add_hop(forked, reporter, hop_words("Port", "group"), after=hop(forked, "Radio Skerry"))
    move_hop(forked, reporter, hop(forked, "Port"), nearer=True)
    assert names(forked)[-1] == ["Port", "Radio Skerry"]
    assert len(names(forked)) == 3


def test_every_edit_raises_the_version_names_the_person_and_runs_the_rules(ferry: Statement, reporter: User):
    assert ferry.flags.get(code="SINGLE_ANON").code == "SINGLE_ANON"
    add_hop(ferry, reporter, hop_words("Ada Brine"), after=hop(ferry, "a port official"))
    now = Statement.objects.get(pk=ferry.pk)
    assert (now.version, now.edited_by) == (2, reporter)
    assert ferry.flags.get(code="SINGLE_ANON").state == "closed"


def test_another_kind_of_the_same_source_holds_everywhere_and_the_flags_follow(reporter: User):
    capture = article()
    ferry = statement(capture, FERRY, [LAMP])
    fares = statement(capture, "The fares will double next year", [LAMP])
    assert [f.code for f in fares.flags.standing()] == ["DEAD_END"]
    amend_hop(ferry, reporter, hop(ferry, "Evening Lamp"), hop_words("Evening Lamp", "organisation"))
    assert Source.objects.get(name="Evening Lamp").kind == "organisation"
    assert not ferry.flags.standing()
    assert not fares.flags.standing()


def test_a_known_source_put_in_another_s_place_keeps_its_kind(ferry: Statement, reporter: User):
    Source.objects.find_or_make("Radio Skerry", "outlet")
    amend_hop(ferry, reporter, hop(ferry, "Coast Wire"), hop_words("Radio Skerry", "agency"))
    assert Source.objects.get(name="Radio Skerry").kind == "outlet"


def test_another_spelling_of_the_same_source_corrects_its_name(ferry: Statement, reporter: User):
    amend_hop(ferry, reporter, hop(ferry, "Coast Wire"), hop_words("The COAST wire", "agency"))
    assert names(ferry) == [["Evening Lamp", "The COAST wire", "a port official"]]


# What of the engine's reading is left

SAID = ("Evening Lamp", "outlet", "named", "reported", "said")
CITED = ("a port official", "person", "anonymous", "citing", "citing")


@pytest.fixture
def reasoned() -> Statement:
    """Evening Lamp → a port official, each with the engine's reason, and the engine rather sure."""
    return statement(article(), FERRY, [SAID, CITED], confidence=0.9)


def left(statement: Statement) -> tuple[dict[str, str], float | None, str]:
    """The reasons that are left, the confidence, and who corrected the reading."""
    now = Statement.objects.get(pk=statement.pk)
    reasons = {hop.name: hop.pattern for chain in now.chains() for hop in chain}
    return reasons, now.confidence, now.corrected_by.username if now.corrected_by else ""


def test_other_words_for_a_hop_take_its_reason_and_the_confidence(reasoned: Statement, reporter: User):
    amend_hop(
        reasoned, reporter, hop(reasoned, "Evening Lamp"), hop_words("Evening Lamp", "outlet", cue="said")
    )
    # The words it stood on went with it; "citing" spoke of it too.
    assert left(reasoned) == ({"Evening Lamp": "", "a port official": ""}, None, "reporter")


def test_a_reason_that_speaks_of_its_own_hop_alone_outlives_a_new_neighbour(
    reasoned: Statement, reporter: User
):
    add_hop(reasoned, reporter, RADIO, after=hop(reasoned, "Evening Lamp"))
    reasons = {"Evening Lamp": "said", "Radio Skerry": "", "a port official": ""}
    assert left(reasoned) == (reasons, None, "reporter")


def test_a_chain_of_its_own_leaves_the_other_chain_its_reasons(reasoned: Statement, reporter: User):
    add_hop(reasoned, reporter, RADIO, own_chain=True)
    reasons = {"Evening Lamp": "said", "a port official": "citing", "Radio Skerry": ""}
    assert left(reasoned) == (reasons, None, "reporter")


def test_removing_and_moving_take_the_reasons_that_spoke_of_a_neighbour(reasoned: Statement, reporter: User):
    move_hop(reasoned, reporter, hop(reasoned, "a port official"), nearer=True)
    assert left(reasoned) == ({"a port official": "", "Evening Lamp": "said"}, None, "reporter")
    other = statement(article("Again. " + HARBOUR), FERRY, [SAID, CITED])
    remove_hop(other, reporter, hop(other, "Evening Lamp"))
    assert left(other) == ({"a port official": ""}, None, "reporter")


def test_another_naming_is_a_correction_and_leaves_the_reasons(reasoned: Statement, reporter: User):
    lamp = hop(reasoned, "Evening Lamp")
    words = HopWords("Evening Lamp", "outlet", "pseudonymous", lamp.cue, lamp.start, lamp.end)
    amend_hop(reasoned, reporter, lamp, words)
    assert left(reasoned) == ({"Evening Lamp": "said", "a port official": "citing"}, None, "reporter")


def test_a_link_corrects_nothing(reasoned: Statement, reporter: User):
    lamp = hop(reasoned, "Evening Lamp")
    link = "https://lamp.example/"
    words = HopWords("Evening Lamp", "outlet", "named", lamp.cue, lamp.start, lamp.end, link)
    amend_hop(reasoned, reporter, lamp, words)
    assert left(reasoned) == ({"Evening Lamp": "said", "a port official": "citing"}, 0.9, "")
    assert Statement.objects.get(pk=reasoned.pk).edited_by == reporter


def test_other_words_for_the_claim_correct_nothing_and_other_bounds_or_stance_do(
    reasoned: Statement, reporter: User
):
    reasoned.amend(reporter, "No ferry", reasoned.start, reasoned.end)
    assert left(reasoned)[1:] == (0.9, "")
    reasoned.amend(reporter, "No ferry", reasoned.start, reasoned.end, "denies")
    assert left(reasoned)[1:] == (None, "reporter")
    other = statement(article("Again. " + HARBOUR), FERRY, [SAID, CITED])
    other.amend(reporter, "", other.start, other.end - 1)
    assert left(other)[1:] == (None, "reporter")
