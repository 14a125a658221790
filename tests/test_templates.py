"""What every template keeps to: nothing inline, and nothing that works with scripts alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.template.loader import get_template

PROJECT = Path(__file__).resolve().parent.parent
TEMPLATES = {
    path.relative_to(PROJECT / "templates").as_posix(): path.read_text()
    for path in sorted((PROJECT / "templates").rglob("*.html"))
}
TAG = re.compile(r"{%.*?%}", re.DOTALL)

each_template = pytest.mark.parametrize("name", TEMPLATES)


def elements(name: str) -> Iterator[Tag]:
    """The elements of a template; what Django's tags stand for is kept as text where it is a value."""
    text = re.sub(
        r"{% (?:url|static) ([^%]*)%}", lambda m: "[" + m[1].strip().replace('"', "'") + "]", TEMPLATES[name]
    )
    yield from BeautifulSoup(TAG.sub(" ", text), "html.parser").find_all(True)


def test_there_are_templates():
    assert {"base.html", "claims/article.html", "registration/login.html"} <= TEMPLATES.keys()


@each_template
def test_nothing_is_inline(name: str):
    for element in elements(name):
        assert element.name not in ("style", "iframe", "object", "embed", "base"), element
        assert element.name != "script" or element.get("src"), element
        for attribute, value in element.attrs.items():
            assert attribute != "style", element
            assert not attribute.startswith("on"), element
            assert "javascript:" not in str(value).lower(), element


@each_template
def test_htmx_evaluates_nothing(name: str):
    for element in elements(name):
        for attribute, value in element.attrs.items():
            assert not attribute.removeprefix("data-").startswith(("hx-on", "hx-vars")), element
            if attribute.startswith("hx-"):
                assert "js:" not in str(value), element
            if attribute == "hx-trigger":
                assert "[" not in str(value), element


@each_template
def test_what_htmx_does_works_without_it(name: str):
    for element in elements(name):
        if "hx-get" in element.attrs and "hx-trigger" not in element.attrs:
            # A button's is that of its form, which asks for a page.
            form = element.find_parent("form") if element.name == "button" else None
            assert element.name == "a" or (form and form["method"] == "get"), element
            leads = form["action"] if form else element["href"]
            assert str(leads).partition("#")[0] == element["hx-get"], element
        if "hx-post" in element.attrs and element.name == "button":
            assert element["formaction"] == element["hx-post"], element
        elif "hx-post" in element.attrs:
            assert element.name == "form", element
            assert element["action"] == element["hx-post"], element
            assert str(element["method"]).lower() == "post", element
        assert not {"hx-put", "hx-patch", "hx-delete"} & element.attrs.keys(), element


@each_template
def test_every_form_that_writes_has_its_token(name: str):
    forms = re.findall(r"<form\b.*?</form>", TEMPLATES[name], re.DOTALL | re.IGNORECASE)
    assert len(forms) == len(re.findall(r"<form\b", TEMPLATES[name], re.IGNORECASE))
    for form in forms:
        if re.search(r"method=\"post\"", form, re.IGNORECASE):
            assert "{% csrf_token %}" in form, form


@each_template
def test_nothing_is_marked_safe(name: str):
    assert "|safe" not in TEMPLATES[name]
    assert "autoescape" not in TEMPLATES[name]


@each_template
def test_links_that_lead_out_tell_nobody_where_they_come_from(name: str):
    for element in elements(name):
        if element.get("target") == "_blank":
            assert {"noopener", "noreferrer"} <= set(element.get_attribute_list("rel")), element


def test_every_template_that_is_named_is_there():
    naming = re.compile(r"""["']([\w/]+\.html)(?:#\w+)?["']""")
    in_code = {
        template
        for folder in ("claims", "sources", "config")
        for path in (PROJECT / folder).rglob("*.py")
        for template in naming.findall(path.read_text())
    }
    in_templates = {template for text in TEMPLATES.values() for template in naming.findall(text)}
    assert in_code
    for template in in_code | in_templates:
        get_template(template)


def test_every_partial_that_is_rendered_is_there():
    texts = [path.read_text() for path in (PROJECT / "claims/views").glob("*.py")]
    of = [(re.search(r"^TEMPLATE = \"(.+)\"", text, re.M), text) for text in texts]
    partials = {
        (own[1] if own else "claims/article.html", each)
        for own, text in of
        for each in re.findall(r"}#(\w+)\"", text)
    }
    assert partials
    for template, partial in partials:
        get_template(f"{template}#{partial}")


def test_every_template_is_used():
    code = "".join(p.read_text() for folder in ("claims", "config") for p in (PROJECT / folder).rglob("*.py"))
    # Django asks for these by itself.
    by_name = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"} | {
        name for name in TEMPLATES if name.startswith("registration/")
    }
    everything = code + "".join(TEMPLATES.values())
    assert {name for name in TEMPLATES if name not in everything} <= by_name


def test_every_static_file_that_is_named_is_there():
    from django.contrib.staticfiles import finders

    named = {n for text in TEMPLATES.values() for n in re.findall(r"{% static ['\"]([^'\"]+)['\"] %}", text)}
    assert named
    assert {name for name in named if not finders.find(name)} == set()


def test_no_style_sheet_or_script_loads_from_elsewhere():
    static = PROJECT / "static"
    files = [path for ending in ("css", "js", "svg") for path in static.rglob(f"*.{ending}")]
    assert files
    for path in files:
        text = path.read_text().replace("http://www.w3.org/", "")
        assert not re.search(r"https?://|@import|\beval\(|new Function|innerHTML|insertAdjacentHTML", text), (
            path
        )


def test_the_policy_lets_nothing_inline_through():
    policy = settings.SECURE_CSP
    assert policy["default-src"] == ["'none'"]
    assert not [
        each for each in policy.values() if "unsafe" in str(each) or "nonce" in str(each) or "*" in str(each)
    ]
