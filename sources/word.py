"""Word files: .docx to plain HTML, by mammoth. Pure."""

from __future__ import annotations

import io
import logging
import zipfile

import mammoth

from sources.parsed import Unreadable

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# A zip can promise a thousand times its size. Pictures aren't read, so only XML counts; 200,000 words take
# about 5 MB.
MAX_XML = 40_000_000
_MAX_ENTRIES = 5_000
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
"""


def is_docx(data: bytes, media_type: str, filename: str) -> bool:
    """Whether this is, or is said to be, a .docx file; an old .doc under that name is left to `decode`."""
    if data.startswith(b"PK\x03\x04"):
        return media_type == DOCX or filename.endswith(".docx") or b"word/document.xml" in data
    said = media_type == DOCX or filename.endswith(".docx")
    return said and not data.startswith(b"\xd0\xcf\x11\xe0")


def to_html(data: bytes) -> str:
    """The document's text as HTML, pictures left out. Raises `Unreadable` when it is broken or bursting."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            # zipfile never unpacks more of an entry than it declares, so the declared sizes can be believed.
            if len(entries) > _MAX_ENTRIES or sum(e.file_size for e in entries if _is_xml(e)) > MAX_XML:
                raise Unreadable(
                    "This Word file unpacks to far more than a text needs. Paste the text instead."
                )
        result = mammoth.convert_to_html(
            io.BytesIO(data), style_map=_STYLES, convert_image=mammoth.images.img_element(lambda image: {})
        )
    except Unreadable:
        raise
    except Exception as error:
        # mammoth checks little of what it reads, so a broken file may raise anything: KeyError, ExpatError,
        # RecursionError.
        logging.getLogger(__name__).info("mammoth could not read a file: %r", error)
        raise Unreadable(
            "This Word file is damaged and can't be read. Save it again, or paste the text."
        ) from error
    return str(result.value)


def _is_xml(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.endswith((".xml", ".rels"))
