"""The text laid out for the page. No database, no Django."""

from __future__ import annotations

from claims.marks import Laid, Span, Stand, excerpts, lay_out, paragraphs


def shown(laid: list[Laid]) -> str:
    """The layout as one line: [1…] around the words of statement 1, <…> around a link, ¶ between blocks."""
    out = []
    for block in laid:
        words = ""
        for run in block.runs:
            inner = "/" if run.line_end else f"<{run.text}>" if run.href else run.text
            opened = "".join(f"[{key}" for key in run.inside)
            words += f"{opened}{'|' if run.inside else ''}{inner}{']' * len(run.inside)}"
        out.append(words)
    return "¶".join(out)


def test_a_text_without_statements_is_its_paragraphs():
    text = "One line\nand its other half.\n\nTwo.\r\n\r\nThree."
    assert [text[a:b] for a, b, _ in paragraphs(text)] == ["One line\nand its other half.", "Two.", "Three."]
    assert shown(lay_out(text, [], [], [])) == "One line/and its other half.¶Two.¶Three."


def test_every_character_outside_blank_lines_is_shown_once_at_its_place():
    text = "Ab 😀 cd.\n\n  שלום ef\r\ngh.\n\n\nij"
    laid = lay_out(text, [(0, 8, "p")], [(3, 4, "https://a.example/")], [Span(1, 0, 5), Span(2, 3, 16)])
    runs = [run for block in laid for run in block.runs]
    assert all(text[run.start : run.start + len(run.text)] == run.text for run in runs if not run.line_end)
    assert "".join("".join(run.text for run in runs).split()) == "".join(text.split())


def test_a_statement_is_marked_where_its_words_are():
    text = "He said it rains. It does."
    (block,) = lay_out(text, [], [], [Span(7, 8, 16)])
    assert shown([block]) == "He said [7|it rains]. It does."
    (mark,) = [run for run in block.runs if run.inside]
    assert (mark.begins, mark.ends) == ((7,), (7,))


def test_overlapping_statements_are_cut_into_runs_the_longest_outermost():
    text = "abcdefghij"
    laid = lay_out(text, [], [], [Span(1, 0, 6), Span(2, 4, 8), Span(3, 4, 6)])
    assert shown(laid) == "[1|abcd][1[2[3|ef]]][2|gh]ij"
    runs = laid[0].runs
    assert [run.begins for run in runs] == [(1,), (2, 3), (), ()]
    assert [run.ends for run in runs] == [(), (1, 3), (2,), ()]


def test_a_statement_over_two_paragraphs_is_several_marks_and_begins_and_ends_once():
    text = "One two.\n\nThree four."
    laid = lay_out(text, [], [], [Span(5, 4, 15)])
    assert shown(laid) == "One [5|two.]¶[5|Three] four."
    marked = [run for block in laid for run in block.runs if run.inside]
    assert [(run.begins, run.ends) for run in marked] == [((5,), ()), ((), (5,))]


def test_the_same_words_marked_twice_begin_and_end_both():
    (block,) = lay_out("abc", [], [], [Span(9, 0, 3), Span(4, 0, 3)])
    assert (block.runs[0].inside, block.runs[0].begins, block.runs[0].ends) == ((4, 9), (4, 9), (4, 9))


def test_a_link_is_cut_by_a_statement_and_goes_on():
    laid = lay_out("see the report now", [], [(4, 14, "https://a.example/")], [Span(1, 8, 18)])
    assert shown(laid) == "see <the >[1|<report>][1| now]"


def test_links_beside_each_other_stay_apart():
    laid = lay_out("ab cd", [], [(0, 2, "https://a.example/"), (3, 5, "https://b.example/")], [])
    assert [(run.text, run.href[8:9]) for run in laid[0].runs] == [("ab", "a"), (" ", ""), ("cd", "b")]


def test_words_outside_every_block_are_paragraphs_so_that_no_statement_is_without_its_words():
    text = "Head\n\nBody\n\nleft over\n\nTail"
    laid = lay_out(text, [(0, 4, "h1"), (6, 10, "p")], [], [Span(1, 12, 16)])
    assert [block.kind for block in laid] == ["h1", "p", "p", "p"]
    assert shown(laid) == "Head¶Body¶[1|left] over¶Tail"


def test_a_line_end_of_two_characters_is_a_run_of_its_own():
    runs = lay_out("ab\r\ncd", [(0, 6, "p")], [], [Span(1, 0, 6)])[0].runs
    assert [(run.start, run.line_end) for run in runs] == [(0, False), (2, True), (4, False)]


def test_a_whole_text_in_one_statement_with_trailing_white_space_ends():
    laid = lay_out("abc  \n\n", [], [], [Span(1, 0, 7)])
    assert [run.ends for block in laid for run in block.runs if run.ends] == [(1,)]
    laid = lay_out("abc\n  def", [(0, 9, "p")], [], [Span(1, 0, 6)])
    assert [(run.text, run.ends) for run in laid[0].runs if run.inside] == [("abc", (1,)), ("  ", ())]


def test_every_one_of_ten_thousand_statements_is_marked():
    words = "word " * 200_000
    spans = [Span(n, n * 100, n * 100 + 50) for n in range(10_000)]
    laid = lay_out(words, [(a, a + 1000, "p") for a in range(0, 1_000_000, 1000)], [], spans)
    begun = [key for block in laid for run in block.runs for key in run.begins]
    assert begun == list(range(10_000))


def test_what_a_hop_stands_on_is_cut_out_and_labelled_where_it_ends():
    text = "He said it rains. It does."
    stands = [Stand(0, 2, "source"), Stand(3, 7, "cue")]
    (block,) = lay_out(text, [], [(1, 4, "https://a.example/")], [Span(7, 8, 16)], stands)
    assert [(run.text, run.roles, run.labels) for run in block.runs if run.roles] == [
        ("H", ("source",), ()),
        ("e", ("source",), ("source",)),
        ("s", ("cue",), ()),
        ("aid", ("cue",), ("cue",)),
    ]
    assert "".join(run.text for run in block.runs) == text


def quoted(text: str, *stands: Stand) -> list[str]:
    """The excerpts, with the words that are stood on in brackets."""
    return [
        "".join(f"[{run.text}]" if run.roles else run.text for run in runs) for runs in excerpts(text, stands)
    ]


def at(text: str, words: str, role: str = "source") -> Stand:
    return Stand(text.index(words), text.index(words) + len(words), role)


def test_an_excerpt_keeps_to_whole_words_of_its_paragraph():
    text = "First.\n\n" + "ahead " * 30 + "the guard said no" + " behind" * 30 + "\n\nLast."
    (words,) = quoted(text, at(text, "the guard"), at(text, "said", "cue"))
    assert words.startswith("… ahead ahead")
    assert words.endswith("behind behind …")
    assert "[the guard] [said] no" in words
    assert len(words) < 170
    short = "First.\n\nThe guard said no.\n\nLast."
    assert quoted(short, at(short, "The guard")) == ["[The guard] said no."]


def test_words_far_apart_or_in_two_paragraphs_have_an_excerpt_each():
    text = "A guard spoke.\n\nNo, he said."
    assert quoted(text, at(text, "said", "cue"), at(text, "A guard")) == [
        "[A guard] spoke.",
        "No, he [said].",
    ]
    far = "A guard " + "very " * 60 + "loudly said no."
    assert len(quoted(far, at(far, "A guard"), at(far, "said", "cue"))) == 2


def test_a_cue_inside_its_source_is_quoted_once():
    text = "Reports of rain came."
    (runs,) = excerpts(text, [at(text, "Reports of rain"), at(text, "Reports", "cue")])
    assert [(run.text, run.roles, run.labels) for run in runs if run.roles] == [
        ("Reports", ("cue", "source"), ("cue",)),
        (" of rain", ("source",), ("source",)),
    ]
