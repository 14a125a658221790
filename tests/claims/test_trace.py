"""`manage.py trace`: its JSON is a contract (docs/trace.md). Fields may be added, never renamed."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

TEXT = (
    "The Lantern, citing two officials, reported that the dam is safe.\r\n\r\n"
    "Reportedly, the bridge was never inspected.\n"
)
HOP = {"name", "kind", "naming", "start", "end", "cue", "cue_start", "cue_end", "link"}


def traced(*inputs: str, **options: Any) -> tuple[list[dict[str, Any]], int]:
    """The JSON lines that the command prints, and its exit status."""
    out = io.StringIO()
    status = 0
    try:
        call_command("trace", *inputs, "--json", stdout=out, **options)
    except SystemExit as left:
        status = int(left.code or 0)
    return [json.loads(line) for line in out.getvalue().splitlines()], status


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "dam.txt"
    path.write_bytes(TEXT.encode())
    return path


def test_the_document_has_the_fields_of_the_contract(article: Path) -> None:
    [row], status = traced(str(article))
    assert status == 0
    assert {"file", "document", "text", "attributions", "statements"} <= set(row)
    assert row["file"] == str(article)
    assert {"title", "publisher", "byline", "published_at", "url"} <= set(row["document"])
    assert row["text"] == TEXT
    for found in row["attributions"]:
        assert {"source", "cue", "content"} <= set(found)
        assert all(0 <= s < e <= len(TEXT) for role in ("cue", "content") for s, e in found[role])
        assert found["source"] is None or all(0 <= s < e <= len(TEXT) for s, e in found["source"])


def test_the_example_of_the_page_is_what_is_printed(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/trace.md").read_text(encoding="utf-8")
    told = json.loads(page.split("```json\n", 1)[1].split("```", 1)[0])
    path = tmp_path / told["file"]
    path.write_text(told["text"], encoding="utf-8")
    [row], _ = traced(str(path))
    [shown], [statement] = told["statements"], row["statements"]
    assert shown["flags"] == statement["flags"][:1]
    # How sure it is changes with every learning of the weights.
    for found in (shown, statement, *told["attributions"], *row["attributions"]):
        assert 0 < found.pop("confidence") <= 1
    row |= {"file": told["file"], "statements": [statement | {"flags": shown["flags"]}]}
    assert row == told


def test_a_statement_has_its_words_chains_and_flags(article: Path) -> None:
    [row], _ = traced(str(article))
    first, second = row["statements"]
    assert {"start", "end", "quote", "chains", "flags"} <= set(first)
    assert first["quote"] == "the dam is safe" == TEXT[first["start"] : first["end"]]
    assert "hearsay" not in first
    [[lantern, officials]] = first["chains"]
    assert set(lantern) >= HOP
    assert (lantern["name"], lantern["kind"], lantern["naming"]) == ("The Lantern", "outlet", "named")
    assert TEXT[lantern["start"] : lantern["end"]] == "The Lantern"
    assert TEXT[officials["cue_start"] : officials["cue_end"]] == officials["cue"] == "citing"
    assert lantern["link"] is None
    assert {"SINGLE_ANON", "NO_REASON", "NO_BASIS", "ANON_PICKUP"} == {
        flag["code"] for flag in first["flags"]
    }
    for flag in first["flags"]:
        asks = {"question"} if flag["code"] == "NO_BASIS" else set()
        assert set(flag) == {"code", "severity", "why", "start", "end", "places"} | asks
        assert all(TEXT[s:e].strip() for s, e in [(flag["start"], flag["end"]), *flag["places"]])
    assert second["hearsay"] is True
    assert second["chains"] == []
    assert [flag["code"] for flag in second["flags"]] == ["WEASEL"]


def test_what_cannot_be_read_gives_a_line_and_the_others_still_run(article: Path, tmp_path: Path) -> None:
    nul = tmp_path / "nul.txt"
    nul.write_bytes(b"a\0b")
    german = tmp_path / "german.txt"
    german.write_text("Die Polizei sagte am Montag, dass zwei Menschen verletzt wurden.")
    rows, status = traced(str(tmp_path / "missing.txt"), str(nul), str(german), str(article))
    assert status == 1
    assert [set(row) for row in rows[:3]] == [{"file", "error"}] * 3
    assert all(row["error"] for row in rows[:3])
    assert rows[3]["statements"]


def test_an_address_that_does_not_answer_is_such_a_line() -> None:
    [row], status = traced("http://127.0.0.1:9/article")
    assert status == 1
    assert set(row) == {"file", "error"}


def test_a_page_keeps_its_links(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><title>Dam safe</title></head><body><article><h1>Dam safe</h1>"
        "<p>The dam above the valley is safe and will hold for another year, "
        '<a href="https://lantern.example/dam">the Daily Lantern</a> reported on Monday. '
        "It was built in 1960 and has been looked after by the harbour office ever since.</p>"
        "<p>Nobody has to leave the valley, the mayor of Oakford said in the afternoon. "
        "The road along the river stays open for cars and for the bus to the station.</p>"
        "</article></body></html>"
    )
    [row], status = traced(str(page))
    assert status == 0
    assert row["document"]["title"] == "Dam safe"
    hops = [hop for s in row["statements"] for chain in s["chains"] for hop in chain]
    assert "https://lantern.example/dam" in {hop["link"] for hop in hops}


def test_standard_input_is_named_by_its_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(TEXT.encode())))
    [row], _ = traced("-")
    assert row["file"] == "-"
    assert row["text"] == TEXT


def test_the_tree_shows_claims_hops_and_flags(article: Path) -> None:
    out = io.StringIO()
    call_command("trace", str(article), stdout=out)
    shown = out.getvalue()
    assert "the dam is safe" in shown
    assert shown.index("The Lantern") < shown.index("two officials")
    assert "hearsay" in shown
    assert "WEASEL" in shown


def test_a_senseless_number_of_processes_is_refused(article: Path) -> None:
    with pytest.raises(CommandError, match="1 or more"):
        call_command("trace", str(article), "-j", "0")
