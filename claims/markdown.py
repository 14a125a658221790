"""What people write in notes, as HTML. Pure.

Markdown (CommonMark), of which the parts that a note has a use for: paragraphs, lists, quotations, emphasis,
code and links. HTML that somebody types is shown as typed; what the renderer makes is cleaned all the same.
"""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt

# A line end is one here: people type addresses and lists of names. A note's heading would be one of the page.
RENDERER = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "heading", "lheading"])

TAGS = {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "strong", "ul"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}


def rendered(text: str) -> str:
    """The HTML of a note: safe to put on a page, links leading out without telling where from."""
    return nh3.clean(
        RENDERER.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer nofollow external",
    )
