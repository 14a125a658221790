import pytest

from sources.names import normal_name
from sources.urls_normal import normal_url

SAME = "https://example.org/news/story?a=1&b=2"


@pytest.mark.parametrize(
    "url",
    [
        "http://www.example.org/news/story/?b=2&a=1",
        "HTTPS://EXAMPLE.org:443/news/story?a=1&b=2#comments",
        "http://example.org:80/news/./x/../story?a=1&b=2",
        "  https://example.org/news/story?a=1&b=2&utm_source=feed&UTM_Medium=rss&fbclid=IwAR0 ",
        "https://reader:secret@example.org/news/story?gclid=1&a=1&&b=2",
        "https://example.org./news/%73tory?a=1&b=2",
    ],
)
def test_the_same_article_has_one_address(url):
    assert normal_url(url) == SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/story.php?4711", "https://example.org/story.php?4712"),
        ("https://example.org/?p=", "https://example.org/"),
        ("https://example.org/s?source_id=1", "https://example.org/s?source_id=2"),
        ("https://example.org/Story", "https://example.org/story"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://example.org:8443/a", "https://example.org/a"),
        ("https://m.example.org/a", "https://example.org/a"),
    ],
)
def test_what_may_be_another_article_stays_apart(one, other):
    assert normal_url(one) != normal_url(other)


def test_foreign_hosts_and_escapes_have_one_form():
    assert normal_url("https://Bücher.example/straße") == "https://xn--bcher-kva.example/stra%C3%9Fe"
    assert (
        normal_url("https://xn--bcher-kva.example/stra%c3%9fe/")
        == "https://xn--bcher-kva.example/stra%C3%9Fe"
    )


def test_a_home_page_has_no_slash():
    assert normal_url("http://example.org/") == normal_url("https://www.example.org") == "https://example.org"


@pytest.mark.parametrize(
    "url", ["", "not an address", "mailto:desk@example.org", "http://[::1", "http://:80/", "ftp://a/b"]
)
def test_what_is_no_web_address_comes_back_as_it_was(url):
    assert normal_url(f" {url} ") == url


@pytest.mark.parametrize("url", [SAME, "http://bücher.example/ä b?q=ü&&x#f", "https://www.www.org/%7euser/"])
def test_normalising_twice_changes_nothing(url):
    assert normal_url(normal_url(url)) == normal_url(url)


@pytest.mark.parametrize(
    ("spelling", "form"),
    [
        ("The Sun", "sun"),
        ("“the  SUN”", "sun"),
        ("'The Sun'", "sun"),
        ("SUN,", "sun"),
        ("Agence France\u00a0Presse", "agence france presse"),
        ("Le Figaró", "le figaro"),
        ("Ｒeuters", "reuters"),
        ("Straße", "strasse"),
        ("«Коммерсантъ»", "коммерсантъ"),
        ("A Kremlin insider", "kremlin insider"),
        ("O’Brien", "o'brien"),
        ("O'Brien", "o'brien"),
        ("Canal+", "canal+"),
        ("@general_svr", "general_svr"),
        ("U.S. Department of Defense.", "u.s. department of defense"),
        ("The A Team", "a team"),
        ("The The", "the"),
        ("Theresa May", "theresa may"),
        ("The", "the"),
        ("Daily\u00adMail\u200b", "dailymail"),
        ("İstanbul", "istanbul"),
        ("- “ ” -", ""),
        ("", ""),
    ],
)
def test_a_sources_name_has_one_form(spelling, form):
    assert normal_name(spelling) == form


@pytest.mark.parametrize(
    ("one", "other"), [("The Sun", "The Sunday Times"), ("Reuters", "Reuter"), ("Anne", "Ann")]
)
def test_other_names_stay_apart(one, other):
    assert normal_name(one) != normal_name(other)
