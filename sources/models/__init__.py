"""Who speaks, where it was published, what we captured."""

from sources.models.capture import Capture
from sources.models.document import Document
from sources.models.source import Source, SourceAlias

__all__ = ["Capture", "Document", "Source", "SourceAlias"]
