"""From one cue to the steps of its chains, who was told, who is cited, whose document it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from .found import Found
from .grammar import Range, child, clean, core_of, split, subject
from .kinds import identify
from .lexicon import words
from .mentions import Mention, mention_at

_MEETING = {
    "interview",
    "comment",
    "remark",
    "conversation",
    "appearance",
    "op-ed",
    "article",
    "column",
    "essay",
    "statement",
    "programme",
    "program",
    "show",
    "podcast",
    "briefing",
    "call",
    "message",
    "email",
    "discussion",
}
_CITING = {"citing", "quoting", "referencing", "crediting", "cites", "quotes", "cited", "quoted"}


@dataclass(slots=True)
class Step:
    """One hop before its source is resolved."""

    mention: Mention
    cue: Range


@dataclass(slots=True)
class Report:
    """A cue that brings a claim, with its parallel lines of steps. Ranges are tokens of the piece."""

    found: Found
    lines: list[list[Step]]
    taken: list[Range] = field(default_factory=list)


class Relays:
    """Reads the steps of cues in one piece; ``base`` is the piece's place in the text."""

    def __init__(self, doc: Doc, base: int, sentence: int) -> None:
        self.doc, self.base = doc, base
        self.sentence = {
            i: sentence + n for n, sent in enumerate(doc.sents) for i in range(sent.start, sent.end)
        }

    def mention(self, piece: Range) -> Mention:
        return mention_at(self.doc, piece, self.base, self.sentence.get(piece[0], 0))

    def of_token(self, token: Token) -> list[Mention]:
        """The mention that a noun makes: several, if it is a list of separate sources."""
        pieces = [p for part in split(token) for p in clean(self.doc, [part])]
        return [self.mention(self._with_name(p)) for p in pieces]

    def _with_name(self, piece: Range) -> Range:
        """ "told the channel Harbour Watch that": the parse may leave the name outside."""
        low, high = piece
        calls = words("sources", "social", "nouns") | words("sources", "outlets", "nouns")
        last = self.doc[high - 1]
        if last.pos_ != "NOUN" or last.lemma_.lower() not in calls:
            return piece
        while high < len(self.doc) and self.doc[high].pos_ == "PROPN" and self.doc[high].sent == last.sent:
            high += 1
        return low, high

    def report(self, found: Found) -> Report:
        """The lines of steps of one cue."""
        doc = self.doc
        verb = doc[found.head]
        cue = found.cue[0] if found.pattern not in ("verb", "quote") else (verb.i, verb.i + 1)
        lines = [[Step(m, cue)] for m in self._sources(found, verb)]
        report = Report(found, lines)
        self._citing_that(report, verb)
        self._reported_as(report, verb)
        if verb.lemma_ in ("cite", "quote") and found.pattern == "verb" and "as" in found.key:
            self._cited_as(report, verb)
        if found.pattern == "passive":
            self._quoted_by(report, verb)
        self._documents(report, verb)
        self._cite_on(report)
        self._cited(report, verb)
        self._cite_on(report)
        self._told(report, verb)
        return report

    def _sources(self, found: Found, verb: Token) -> list[Mention]:
        doc = self.doc
        if found.pattern == "noun" and (itself := self._noun_itself(found, verb)) is not None:
            return [itself]
        if not found.source:
            return []
        low, high = found.source[0][0], found.source[-1][1]
        core = core_of(doc, low, high)
        if core.tag_ in ("WDT", "WP") and verb.dep_ in ("relcl", "acl"):
            noun = verb.head
            piece = (noun.left_edge.i, verb.left_edge.i)
            return [self.mention(p) for p in clean(doc, [piece])] if piece[0] < piece[1] else []
        parts = [p for part in split(core) for p in clean(doc, [(max(part[0], low), min(part[1], high))])]
        if core.i < low or core.i >= high or len(parts) < 2:
            parts = clean(doc, [(low, high)])
        return [self.mention(p) for p in parts if p[0] < p[1]]

    def _noun_itself(self, found: Found, noun: Token) -> Mention | None:
        """ "Reports that C", "Some claim that C" (parsed as a noun): the words before it are the source."""
        low = noun.left_edge.i
        few = child(noun, "det")
        if (
            few is not None
            and few.lower_ in ("some", "many", "others", "most")
            and noun.lemma_ in words("cues", "claimed")
        ):
            return self.mention((few.i, few.i + 1))
        if noun.dep_ == "dobj" and noun.head.lemma_ in words("cues", "denied"):
            # "He rejected claims that C": he denies it, and who claims it isn't told.
            return None
        route = found.key.split("|")[-1]
        if (
            noun.lemma_.lower() in words("sources", "documents", "loose")
            and noun.tag_ == "NNS"
            and route not in ("poss", "by")
        ):
            pieces = clean(self.doc, [(low, noun.i + 1)])
            return self.mention(pieces[0]) if pieces else None
        return None

    # ------------------------------------------------------------- who was told

    def _told(self, report: Report, verb: Token) -> None:
        """ "X told OUTLET that", "in an interview with OUTLET": the outlet is nearer the reader."""
        behind = report.found.content[-1][1]
        setting = self.doc[behind] if behind < len(self.doc) and report.found.pattern == "verb" else None
        venues = self._venue(setting) if setting is not None and setting.lower_ == "in" else []
        for token in [*self._recipients(verb), *venues]:
            here = [m for m in self.of_token(token) if identify(m).kind in ("outlet", "agency", "social")]
            if not here or any(self._same(m, s.mention) for m in here for line in report.lines for s in line):
                continue
            step = [Step(m, (verb.i, verb.i + 1)) for m in here]
            report.lines = [[s, *line] for s in step for line in report.lines or [[]]]
            report.taken.extend((token.left_edge.i, token.right_edge.i + 1) for _ in here)
            return

    def _recipients(self, verb: Token) -> list[Token]:
        out = []
        for c in verb.children:
            if c.dep_ in ("dobj", "dative", "iobj"):
                out += [child(c, "pobj") or c] if c.dep_ == "dative" else [c]
            elif c.dep_ == "prep":
                out += self._venue(c)
            elif c.dep_ == "advcl" and c.lemma_ in ("speak", "talk", "write", "appear"):
                out += [t for p in c.children if p.dep_ == "prep" for t in self._venue(p)]
        return [t for t in out if t is not None]

    def _venue(self, prep: Token) -> list[Token]:
        noun = child(prep, "pobj")
        if noun is None:
            return []
        if noun.lemma_.lower() in _MEETING:
            inner = [
                child(p, "pobj")
                for p in noun.children
                if p.dep_ == "prep" and p.lower_ in ("with", "to", "on", "for", "in", "by")
            ]
            owned = child(noun, "poss")
            return [t for t in [*inner, owned] if t is not None]
        return [noun] if prep.lower_ in ("to", "on", "in", "for", "with") else []

    # ------------------------------------------------------------- whom they cite

    def _cited(self, report: Report, verb: Token) -> None:
        """ "A, citing B, said": B is one step further away."""
        if not report.lines:
            return
        for token in verb.sent:
            if token.lower_ not in ("citing", "quoting", "referencing", "crediting") or token.i == verb.i:
                continue
            if not self._governs(verb, token, report):
                continue
            noun = child(token, "dobj") or child(token, "pobj")
            if noun is None:
                noun = next(
                    (t for t in token.children if t.i > token.i and t.pos_ in ("NOUN", "PROPN")), None
                )
            if (
                noun is None
                and token.i + 1 < len(self.doc)
                and self.doc[token.i + 1].pos_ in ("NOUN", "PROPN")
            ):
                noun = self.doc[token.i + 1]
            if noun is None:
                continue
            steps = [Step(m, (token.i, token.i + 1)) for m in self.trimmed(noun)]
            report.lines = [[*line, s] for line in report.lines for s in steps] or report.lines
            end = max((self._places(s)[-1] + 1 for s in steps if len(self._places(s))), default=noun.i + 1)
            report.taken.append((token.i, end))

    def _citing_that(self, report: Report, verb: Token) -> None:
        """ "A wrote, quoting B, that C", where the clause is parsed as hanging on the quoting."""
        noun = child(verb, "dobj")
        if verb.tag_ != "VBG" or verb.lemma_ not in words("cues", "citing") or noun is None:
            return
        if report.found.pattern != "verb" or verb.head.pos_ != "VERB":
            return
        above = (verb.head.i, verb.head.i + 1)
        steps = [Step(m, (verb.i, verb.i + 1)) for m in self.trimmed(noun)]
        lines = [[Step(s.mention, above) for s in line] for line in report.lines]
        report.lines = [[*line, s] for line in lines for s in steps] or report.lines

    def _cite_on(self, report: Report) -> None:
        """ "A, which cited B": B is one step further away, and so on from B."""
        for number, line in enumerate(report.lines):
            made = list(line)
            for _ in range(4):
                further = self._cited_by(made[-1])
                if further is None or any(self._same(further.mention, s.mention) for s in line):
                    break
                made.append(further)
            report.lines[number] = made

    def _cited_by(self, step: Step) -> Step | None:
        places = self._places(step)
        if not places:
            return None
        core = core_of(self.doc, places[0], places[-1] + 1)
        for owner in (core, *(c for c in core.children if c.dep_ == "appos")):
            for c in owner.children:
                if c.dep_ == "relcl" and c.lemma_ in words("cues", "citing") and c.i > owner.i:
                    who, noun = child(c, "nsubj"), child(c, "dobj")
                    if who is None or noun is None or who.tag_ not in ("WDT", "WP"):
                        continue
                    found = self.trimmed(noun)
                    if not found:
                        continue
                    short = clean(self.doc, [(places[0], max(c.left_edge.i, places[0] + 1))])
                    step.mention = self.mention(short[0]) if short else step.mention
                    return Step(found[0], (c.i, c.i + 1))
        return None

    def trimmed(self, noun: Token) -> list[Mention]:
        """A cited source, without a clause that hangs on it and says what it said."""
        high = noun.right_edge.i + 1
        for c in noun.children:
            if (
                c.dep_ in ("relcl", "acl")
                and c.i > noun.i
                and (c.lemma_ in words("cues", "said") or child(c, "ccomp") is not None)
            ):
                high = min(high, c.left_edge.i)
        pieces = [(low, min(end, high)) for low, end in split(noun)]
        return [self.mention(p) for p in clean(self.doc, [p for p in pieces if p[0] < p[1]])]

    def _governs(self, verb: Token, citing: Token, report: Report) -> bool:
        owner = citing
        for _ in range(4):
            if owner.head is owner:
                break
            owner = owner.head
            if owner.i == verb.i:
                return True
            if owner.pos_ == "VERB" and owner.lemma_ in words("cues", "said") | words("cues", "claimed"):
                return False
        who = subject(citing)
        if who is not None and report.found.source and any(a <= who.i < b for a, b in report.found.source):
            return True
        low, high = sorted((verb.i, citing.i))
        return high - low < 25 and not any(
            t.lemma_ in words("cues", "said") and t.pos_ == "VERB" for t in self.doc[low + 1 : high]
        )

    def _reported_as(self, report: Report, verb: Token) -> None:
        """ "A reported him as saying that", "A quoted B as saying that": A is nearer the reader."""
        if verb.dep_ != "pcomp" or verb.head.lower_ != "as" or verb.head.head.pos_ != "VERB":
            return
        above = verb.head.head
        agent = child(above, "agent")
        who = (
            (child(agent, "pobj") if agent is not None else None)
            if child(above, "nsubjpass")
            else subject(above)
        )
        if who is None or (report.lines and who.i in self._places(report.lines[0][0])):
            return
        steps = [Step(m, (above.i, above.i + 1)) for m in self.of_token(who)]
        report.lines = [[s, *line] for s in steps for line in report.lines or [[]]]

    def _places(self, step: Step) -> range:
        low = next((t.i for t in self.doc if t.idx + self.base >= step.mention.start), 0)
        high = next((t.i for t in self.doc[low:] if t.idx + self.base >= step.mention.end), len(self.doc))
        return range(low, high)

    def _cited_as(self, report: Report, verb: Token) -> None:
        """ "A quoted B as saying that"."""
        noun = child(verb, "dobj")
        if noun is not None:
            steps = [Step(m, (verb.i, verb.i + 1)) for m in self.of_token(noun)]
            report.lines = [[*line, s] for line in report.lines or [[]] for s in steps]

    def _quoted_by(self, report: Report, verb: Token) -> None:
        """ "B was quoted by A as saying that"."""
        about = child(verb, "nsubjpass")
        if verb.lemma_ in ("quote", "cite") and about is not None:
            steps = [Step(m, (verb.i, verb.i + 1)) for m in self.of_token(about)]
            report.lines = [[*line, s] for line in report.lines or [[]] for s in steps]

    # ------------------------------------------------------------- whose document

    def _documents(self, report: Report, verb: Token) -> None:
        """ "a memo obtained by A" is A, then the memo; "a report by B" is the report, then B."""
        lines = []
        for line in report.lines:
            made: list[Step] = []
            for step in line:
                before, after, own = self._makers(step)
                made += [*before, own, *after]
            lines.append(made)
        report.lines = lines

    def _makers(self, step: Step) -> tuple[list[Step], list[Step], Step]:
        who = step.mention
        low = next((t.i for t in self.doc if t.idx + self.base == who.start), None)
        if low is None:
            return [], [], step
        high = next((t.i for t in self.doc[low:] if t.idx + len(t) + self.base >= who.end), low) + 1
        core = core_of(self.doc, low, high)
        before: list[Step] = []
        after: list[Step] = []
        cut = high
        is_document = identify(who).kind == "document"
        for c in [*core.children, *(self._passed_on(core) if is_document else ())]:
            if c.i < core.i:
                if c.dep_ == "poss" and is_document and identify(who).kind == "document":
                    after += [Step(m, step.cue) for m in self.of_token(c)]
                continue
            if (
                c.dep_ in ("acl", "relcl")
                and c.tag_ in ("VBN", "VBD")
                and (agent := child(c, "agent", "prep")) is not None
            ):
                maker = child(agent, "pobj")
                if maker is None or agent.lower_ not in ("by", "to"):
                    continue
                steps = [Step(m, (c.i, c.i + 1)) for m in self.of_token(maker)]
                if c.lemma_ in ("quote", "cite") or (
                    is_document
                    and (
                        c.lemma_ in words("sources", "documents", "passed_on")
                        or (steps and identify(steps[0].mention).kind in ("outlet", "agency"))
                    )
                ):
                    before += steps
                elif is_document:
                    after += steps
                else:
                    continue
                cut = min(cut, c.left_edge.i)
            elif core.lemma_ == "report" and c.dep_ == "prep" and c.lower_ in ("of", "in", "from"):
                # "The reports of the British press": what a press reports is its own voice.
                press = child(c, "pobj")
                voices = self.of_token(press) if press is not None else []
                if voices and identify(voices[0]).kind in ("outlet", "agency"):
                    return [], [], Step(voices[0], step.cue)
            elif is_document and c.dep_ in ("prep", "agent") and c.lower_ in ("by", "from"):
                maker = child(c, "pobj")
                if maker is not None and maker.ent_type_ not in ("DATE", "TIME"):
                    after += [Step(m, (c.i, c.i + 1)) for m in self.of_token(maker)]
                    cut = min(cut, c.i)
        if cut < high and cut > low:
            pieces = clean(self.doc, [(low, cut)])
            if pieces:
                step = Step(self.mention(pieces[0]), step.cue)
        if len(before) > 1 or len(after) > 1:
            before, after = before[:1], after[:1]
        return before, after, step

    def _passed_on(self, document: Token) -> list[Token]:
        """ "a memo by A, seen by B": parsed as if A were seen, where the comma says otherwise."""
        return [
            c
            for prep in document.children
            if prep.dep_ in ("prep", "agent")
            for maker in prep.children
            if maker.dep_ == "pobj"
            for c in maker.children
            if c.dep_ == "acl"
            and c.tag_ == "VBN"
            and self.doc[c.left_edge.i - 1].text == ","
            and c.lemma_ in words("sources", "documents", "passed_on")
        ]

    def _same(self, a: Mention, b: Mention) -> bool:
        return a.start < b.end and b.start < a.end
