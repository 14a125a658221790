"""From bytes to characters, and no further: which encoding, and whether it is text at all. Pure."""

from __future__ import annotations

import codecs
import re

import charset_normalizer

from sources.parsed import Unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins the same
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)\s[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I
)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
# What browsers take these names to mean (WHATWG Encoding Standard, 4.2).
_WINDOWS_1252 = frozenset({"ascii", "iso8859-1"})
# Pages of these encodings can be pure ASCII to the eye, so they are asked before UTF-8.
_SEVEN_BIT = frozenset({"iso2022_jp", "iso2022_kr", "hz"})
_NOT_TEXT = (
    (b"%PDF-", "This is a PDF. Hearsay can't read PDFs yet: copy the text out of it and paste it."),
    (b"{\\rtf", "This is a rich text file (.rtf). Save it as .docx or .txt, or paste its text."),
    (
        b"\xd0\xcf\x11\xe0",
        "This is an old Word file (.doc), or one with a password. Save it as .docx, or paste its text.",
    ),
    (b"\x1f\x8b", "This is a compressed file, not a text. Unpack it first."),
    (
        b"PK\x03\x04",
        "This is a zip or office file, not a web page or text. Of these, only .docx can be read.",
    ),
    (b"\x89PNG", "This is a picture, not a text."),
    (b"\xff\xd8\xff", "This is a picture, not a text."),
    (b"GIF8", "This is a picture, not a text."),
)
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_SAMPLE = 200_000  # characters; enough to tell a text from a binary, and an encoding from another


def decode(data: bytes, media_type: str = "") -> str:
    """The characters of ``data``: by byte order mark, valid UTF-8, the HTTP charset in ``media_type``, the
    page's own `<meta charset>`, and then by likelihood. The byte order mark is dropped, line ends are kept.

    Valid UTF-8 goes before what is declared, because text of another encoding is hardly ever valid UTF-8,
    while wrong declarations are common. Raises `Unreadable` for NUL characters and for what is no text.
    """
    for magic, message in _NOT_TEXT:
        if data.startswith(magic):
            raise Unreadable(message)
    text = _decode(data, media_type)
    if "\0" in text:
        raise Unreadable(
            "This is not a text: there are NUL characters in it, as in programs, pictures and archives."
        )
    sample = text[:_SAMPLE]
    if len(_CONTROLS.findall(sample)) > len(sample) / 50:
        raise Unreadable(
            "This is not a text: most likely a picture, a program or an archive under a text's name."
        )
    return text


def _decode(data: bytes, media_type: str) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    declared = _declared(data, media_type)
    for encoding in [*(e for e in declared if e in _SEVEN_BIT), "utf-8", *declared]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    # A page cut short, or one bad byte in a comment, is still the UTF-8 that it says it is.
    rough = data.decode("utf-8", "replace")
    beyond = sum(byte > 0x7F for byte in data[:_SAMPLE])
    if rough[:_SAMPLE].count("\ufffd") * 10 <= beyond:
        return rough
    if b"\0" in data:
        return data.decode("latin-1")  # for the caller to refuse
    # A few odd bytes in plain English are Windows' curly quotes and dashes; too few for statistics to tell.
    if beyond * 50 < len(data[:_SAMPLE]):
        return data.decode("cp1252", "replace")
    best = charset_normalizer.from_bytes(data[:_SAMPLE]).best()
    if best is None:
        raise Unreadable(
            "This is not a text, or its encoding can't be told. Save it as UTF-8, or paste the text."
        )
    return data.decode(best.encoding, "replace")


def _declared(data: bytes, media_type: str) -> list[str]:
    names = [m[1] for m in [_CHARSET.search(media_type)] if m]
    names += [m[1].decode("ascii", "replace") for m in [_META_CHARSET.search(data[:4096])] if m]
    known = []
    for name in names:
        try:
            b" ".decode(name)  # refuses rot13, hex and zlib, which are codecs but no encodings
            encoding = codecs.lookup(name).name
        except (LookupError, UnicodeError):
            continue
        # UTF-7 hides markup in plain letters; UTF-16 declared in ASCII bytes is a lie (WHATWG HTML,
        # 13.2.3.3).
        if encoding.startswith(("utf-7", "utf-16", "utf-32")):
            continue
        known.append("cp1252" if encoding in _WINDOWS_1252 else encoding)
    return known
