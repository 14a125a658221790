"""A parsed piece in plain Python: what the rules ask of a word, made once.

The rules ask each word for its lemma, its children or its sentence some hundred times. spaCy makes every such
answer anew (a string, a generator, a span), which cost more than the rules themselves. The names are spaCy's,
and so are the answers; only a slice of a `Doc` is a plain list, and `Doc.span` is what spaCy gives for it.
"""

from __future__ import annotations

from collections.abc import Iterator

import spacy.tokens
from spacy import attrs
from spacy.strings import StringStore

_NAMED = (attrs.ORTH, attrs.LOWER, attrs.LEMMA, attrs.POS, attrs.TAG, attrs.DEP, attrs.ENT_TYPE)
_NUMBERS = (attrs.IDX, attrs.ENT_IOB, attrs.IS_PUNCT, attrs.IS_QUOTE, attrs.IS_SPACE, attrs.LIKE_NUM)
_IOB = ("", "I", "O", "B")


class Token:
    """A word, with its place in the tree. See https://spacy.io/api/token for what each name means."""

    __slots__ = (
        "children",
        "dep_",
        "doc",
        "ent_iob_",
        "ent_type_",
        "head",
        "i",
        "idx",
        "is_punct",
        "is_quote",
        "is_space",
        "left_edge",
        "lemma_",
        "like_num",
        "lower_",
        "pos_",
        "right_edge",
        "sent",
        "tag_",
        "text",
    )
    head: Token
    left_edge: Token
    right_edge: Token
    sent: Span

    def __init__(
        self,
        doc: Doc,
        i: int,
        text: str,
        lower: str,
        lemma: str,
        pos: str,
        tag: str,
        dep: str,
        ent_type: str,
        idx: int,
        ent_iob: int,
        is_punct: int,
        is_quote: int,
        is_space: int,
        like_num: int,
    ) -> None:
        self.doc = doc
        self.i = i
        self.text = text
        self.lower_ = lower
        self.lemma_ = lemma
        self.pos_ = pos
        self.tag_ = tag
        self.dep_ = dep
        self.ent_type_ = ent_type
        self.idx = idx
        self.ent_iob_ = _IOB[ent_iob]
        self.is_punct = is_punct == 1
        self.is_quote = is_quote == 1
        self.is_space = is_space == 1
        self.like_num = like_num == 1
        self.children: list[Token] = []

    def __len__(self) -> int:
        return len(self.text)

    @property
    def is_alpha(self) -> bool:
        return self.text.isalpha()

    @property
    def is_digit(self) -> bool:
        return self.text.isdigit()

    @property
    def whitespace_(self) -> str:
        """The blank behind it, or nothing."""
        end = self.idx + len(self.text)
        return " " if self.doc.text[end : end + 1] == " " else ""

    @property
    def is_sent_start(self) -> bool:
        """Whether it is its sentence's first word."""
        return self.sent.start == self.i

    @property
    def ancestors(self) -> Iterator[Token]:
        """The words above it, the nearest first."""
        here = self
        while here.head is not here:
            here = here.head
            yield here

    @property
    def subtree(self) -> Iterator[Token]:
        """It and all words below it, in the order of the text."""
        waiting = [(self, False)]
        while waiting:
            word, opened = waiting.pop()
            if opened:
                yield word
                continue
            waiting += [(c, False) for c in reversed(word.children) if c.i > word.i]
            waiting.append((word, True))
            waiting += [(c, False) for c in reversed(word.children) if c.i < word.i]


class Span(list[Token]):
    """The words ``start:end`` of a piece: a sentence, an entity (with its label), or any others."""

    __slots__ = ("doc", "end", "label_", "start")

    def __init__(self, doc: Doc, start: int, end: int, label: str = "") -> None:
        super().__init__(doc[start:end])
        self.doc, self.start, self.end, self.label_ = doc, start, end, label

    @property
    def start_char(self) -> int:
        return self[0].idx

    @property
    def end_char(self) -> int:
        return self[-1].idx + len(self[-1].text)

    @property
    def text(self) -> str:
        """Its words as they are written."""
        return self.doc.text[self.start_char : self.end_char] if self else ""

    @property
    def root(self) -> Token:
        """The word that the others hang on: the one that is nearest to the sentence's root."""
        tops = [t for t in self if t.head is t or not self.start <= t.head.i < self.end]
        return min(tops, key=_depth)


def _depth(word: Token) -> int:
    """How many words stand above one. A mark or a blank stands below all others, unless it is the root."""
    if (word.is_punct or word.is_space) and not word.children and word.head is not word:
        return len(word.doc)
    depth = 0
    while word.head is not word:
        word = word.head
        depth += 1
    return depth


class Doc(list[Token]):
    """The words of a piece, with its text, its sentences and its entities."""

    __slots__ = ("ents", "sents", "text")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.sents: list[Span] = []
        self.ents: list[Span] = []

    def span(self, start: int, end: int) -> Span:
        """The words ``start:end``, with their text and their root."""
        return Span(self, start, end)


class Names(dict[int, str]):
    """What spaCy's numbers stand for, each asked for once. Keep it no longer than one text: it grows."""

    def __init__(self, strings: StringStore) -> None:
        super().__init__()
        self._strings = strings

    def __missing__(self, number: int) -> str:
        name = self[number] = self._strings[number]
        return name


def tree(parsed: spacy.tokens.Doc, names: Names) -> Doc:
    """Take a parse out of spaCy's objects."""
    doc = Doc(parsed.text)
    columns = parsed.to_array([*_NAMED, *_NUMBERS]).T.tolist()
    for i, column in enumerate(columns[: len(_NAMED)]):
        columns[i] = map(names.__getitem__, column)
    doc += map(Token, [doc] * len(parsed), range(len(parsed)), *columns)
    for token, own in zip(doc, parsed, strict=True):
        token.head = head = doc[own.head.i]
        if head is not token:
            head.children.append(token)
        token.left_edge, token.right_edge = doc[own.left_edge.i], doc[own.right_edge.i]
    for sentence in parsed.sents:
        whole = doc.span(sentence.start, sentence.end)
        doc.sents.append(whole)
        for token in whole:
            token.sent = whole
    doc.ents += [Span(doc, ent.start, ent.end, ent.label_) for ent in parsed.ents]
    return doc
