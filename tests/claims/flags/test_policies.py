"""Policy packs: those that come along, and what is said of one that won't do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from claims.flags import CODES, BadPolicy, load, load_all
from claims.flags.policy import FOLDER, made_of
from tests.claims.flags.cases import Hop, article, codes

DEFAULT = (FOLDER / "default.toml").read_text(encoding="utf-8")


def pack(folder: Path, text: str, name: str = "mine.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_packs_have_an_entry_with_its_standard_for_every_code() -> None:
    assert {"default", "wire", "magazine"} <= set(load_all())
    for policy in load_all().values():
        assert set(policy.entries) == set(CODES) - {"OTHER"}
        assert all(entry.standard for entry in policy.entries.values())


def test_the_packs_differ_on_one_article() -> None:
    text = "The mayor took bribes, an aide told the Lantern on condition of anonymity. The mayor denies it."
    aide = Hop("an aide", "person", "described", "told", 23, 30)
    made = article(text, "The mayor took bribes", [Hop("the Lantern", "outlet", cue="told"), aide])
    wire, magazine = codes(made, load("wire")), codes(made, load("magazine"))
    assert {"HEARSAY_DEPTH", "NO_REASON"} <= wire
    assert not {"HEARSAY_DEPTH", "NO_REASON"} & magazine
    assert load("wire").entries["SINGLE_ANON"].severity != load("magazine").entries["SINGLE_ANON"].severity


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[rules.WEASEL]", "[rules.WEASLE]", "rules.WEASLE: there is no such code"),
        ("hops = 3", 'hops = "3"', "rules.HEARSAY_DEPTH.thresholds.hops: must be a whole number"),
        ("hops = 3", "hops = true", "rules.HEARSAY_DEPTH.thresholds.hops: must be a whole number"),
        ("hops = 3", "hops = 99", "rules.HEARSAY_DEPTH.thresholds.hops: must be from 2 to 12, not 99"),
        ("hops = 3", "steps = 3", "rules.HEARSAY_DEPTH.thresholds.steps: this rule has no such threshold"),
        ("ratio = 1.2", "ratio = nan", "rules.NUMBER_DRIFT.thresholds.ratio: must be from 1 to 100"),
        (
            'topics = ["accusation"',
            'topics = ["gossip"',
            "rules.SINGLE_SOURCE.thresholds.topics: doesn't know 'gossip'",
        ),
        (
            'severity = "info"',
            'severity = "loud"',
            "rules.NO_LINK.severity: must be one of block, warn, info, off",
        ),
        ('severity = "info"', "severity = 1", "rules.NO_LINK.severity: must be one of"),
        (
            'severity = "info"',
            'severity = "info"\nquestion = "yes"',
            "rules.NO_LINK.question: must be true or false",
        ),
        ('severity = "info"', 'severity = "info"\ncolour = "red"', "rules.NO_LINK.colour: an entry has"),
        ('name = "default"', "name = 7", "name: must be a text"),
        ('name = "default"', 'name = "default"\nowner = "me"', "owner: a policy has"),
        ("[rules.DENIED]", "[rules.OTHER]", "rules.OTHER: there is no such code"),
        ("[rules.DENIED]", "[[rules.DENIED]]", "rules.DENIED: must be a table"),
        ("[rules.NO_SOURCE]", "[rules.NO_SOURCE", "is no TOML"),
    ],
)
def test_a_pack_that_won_t_do_is_refused_with_file_and_entry(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in DEFAULT
    pack(tmp_path, DEFAULT.replace(old, new, 1))
    with pytest.raises(BadPolicy) as refused:
        load_all(tmp_path)
    assert str(refused.value).startswith("mine.toml: ")
    assert told in str(refused.value)


def test_a_missing_entry_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadPolicy, match=r"mine\.toml: rules\.DENIED: is missing"):
        load_all(pack(tmp_path, DEFAULT.partition("[rules.DENIED]")[0]))


def test_two_packs_of_one_name_are_refused(tmp_path: Path) -> None:
    pack(tmp_path, DEFAULT, "a.toml")
    pack(tmp_path, DEFAULT, "b.toml")
    with pytest.raises(BadPolicy, match=r"b\.toml: name: 'default' is the name of a\.toml already"):
        load_all(tmp_path)


def test_a_broken_pack_keeps_the_others_from_being_used(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "default.toml", tmp_path / "default.toml")
    pack(tmp_path, "name = ")
    with pytest.raises(BadPolicy, match=r"mine\.toml"):
        load("default", tmp_path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadPolicy, match=r"mine\.toml: can't be read"):
        load_all(tmp_path)


def test_a_policy_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(BadPolicy, match="no policy 'strict'; there are default, magazine, wire"):
        load("strict")


def test_a_policy_is_made_of_a_form_s_data_too() -> None:
    with pytest.raises(BadPolicy, match="The form: rules: must be a table"):
        made_of({"name": "x", "title": "x", "about": "x", "rules": 3}, "The form")
