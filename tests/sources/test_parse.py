import io
import time
import zipfile
from pathlib import Path

import docx
import pytest

from sources.parse import parse, parse_pasted, parse_text
from sources.parsed import Block, Link, Parsed, Unreadable

PAGES = Path(__file__).parent.parent / "fixtures" / "pages"
FILLER = (
    "<p>"
    + "The council met on a wet evening and talked about the wall for longer than planned. " * 4
    + "</p>"
)

COLUMN = "The line of a mail that a program broke off"


def page(body: str, head: str = "<title>A page</title>") -> bytes:
    return f"<html><head>{head}</head><body><article>{FILLER}{body}{FILLER}</article></body></html>".encode()


def read(data: bytes, url: str = "https://site.example/news/story") -> Parsed:
    return sound(parse(data, media_type="text/html; charset=utf-8", url=url))


def sound(parsed: Parsed) -> Parsed:
    """Holds what must be true of the places in every text, and gives it back."""
    last = 0
    for block in parsed.blocks:
        assert last <= block.start < block.end <= len(parsed.text)
        last = block.end
    places: list[Block | Link] = [*parsed.blocks, *parsed.links]
    for place in places:
        words = parsed.text[place.start : place.end]
        assert words
        assert words == words.strip()
        assert any(b.start <= place.start and place.end <= b.end for b in parsed.blocks)
    assert all(link.href.startswith(("http://", "https://")) for link in parsed.links)
    parsed.text.encode()
    return parsed


def blocks(parsed: Parsed) -> list[tuple[str, str]]:
    return [(b.kind, parsed.text[b.start : b.end]) for b in parsed.blocks]


def inner(parsed: Parsed) -> list[tuple[str, str]]:
    """The blocks between the filler paragraphs."""
    return blocks(parsed)[1:-1]


def links(parsed: Parsed) -> list[tuple[str, str]]:
    return [(parsed.text[link.start : link.end], link.href) for link in parsed.links]


NEWS_URL = "https://www.tidewater.example/news/2026/harbour-wall?utm_source=feed"


@pytest.fixture(scope="module")
def news() -> Parsed:
    return sound(parse((PAGES / "news.html").read_bytes(), filename="news.html", url=NEWS_URL))


def test_a_news_page_gives_its_blocks_in_order(news):
    assert [kind for kind, _ in blocks(news)] == ["h1", "p", "p", "quote", "quote", "h2", "li", "li", "p"]
    assert news.text.startswith(
        "Harbour wall to be rebuilt, says council & port\n\nThe harbour wall at Tidewater"
    )
    assert blocks(news)[5] == ("h2", "What comes next")
    assert blocks(news)[-1][1].endswith(
        "isn’t there yet.\nThe council did not answer a request for comment on that."
    )
    assert "script" not in news.text
    assert "Weather" not in news.text
    assert "All rights" not in news.text


def test_links_keep_their_words_and_are_resolved_from_the_pages_folder(news):
    assert links(news) == [
        ("a report by the port authority", "https://www.tidewater.example/news/reports/wall.pdf?page=2&v=1"),
        ("Coast Gazette", "https://gazette.example/wall"),
    ]


def test_metadata_of_a_news_page(news):
    assert news.title == "Harbour wall to be rebuilt, says council & port"
    assert news.publisher == "The Tidewater Post"
    assert news.byline == "Ines Marlow"
    assert news.published_at == "2026-03-04"
    assert news.url == "https://www.tidewater.example/news/harbour-wall"


def test_an_old_page_of_breaks_in_a_table():
    old = sound(parse((PAGES / "old.html").read_bytes(), url="http://echo.example/a/mill.html"))
    assert [text[:9] for _, text in blocks(old)] == ["The last ", "Some two ", "“It is th"]
    assert blocks(old)[-1][1].endswith("next door.\nHe did not want to be named.")
    assert links(old) == [("Valley Wire", "http://echo.example/a/wire.html")]
    assert (old.title, old.publisher) == ("Mill closes", "Valley Echo")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p><b>Drop</b><i>cap</i></p>", [("p", "Dropcap")]),
        ("<p>\n      <b>Alpha</b>\n      <i>Beta</i>\n    </p>", [("p", "Alpha Beta")]),
        ("<p>A <b>b</b>c <i>d</i>, <u>e</u>.</p>", [("p", "A bc d, e.")]),
        ("<p>He said <q>not <b>now</b></q> to us.</p>", [("p", "He said “not now” to us.")]),
        ("<p>One.<br>Two.</p>", [("p", "One.\nTwo.")]),
        ("<p>One.<br><br>Two <b>and</b><br>three.</p>", [("p", "One."), ("p", "Two and\nthree.")]),
        (
            "<ul><li>One</li><li><p>Two</p></li><li>Three<ul><li>a</li></ul>more</li></ul>",
            [("li", "One"), ("li", "Two"), ("li", "Three"), ("li", "a"), ("li", "more")],
        ),
        (
            "<blockquote>Bare<p>and par</p>tail</blockquote>",
            [("quote", "Bare"), ("quote", "and par"), ("quote", "tail")],
        ),
        ("<div>Before<p>within</p>after</div>", [("p", "Before"), ("p", "within"), ("p", "after")]),
        (
            "<table><tr><th>Year</th><th>Cost</th></tr><tr><td>1</td><td>2 m</td></tr></table>",
            [("p", "Year\tCost"), ("p", "1\t2 m")],
        ),
        ("<p>Run <code>make demo</code> now.</p>", [("p", "Run make demo now.")]),
        ("<p>5 &lt; 6 &amp;amp; &#x1F600;</p>", [("p", "5 < 6 &amp; 😀")]),
    ],
)
def test_what_trafilatura_found_is_neither_lost_nor_doubled_nor_glued(body, expected):
    assert inner(read(page(body))) == expected


def test_places_count_code_points_after_emoji_and_right_to_left_text():
    parsed = read(page('<p>👩‍👩‍👧 שלום עולם 🇺🇦 says <a href="/x">the paper</a> today.</p>'))
    assert links(parsed) == [("the paper", "https://site.example/x")]
    assert inner(parsed) == [("p", "👩‍👩‍👧 שלום עולם 🇺🇦 says the paper today.")]


def test_a_link_over_two_paragraphs_is_two_links():
    parsed = sound(parse_pasted('<div><a href="http://a.example/">One<p>Two</p></a></div>'))
    assert links(parsed) == [("One", "http://a.example/"), ("Two", "http://a.example/")]


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "mailto:a@b.example",
        "#note",
        "",
        "http://",
        "http://[::1",
        "vbscript:x",
        "file:///etc/passwd",
        "http://a.example:99999/",
    ],
)
def test_only_web_addresses_come_out_of_links(href):
    assert links(read(page(f'<p>See <a href="{href}">the note</a> on this.</p>'))) == []
    assert links(parse_pasted(f'<p>See <a href="{href}">the note</a> on this.</p>')) == []


def test_the_base_element_counts():
    parsed = read(page('<p>See <a href="b">it</a> here.</p>', '<base href="https://other.example/a/">'))
    assert links(parsed) == [("it", "https://other.example/a/b")]


def test_scripts_frames_and_handlers_leave_no_trace():
    hostile = (
        "<script>alert('s1')</script><iframe srcdoc='<p>f1</p>'>f2</iframe><style>s2{}</style>"
        "<object>o1</object>"
        "<svg><script>s3</script></svg><p onclick='alert(1)'>Kept <img src=x onerror=alert(1)>words.</p>"
    )
    assert inner(read(page(hostile))) == [("p", "Kept words.")]
    assert parse_pasted(hostile).text == "Kept words."


@pytest.mark.parametrize(
    ("head", "title", "publisher"),
    [
        (
            (
                '<meta property="og:title" content="Wall falls — The Post">'
                '<meta property="og:site_name" content="Post">'
            ),
            "Wall falls",
            "Post",
        ),
        (
            "<title>Wall | Falls | The Post</title><meta property='og:site_name' content='The Post'>",
            "Wall | Falls",
            "The Post",
        ),
        (
            "<title>Wall-to-wall: a test</title><meta property='og:site_name' content='The Post'>",
            "Wall-to-wall: a test",
            "The Post",
        ),
        (
            (
                '<script type="application/ld+json">[{"@type":"Article","headline":["Wall"],'
                '"publisher":[{"name":"P"}]}]</script>'
            ),
            "Wall",
            "P",
        ),
        (
            (
                '<script type="application/ld+json">{"@type":"ReportageNewsArticle",'
                '"name":"W","publisher":"Q"}</script>'
            ),
            "W",
            "Q",
        ),
        (
            (
                '<script type="application/ld+json">{not json</script>'
                '<title>T</title><meta property="og:site_name" content="S">'
            ),
            "T",
            "S",
        ),
        (
            '<script type="application/ld+json">' + "[" * 100_000 + "</script><title>T</title>"
            '<meta property="og:site_name" content="S">',
            "T",
            "S",
        ),
        (
            (
                '<script type="application/ld+json">{"@type":"Article","headline":7,'
                '"publisher":{"@id":"#x"}}</script>'
                "<title>T</title><meta property='og:site_name' content='S'>"
            ),
            "T",
            "S",
        ),
    ],
)
def test_title_and_publisher(head, title, publisher):
    parsed = read(page("", head))
    assert (parsed.title, parsed.publisher) == (title, publisher)


@pytest.mark.parametrize(
    ("body", "date"),
    [
        ('<p class="date">12 March 2024</p>', "2024-03-12"),
        ("<p>Back on 3 May 1999 the old wall fell into the sea.</p>", ""),
        ("<footer>© 2026 The Tidewater Post</footer>", ""),
    ],
)
def test_a_date_is_told_only_where_the_page_gives_it_as_its_own(body, date):
    assert read(page(body)).published_at == date


@pytest.mark.parametrize(
    ("canonical", "url", "expected"),
    [
        ("https://site.example/a", "https://m.site.example/a?x=1", "https://site.example/a"),
        ("https://elsewhere.example.org/a", "https://site.example.com/a", "https://site.example.com/a"),
        ("https://site.example/", "https://site.example/a", "https://site.example/a"),
        ("/a", "https://site.example/b", "https://site.example/b"),
        ("javascript:alert(1)", "https://site.example/b", "https://site.example/b"),
        ("https://site.example/a", "", "https://site.example/a"),
    ],
)
def test_the_pages_own_address_is_believed_within_reason(canonical, url, expected):
    assert read(page("", f'<link rel="canonical" href="{canonical}">'), url).url == expected


def test_a_very_short_page_is_read_all_the_same():
    parsed = sound(
        parse(b"<p>Short text only, by <a href='http://a.example/'>us</a>.</p>", filename="a.HTML")
    )
    assert blocks(parsed) == [("p", "Short text only, by us.")]
    assert links(parsed) == [("us", "http://a.example/")]


@pytest.mark.parametrize("body", ["", "<div id=app></div><script>render()</script>"])
def test_a_page_without_text_says_so(body):
    with pytest.raises(Unreadable, match="No article text was found"):
        parse(f"<html><body>{body}</body></html>".encode(), media_type="text/html")


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        ("café – “naïve”".encode(), "text/html"),
        ("café – “naïve”".encode(), "text/html; charset=iso-8859-1"),
        ("café – “naïve”".encode("cp1252"), "text/html; charset=ISO-8859-1"),
        ("café – “naïve”".encode("cp1252"), 'text/html; charset="utf-8"'),
        ("café – “naïve”".encode("cp1252"), "text/html; charset=nonsense"),
        ("café – “naïve”".encode("cp1252"), "text/html; charset=hex"),
        ("café – “naïve”".encode("utf-16"), "text/html"),
        (b"\xef\xbb\xbf" + "café – “naïve”".encode(), "text/html; charset=cp1251"),
    ],
)
def test_encodings_right_and_wrong(data, media_type):
    wide = data.startswith(b"\xff\xfe")
    around = [
        s.encode("utf-16-le") if wide else s.encode() for s in ("<p>" + "Plain words here. " * 20, "</p>")
    ]
    whole = (
        data[:2] + around[0] + data[2:] + around[1] if wide else data[:3] + around[0] + data[3:] + around[1]
    )
    if not data.startswith((b"\xff\xfe", b"\xef\xbb\xbf")):
        whole = around[0] + data + around[1]
    assert "café – “naïve”" in parse(whole, media_type=media_type).text


def test_the_pages_own_charset_counts():
    data = '<meta charset="koi8-r"><p>Привет, мир</p>'.encode("koi8-r")
    assert parse(data, media_type="text/html").text == "Привет, мир"
    xml = '<?xml version="1.0" encoding="koi8-r"?><html><body><p>Привет, мир</p></body></html>'.encode(
        "koi8-r"
    )
    assert parse(xml, media_type="application/xhtml+xml").text == "Привет, мир"


def test_one_bad_byte_spoils_no_utf8():
    data = ("Żółć i gęś. " * 50).encode() + b"\xff"
    assert parse(data, filename="a.txt").text == "Żółć i gęś. " * 50 + "\ufffd"


@pytest.mark.parametrize(
    ("data", "filename", "message"),
    [
        (b"", "a.html", "empty"),
        (b" \n ", "a.txt", "empty"),
        (b"<p>one\0two</p>", "a.html", "NUL"),
        (b"one\0two", "a.txt", "NUL"),
        ("one\0two".encode("utf-16"), "a.txt", "NUL"),
        (bytes(range(256)) * 50, "a.html", "not a text"),
        (bytes(range(1, 32)) * 50, "a.html", "not a text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.html", "picture"),
        (b"%PDF-1.7 \n", "a.html", "PDF"),
        (b"\xd0\xcf\x11\xe0" + bytes(50), "a.docx", "old Word"),
        (b"{\\rtf1 hello}", "a.txt", "rich text"),
        (b"PK\x03\x04" + bytes(50), "a.docx", "damaged"),
        (b"plain words", "a.docx", "damaged"),
        (b"PK\x03\x04" + bytes(50), "a.html", "zip"),
        (b"<p>" + b"word " * 400_001 + b"</p>", "a.html", r"2\.01? ?MB|2 MB"),
        (b"word " * 500_000, "a.txt", r"2\.5 MB; at most 2 MB"),
        (b"a" * 24_000_001, "a.txt", "at most 24 MB"),
        (b"<b>x" * 200_001, "a.html", "200,001 elements"),
    ],
)
def test_what_cant_be_read_says_why(data, filename, message):
    with pytest.raises(Unreadable, match=message):
        parse(data, filename=filename)


@pytest.mark.parametrize(
    ("data", "media_type", "filename", "text"),
    [
        (b"<p>a</p>", "text/plain", "", "<p>a</p>"),
        (b"<p>a</p>", "", "a.txt", "<p>a</p>"),
        (b"<p>a</p>", "application/octet-stream", "a.html", "a"),
        (b"<!-- c --> <!DOCTYPE html><p>a</p>", "", "", "a"),
        (b"a < b", "", "", "a < b"),
        (b"a", "TEXT/HTML;charset=utf-8", "", "a"),
    ],
)
def test_what_it_is_is_told_by_type_then_ending_then_content(data, media_type, filename, text):
    assert parse(data, media_type=media_type, filename=filename).text == text


def test_a_text_file_is_unchanged():
    text = f"  Title\r\n\r\n{COLUMN}\r\nand  another.\r\n \t\r\n\r\n😀 Last.\r\n"
    parsed = sound(parse(b"\xef\xbb\xbf" + text.encode(), filename="a.txt"))
    assert parsed.text == text
    assert blocks(parsed) == [("p", "Title"), ("p", f"{COLUMN}\r\nand  another."), ("p", "😀 Last.")]
    assert parsed.links == ()


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_text_without_blank_lines_has_a_block_a_line(line_end):
    parsed = sound(parse_text(f"One.{line_end}Two. {line_end}Three.{line_end}"))
    assert [text for _, text in blocks(parsed)] == ["One.", "Two.", "Three."]


def test_a_heading_over_a_long_line_is_a_block_of_its_own():
    long = "The ferry that the island waited for came in after dark. " * 3
    parsed = sound(parse_text(f"The night ferry\n{long}\n\n{COLUMN}\n{COLUMN}\nthe end."))
    expected = ["The night ferry", long.strip(), f"{COLUMN}\n{COLUMN}\nthe end."]
    assert [text for _, text in blocks(parsed)] == expected


def test_lone_surrogates_become_replacement_marks():
    assert parse_text("a\ud800b").text == "a\ufffdb"
    assert parse_pasted("<p>a\udfffb</p>").text == "a\ufffdb"
    assert sound(parse(b"<p>a&#xD800;&#0;b</p>", media_type="text/html")).text.startswith("a")


PASTED = [
    (
        (
            "Version:0.9\r\nStartHTML:1\r\n<html><body>\n<!--StartFragment-->"
            "<p>Kept</p><!--EndFragment-->\n</body></html>"
        ),
        [("p", "Kept")],
    ),
    (
        (
            '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1">'
            '<h1>Head</h1><p dir="ltr"><span>One '
            '</span><span style="font-weight:700">two</span></p><br><ul><li><p>Item</p></li></ul></b>'
        ),
        [("h1", "Head"), ("p", "One two"), ("li", "Item")],
    ),
    (
        (
            "<html xmlns:o=x><head><style>p{}</style><!--[if gte mso 9]><xml><o:p>no</o:p></xml><![endif]-->"
            "</head><body>"
            "<p class=MsoNormal>Para<o:p></o:p></p><p class=MsoListParagraph><![if !supportLists]>"
            "<span>·<span>&nbsp; </span>"
            "</span><![endif]>Item one<o:p>&nbsp;</o:p></p></body></html>"
        ),
        [("p", "Para"), ("p", "Item one")],
    ),
    (
        "<div>One</div><div>Two<br>still two</div><div><br></div><div>Three</div>",
        [("p", "One"), ("p", "Two\nstill two"), ("p", "Three")],
    ),
    ("One<br><br>Two<br> <br />Three", [("p", "One"), ("p", "Two"), ("p", "Three")]),
    ("<pre>one\ntwo\n\nthree</pre>", [("p", "one\ntwo"), ("p", "three")]),
    ("plain words &amp; more", [("p", "plain words & more")]),
    ("soft\u00adhy\u200bphen", [("p", "softhyphen")]),
    ("<nav>Menu</nav><footer>Foot</footer>", [("p", "Menu"), ("p", "Foot")]),
]


@pytest.mark.parametrize(("html", "expected"), PASTED)
def test_everything_pasted_is_kept(html, expected):
    assert blocks(sound(parse_pasted(html))) == expected


def test_pasting_nothing_says_so():
    for html in ("", "<p> </p>", "<script>x</script>"):
        with pytest.raises(Unreadable, match="no text"):
            parse_pasted(html)
    with pytest.raises(Unreadable, match="NUL"):
        parse_pasted("a\0b")


def word_file() -> bytes:
    document = docx.Document()
    document.add_heading("The wall", 0)
    document.add_paragraph("It will be rebuilt, ").add_run("they say").bold = True
    document.add_paragraph("Nobody asked us.", style="Quote")
    document.add_paragraph("First", style="List Bullet")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_word_file():
    parsed = sound(parse(word_file(), filename="wall.docx"))
    expected = [
        ("h1", "The wall"),
        ("p", "It will be rebuilt, they say"),
        ("quote", "Nobody asked us."),
        ("li", "First"),
    ]
    assert blocks(parsed) == expected
    assert parsed.title == "The wall"


def test_a_word_file_is_known_by_its_content_too():
    assert parse(word_file()).title == "The wall"


def test_broken_and_bursting_word_files():
    whole = word_file()
    with pytest.raises(Unreadable, match="damaged"):
        parse(whole[: len(whole) // 2], filename="a.docx")
    buffer = io.BytesIO(whole)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/footnotes.xml", b" " * 50_000_000)
    with pytest.raises(Unreadable, match="unpacks to far more"):
        parse(buffer.getvalue(), filename="a.docx")


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 50_000 + "<p>deep words</p>" + "</div>" * 50_000,
        "<div>" * 50_000 + "<p>deep words</p>",
        "<b>" * 50_000 + "deep words" + "</b>" * 50_000,
        "<ul><li>" * 25_000 + "deep words",
        "<div a='<'>" * 50_000 + "<p>deep words</p>",
        "<p " + " ".join(f"a{i}=1" for i in range(100_000)) + ">deep words</p>",
        "<p>" + "&amp;&#x1F600;&nosuch;" * 10_000 + " deep words</p>",
        "<p>" + "<" * 20_000 + " deep words</p>",
        '<p>deep words</p><a title="' * 5_000,
    ],
    ids=["nested", "unclosed", "inline", "lists", "quoted", "attributes", "entities", "less-than", "quotes"],
)
def test_hostile_markup_is_answered_within_seconds(body):
    start = time.perf_counter()
    parsed = read(page(body))
    assert "talked about the wall" in parsed.text
    assert sound(parse_pasted(body)).text.find("deep words") >= 0
    assert time.perf_counter() - start < 20


def test_200_000_words_are_read():
    said = "In week {} the mayor said so again, at length. "
    body = "".join(f"<p>{said.format(i) * 8}<a href='/{i}'>More</a>.</p>" for i in range(2_800))
    parsed = read(page(body))
    assert len(parsed.text.split()) > 200_000
    assert len(parsed.links) == 2_800
