"""Who sees a note; editing with earlier versions kept; settling, withdrawing, tags and the list."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Annotation, Flag, Statement
from sources.models import Capture
from tests.claims.conftest import As
from tests.factories import FARES, LAMP, account, events, statement

pytestmark = pytest.mark.django_db

SECRET = "Ask Zebulon at the quay"


def soup(answer: Any) -> Any:
    return BeautifulSoup(answer.content, "html.parser")


def place(ferry: Statement) -> str:
    return reverse("statement", args=[ferry.capture.document_id, ferry.pk])


def do(client: Client, what: str, note: Annotation, **data: Any) -> Any:
    return client.post(reverse(f"note-{what}", args=[note.pk]), data)


def now(note: Annotation) -> Annotation:
    return Annotation.objects.get(pk=note.pk)


@pytest.fixture
def ada(db: None) -> User:
    return account("reporter", "ada")


@pytest.fixture
def hers(ada: User) -> Client:
    """Ada's browser."""
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def note(ferry: Statement, ada: User) -> Annotation:
    """Ada's note on a claim, which the desk sees."""
    return Annotation.objects.write(ada, "Which office?", ferry.capture, statement=ferry, tags=["port"])


# Who sees it


@pytest.mark.parametrize(
    ("chosen", "said"), [("desk", "visible to the desk"), ("me", "visible to you alone")]
)
def test_who_sees_a_note_is_chosen_and_shown(hers: Client, ferry: Statement, chosen: str, said: str):
    answer = hers.post(reverse("note-add", args=[ferry.pk]), {"body": "x", "seen_by": chosen}, follow=True)
    written = Annotation.objects.get()
    assert written.private is (chosen == "me")
    assert soup(answer).select_one(f"#note-{written.pk} .seen-by").get_text() == said


def test_a_note_is_for_the_desk_unless_its_author_says_otherwise(hers: Client, ferry: Statement):
    page = soup(hers.get(reverse("statement-part", args=[ferry.pk, "note"]), follow=True))
    assert page.select_one("#note-details select[name=seen_by] option").get_text() == "Desk"
    refused = hers.post(reverse("note-add", args=[ferry.pk]), {"body": "x", "seen_by": "all"})
    assert refused.status_code == 422


def everywhere(client: Client, ferry: Statement) -> dict[str, str]:
    """What pages show to this person, wherever a note could be."""
    document = ferry.capture.document_id
    pages = {
        "article": reverse("article", args=[document]),
        "claim": place(ferry),
        "history": place(ferry) + "?open=history",
        "capture": reverse("article-capture", args=[document, ferry.capture_id]),
        "notes": reverse("note-list") + "?state=any",
        "search": reverse("search") + "?q=Zebulon",
        "search exactly": reverse("search") + "?q=quay&exact=1&kind=notes",
        "tags": reverse("note-tags") + "?tags=",
        "articles": reverse("article-list"),
        "claims": reverse("statement-list"),
    }
    return {name: client.get(path).content.decode() for name, path in pages.items()}


def test_nobody_else_finds_a_private_note_anywhere(as_: As, hers: Client, ada: User, ferry: Statement):
    before = {role: everywhere(as_(role), ferry)["articles"] for role in ("editor", "admin")}
    flag = ferry.flags.first()
    for data in ({"statement": ferry}, {"statement": ferry, "flag": flag}, {"start": 0, "end": 5}):
        written = Annotation.objects.write(ada, SECRET, ferry.capture, private=True, tags=["zebu"], **data)
        written.reply(ada, f"{SECRET} again")
    for role in ("editor", "admin", "reader"):
        seen = everywhere(as_(role), ferry)
        assert [name for name, page in seen.items() if "Zebulon at" in page or "zebu" in page] == [], role
        assert [name for name, page in seen.items() if "Note by ada" in page] == [], role
        if role in before:
            assert seen["articles"].count("note") == before[role].count("note")
    mine = everywhere(hers, ferry)
    assert [name for name, page in mine.items() if "Zebulon at" in page] == [
        "article",
        "claim",
        "history",
        "capture",
        "notes",
        "search exactly",
    ]
    assert mine["tags"].count("zebu") == 1


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("reply", {"body": "x"}),
        ("edit", {"body": "x", "version": 1, "seen_by": "desk"}),
        ("resolve", {}),
        ("reopen", {}),
        ("withdraw", {}),
        ("restore", {}),
        ("place", {}),
    ],
)
def test_a_private_note_isn_t_there_for_others(as_: As, ada: User, ferry: Statement, what: str, data: Any):
    written = Annotation.objects.write(ada, SECRET, ferry.capture, statement=ferry, private=True)
    for role in ("editor", "admin"):
        assert do(as_(role), what, written, **data).status_code == 404
        assert as_(role).get(reverse("note", args=[written.pk])).status_code == 404
    assert as_("reader").post(reverse(f"note-{what}", args=[written.pk]), data).status_code == 403
    assert Client().post(reverse(f"note-{what}", args=[written.pk]), data).status_code == 302
    assert as_("reporter").get(reverse(f"note-{what}", args=[written.pk])).status_code == 405
    assert (now(written).body, now(written).version, now(written).replies.count()) == (SECRET, 1, 0)


def test_a_private_note_is_let_out_with_its_replies_but_not_what_it_said_before(
    as_: As, hers: Client, ada: User, ferry: Statement
):
    written = Annotation.objects.write(ada, SECRET, ferry.capture, statement=ferry, private=True)
    written.reply(ada, "Mine too")
    do(hers, "edit", written, body="Ask the quay", version=1, seen_by="me")
    do(hers, "edit", written, body="Ask the quay", version=2, seen_by="desk")
    assert now(written).replies.get().private is False
    theirs = as_("editor").get(place(ferry) + "?open=history").content.decode()
    assert "Ask the quay" in theirs
    assert "Mine too" in theirs
    assert "Zebulon" not in theirs, "nor in the history"
    assert "Zebulon" in soup(hers.get(place(ferry))).select_one(f"#note-{written.pk} .earlier").get_text()


def test_a_note_that_somebody_answered_stays_with_the_desk(hers: Client, note: Annotation):
    hidden = {"body": "Which office?", "seen_by": "me", "tags": "port"}
    do(hers, "edit", note, version=1, **hidden)
    assert now(note).private
    do(hers, "edit", note, version=2, **hidden | {"seen_by": "desk"})
    now(note).reply(account("editor", "bo"), "The second.")
    answer = do(hers, "edit", note, version=3, **hidden | {"body": "Other words"})
    assert answer.status_code == 422
    assert "Somebody has answered this note" in answer.content.decode()
    assert "Other words" in answer.content.decode()
    assert not now(note).private


def test_a_reply_is_as_private_as_its_thread_in_the_database_too(note: Annotation, ada: User):
    Annotation.objects.create(
        author=ada, body="x", capture=note.capture, statement=note.statement, parent=note, private=True
    )
    with pytest.raises(IntegrityError):
        connection.check_constraints()


# What it is on


def test_a_note_on_a_flag_stands_at_the_flag(hers: Client, ferry: Statement):
    flag = ferry.flags.worst_first()[0]
    page = soup(hers.get(place(ferry) + f"?open=note&on=flag-{flag.pk}"))
    assert page.select_one("#note-details").has_attr("open")
    assert page.select_one("select[name=on] option[selected]")["value"] == f"flag-{flag.pk}"
    hers.post(reverse("note-add", args=[ferry.pk]), {"body": "Why?", "on": f"flag-{flag.pk}"})
    written = Annotation.objects.get()
    assert (written.flag, written.statement) == (flag, ferry)
    shown = soup(hers.get(place(ferry))).select_one(f"#note-{written.pk}")
    assert f"on “{flag.title}”" in shown.get_text()
    assert flag.title in shown.find_previous_sibling(class_="flag").get_text()


def test_a_flag_of_another_claim_can_t_be_noted_on(
    hers: Client, ferry: Statement, capture: Capture, ada: User
):
    other = Flag.objects.create(statement=statement(capture, FARES, [LAMP]), code="OTHER", why="x")
    answer = hers.post(reverse("note-add", args=[ferry.pk]), {"body": "Why?", "on": f"flag-{other.pk}"})
    assert answer.status_code == 422
    Annotation.objects.write(ada, "Why?", capture, statement=ferry, flag=other)
    with pytest.raises(IntegrityError):
        connection.check_constraints()


def test_the_words_of_open_threads_are_marked_in_the_text(as_: As, ferry: Statement, ada: User):
    def write(words: str, on: Statement | None) -> Annotation:
        at = ferry.capture.text.index(words)
        return Annotation.objects.write(
            ada, "Look", ferry.capture, statement=on, start=at, end=at + len(words)
        )

    over, apart = write("will not run in January, the", ferry), write("fares will", None)
    page = soup(as_("reader").get(reverse("article", args=[ferry.capture.document_id])))
    marked = [run.get_text() for run in page.select("#text [data-noted]")]
    assert "".join(marked) == "will not run in January, the fares will".replace("the fares", "thefares")
    names = [link.get_text() for link in page.select("#text .note-mark .unseen")]
    assert names == ["Note by ada on the words before"] * 2
    to = [link["href"] for link in page.select("#text .note-mark")]
    article = reverse("article", args=[ferry.capture.document_id])
    assert to == [
        f"{place(ferry)}?note={over.pk}#note-{over.pk}",
        f"{article}?note={apart.pk}#note-{apart.pk}",
    ]
    for path, chosen, words in ((to[0], over, "will not run in January, the"), (to[1], apart, "fares will")):
        page = soup(as_("reader").get(path.partition("#")[0]))
        assert page.select_one(f"#note-{chosen.pk}").has_attr("data-chosen")
        assert "".join(run.get_text() for run in page.select("#text [data-stands=note]")) == words
    now(apart).resolve(ada)
    now(over).withdraw()
    page = soup(as_("reader").get(article))
    assert not page.select("#text [data-noted], #text .note-mark")


@pytest.mark.parametrize("wrong", ["x", "0", "9" * 30, "\0"])
def test_a_note_that_there_isn_t_is_not_chosen(as_: As, ferry: Statement, note: Annotation, wrong: str):
    assert as_("reader").get(place(ferry), {"note": wrong, "edit": wrong}).status_code == 200


# Its words


def test_its_author_edits_it_and_earlier_versions_are_kept(hers: Client, ferry: Statement, note: Annotation):
    page = soup(hers.get(place(ferry) + f"?note={note.pk}&edit={note.pk}"))
    form = page.select_one(f"#note-{note.pk} form.edit-note")
    assert form["data-draft"] == f"note-edit-{note.pk}"
    assert form.textarea.get_text().strip() == "Which office?"
    assert form.select_one("[name=tags]")["value"] == "port"
    for version, body in ((1, "Which *desk*?"), (2, "Which office?"), (3, "Which of them?")):
        answer = do(
            hers, "edit", note, body=body, version=version, seen_by="desk", tags="Port,  #Ferry ,port"
        )
        assert answer.status_code == 303
    assert (now(note).tags, now(note).version) == (["port", "ferry"], 4)
    shown = soup(hers.get(place(ferry))).select_one(f"#note-{note.pk}")
    assert "edited" in shown.select_one(".by").get_text()
    earlier = [each.get_text().strip() for each in shown.select(".earlier .body")]
    assert earlier == ["Which office?", "Which desk?", "Which office?"]


def test_two_windows_of_one_author_lose_nothing(hers: Client, ferry: Statement, note: Annotation):
    do(hers, "edit", note, body="The first", version=1, seen_by="desk")
    answer = do(hers, "edit", note, body="The second", version=1, seen_by="desk")
    assert answer.status_code == 409
    shown = soup(answer).select_one(f"#note-{note.pk}")
    assert "The first" in shown.select_one(".conflict").get_text()
    assert shown.textarea.get_text().strip() == "The second"
    assert shown.select_one("[name=version]")["value"] == "2"
    assert now(note).body == "The first"
    assert do(hers, "edit", note, body="The second", version=2, seen_by="desk").status_code == 303
    shown = soup(hers.get(place(ferry))).select_one(f"#note-{note.pk}")
    assert "The first" in shown.select_one(".earlier").get_text()


@pytest.mark.parametrize("on", ["claim", "article"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"body": "  "},
        {"body": "y" * 20_001},
        {"tags": "z" * 41},
        {"tags": ",".join("abcdefghijklm")},
        {"version": ""},
    ],
)
def test_an_edit_that_won_t_do_comes_back_as_typed(
    hers: Client, ada: User, ferry: Statement, on: str, wrong: dict[str, Any]
):
    mine = Annotation.objects.write(ada, "Old", ferry.capture, statement=ferry if on == "claim" else None)
    data = {"body": "New words", "version": 1, "seen_by": "desk", "tags": "a"} | wrong
    answer = do(hers, "edit", mine, **data)
    form = soup(answer).select_one(f"#note-{mine.pk} form.edit-note")
    assert answer.status_code == 422
    assert form.textarea.get_text().strip() == str(data["body"]).strip()
    assert form.select_one("[name=tags]")["value"] == data["tags"]
    assert now(mine).body == "Old"


@pytest.mark.parametrize("what", ["edit", "withdraw", "restore"])
def test_only_its_author_changes_a_note(as_: As, note: Annotation, what: str):
    for role in ("editor", "admin"):
        assert do(as_(role), what, note, body="Mine", version=1, seen_by="desk").status_code == 403
    assert (now(note).body, now(note).withdrawn_at) == ("Which office?", None)


def test_a_reply_is_edited_too(hers: Client, ada: User, ferry: Statement, note: Annotation):
    reply = note.reply(ada, "The second one")
    assert do(hers, "edit", reply, body="The third one", version=1).status_code == 303
    shown = soup(hers.get(place(ferry))).select_one(f"#note-{reply.pk}")
    assert shown.select_one(".body").get_text(strip=True) == "The third one"
    assert "The second one" in shown.select_one(".earlier").get_text()
    assert do(hers, "resolve", reply).status_code == 404


def test_a_withdrawn_note_leaves_a_trace_and_comes_back(
    as_: As, hers: Client, ferry: Statement, note: Annotation
):
    now(note).reply(account("editor", "bo"), "The second.")
    assert do(hers, "withdraw", note).status_code == 303
    shown = soup(as_("editor").get(place(ferry))).select_one(f"#note-{note.pk}")
    assert "Withdrawn by ada" in shown.select_one(".withdrawn summary").get_text()
    assert "Which office?" in shown.select_one(".withdrawn").get_text()
    assert "The second." in shown.get_text()
    assert "Which office?" not in as_("editor").get(reverse("note-list")).content.decode()
    assert "Which office" not in soup(as_("editor").get(reverse("search"), {"q": "office"})).main.get_text()
    do(hers, "restore", note)
    assert not soup(as_("editor").get(place(ferry))).select(".withdrawn")


def test_markdown_without_html_or_images(as_: As, ferry: Statement):
    body = (
        "# No heading\n\n**Ask** the [port](https://port.example/?a=1&b=2), "
        "[not](javascript:alert(1)) <script>alert(1)</script>\nnor ![pixel](https://spy.example/p.png)\n\n"
        "- one\n- two <img src=x onerror=alert(1)>"
    )
    as_("reporter").post(reverse("note-add", args=[ferry.pk]), {"body": body})
    shown = soup(as_("reader").get(place(ferry))).select_one(".note .body")
    assert shown.strong.get_text() == "Ask"
    assert shown.li.get_text() == "one"
    assert not shown.select("h1, img, script")
    assert "# No heading" in shown.get_text()
    assert "<script>alert(1)</script>" in shown.get_text()
    links = shown.select("a")
    assert [link["href"] for link in links] == ["https://port.example/?a=1&b=2", "https://spy.example/p.png"]
    assert all({"noopener", "noreferrer"} <= set(link["rel"]) for link in links)


# Settling


@pytest.mark.parametrize("on", ["claim", "article"])
def test_a_thread_is_settled_folded_and_opened_again(as_: As, ada: User, ferry: Statement, on: str):
    written = Annotation.objects.write(ada, "Who?", ferry.capture, statement=ferry if on == "claim" else None)
    editor = as_("editor")
    answer = do(editor, "resolve", written)
    assert answer.status_code == 303
    shown = soup(editor.get(answer["Location"])).select_one(f"#note-{written.pk}")
    assert "Resolved by editor" in shown.select_one("details.folded summary").get_text()
    assert not shown.select_one("details.folded").has_attr("open")
    at = now(written).resolved_at
    do(as_("admin"), "resolve", written)
    assert (str(now(written).resolved_by), now(written).resolved_at) == ("editor", at)
    assert do(editor, "reopen", written).status_code == 303
    assert now(written).resolved_at is None
    now(written).resolve(ada)
    do(editor, "reply", written, body="Not yet.")
    assert now(written).resolved_at is None, "an answer opens it again"


# The list of threads


def test_the_list_is_narrowed_by_links(as_: As, hers: Client, ada: User, ferry: Statement, note: Annotation):
    bo = account("editor", "bo")
    settled = Annotation.objects.write(bo, "Settled one", ferry.capture, tags=["ferry"])
    settled.resolve(bo)
    Annotation.objects.write(bo, "Open one", ferry.capture, start=0, end=5, tags=["ferry", "it & co"])
    deleted = Annotation.objects.write(
        bo, "On a deleted claim", ferry.capture, statement=statement(ferry.capture, FARES)
    )
    Statement.objects.get(annotations=deleted).discard(bo)

    def shown(**asked: str) -> list[str]:
        page = soup(hers.get(reverse("note-list"), asked))
        return [body.get_text(strip=True) for body in page.select(".note-card .body")]

    assert shown() == ["Open one", "Which office?"]
    assert shown(state="resolved") == ["Settled one"]
    assert shown(state="any", tag="ferry") == ["Open one", "Settled one"]
    assert shown(mine="1") == ["Which office?"]
    assert shown(tag="it & co") == ["Open one"]
    assert shown(article=str(ferry.capture.document_id + 99)) == []
    assert shown(state="\0", tag="\0", article="9" * 40, mine="\0") == ["Open one", "Which office?"]
    page = soup(hers.get(reverse("note-list")))
    links = {link.get_text(" ", strip=True): link["href"] for link in page.select(".narrowing a")}
    assert "tag=it+%26+co" in links["it & co 1"]
    tag = soup(hers.get(place(ferry))).select_one(f"#note-{note.pk} .tags a")
    assert [b.get_text(strip=True) for b in soup(hers.get(tag["href"])).select(".note-card .body")] == [
        "Which office?"
    ]
    assert hers.get(page.select_one(".note-card .meta a")["href"]).status_code == 302
    ferry.capture.document.withdraw(bo)
    assert shown() == []


def test_the_list_and_the_panel_ask_as_much_for_many_as_for_one(as_: As, ada: User, ferry: Statement):
    reader = as_("reader")

    def write() -> None:
        flag = ferry.flags.first()
        for more in ({"hop": ferry.hops.first()}, {"flag": flag}, {"start": 3, "end": 9}, {}):
            written = Annotation.objects.write(ada, "a", ferry.capture, statement=ferry, tags=["t"], **more)
            written.amend("b")
            written.reply(ada, "c").amend("d")
            written.resolve(ada)

    def asked(path: str) -> int:
        reader.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(path).status_code == 200
        return len(queries)

    paths = [
        reverse("note-list") + "?state=any",
        place(ferry),
        reverse("article", args=[ferry.capture.document_id]),
    ]
    write()
    asked(place(ferry))  # what is written from here on has somebody's name in the history
    write()
    few = [asked(path) for path in paths]
    for _ in range(4):
        write()
    assert [asked(path) for path in paths] == few


def test_tags_in_use_are_offered_behind_those_typed(hers: Client, ada: User, ferry: Statement):
    for tags in (["port", "ferry"], ["port", "police"]):
        Annotation.objects.write(ada, "x", ferry.capture, tags=tags)

    def offered(typed: str) -> list[str]:
        page = soup(hers.get(reverse("note-tags"), {"tags": typed}))
        return [option["value"] for option in page.select("option")]

    assert offered("") == ["port", "ferry", "police"]
    assert offered("P") == ["port", "police"]
    assert offered("urgent, po") == ["urgent, port", "urgent, police"]
    assert offered("\0") == ["port", "ferry", "police"]


def test_where_a_note_stands(as_: As, hers: Client, ada: User, ferry: Statement, note: Annotation):
    reply = note.reply(ada, "x")
    article = reverse("article", args=[ferry.capture.document_id])
    on_all = Annotation.objects.write(ada, "x", ferry.capture)
    for pk, there in (
        (note.pk, f"{place(ferry)}?note={note.pk}#note-{note.pk}"),
        (reply.pk, f"{place(ferry)}?note={note.pk}#note-{reply.pk}"),
        (on_all.pk, f"{article}?note={on_all.pk}#note-{on_all.pk}"),
    ):
        assert as_("reader").get(reverse("note", args=[pk]))["Location"] == there
    assert Client().get(reverse("note-list")).status_code == 302
    assert as_(None).get(reverse("note-list")).status_code == 403
    assert hers.post(reverse("note-list")).status_code == 405
    assert as_("reader").get(reverse("note", args=[10**9])).status_code == 404


def test_the_history_tells_what_became_of_a_note(as_: As, hers: Client, ferry: Statement, note: Annotation):
    do(hers, "edit", note, body="Which desk?", version=1, seen_by="desk", tags="port")
    do(as_("editor"), "resolve", note)
    do(hers, "withdraw", note)
    told = (
        soup(as_("admin").get(place(ferry) + "?open=history"))
        .select_one("#claim .history")
        .get_text(" ", strip=True)
    )
    for sentence in (
        "ada edited the note “Which office?” to “Which desk?”",
        "editor resolved the note “Which desk?”",
        "ada withdrew the note “Which desk?”",
    ):
        assert sentence in told


def test_nobody_takes_back_what_an_author_did_to_a_note(
    as_: As, hers: Client, ferry: Statement, note: Annotation
):
    do(hers, "edit", note, body="Which desk?", version=1, seen_by="desk")
    context = events(note).values_list("pgh_context_id", flat=True).reverse()[0]
    answer = as_("editor").post(reverse("deed-undo", args=[context]), follow=True)
    assert "This can’t be taken back." in answer.content.decode()
    assert now(note).body == "Which desk?"
