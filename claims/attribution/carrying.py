"""Which cues carry a claim: somebody says, writes, finds or holds something as a fact."""

from __future__ import annotations

from dataclasses import replace

from .citing import heard_from
from .found import Found
from .grammar import Range, child, clean, core_of, span
from .kinds import is_noun_of_source
from .lexicon import words
from .pieces import speech
from .reality import is_question, is_real
from .steps import Report
from .tree import Doc, Token

_CLAUSES = {
    "clause",
    "that",
    "before",
    "paren",
    "as",
    "quote",
    "be-clause",
    "be-clause-before",
    "be-clause-subject",
}
_WRITER = {"i", "we", "you", "there", "what", "nobody", "nothing"}
_SELF = _WRITER | {"they", "it", "that", "this", "which", "who", "one", "people"}
# What a quotation inside a quotation must take of it, to be what the quotation is for.
_INNER = 0.5
_UNLIKELY = 0.05
_LEAST = 4
_POINTING = {"PRON", "AUX", "PART", "PUNCT", "SCONJ"}


def carried(doc: Doc, found: Found, inside: list[int]) -> Found | None:
    """The cue, with the content that it states as a fact; None if it states none.

    ``inside`` tells for each token how many tokens the quotation has that it stands in, or 0.
    """
    head = doc[found.head]
    if not found.content or (not found.source and found.pattern != "noun"):
        return None
    if inside[found.head] and not _is_inner(doc, found, inside[found.head]):
        return None
    if found.pattern in ("phrase", "headline"):
        return found
    if all(t.pos_ in _POINTING for low, high in found.content for t in doc[low:high]):
        # "The bank insists that it will not": what it points back to was said before.
        return None
    base, _, frame = found.key.partition("|")
    if found.pattern == "noun":
        return found if _noun_carries(head, found, base, frame) and not _unreal_above(head) else None
    if not is_real(head, found) or is_question(found, head) or _behind_colon(doc, found, frame):
        return None
    if found.pattern == "adjective":
        return found if base in words("cues", "doubting") and frame == "that" else None
    if base == "accuse" and (charge := _accused_by(doc, found)) is not None:
        return charge
    if base in words("cues", "describing") and _points_back(doc, found):
        return None
    if (whole := _described(doc, found, base)) is not None:
        return whole
    if base == "put" and found.pattern == "verb" and (figure := _put_at(doc, found)) is not None:
        return figure
    if base == "make" and (clear := _made_clear(doc, found)) is not None:
        return clear
    if base in words("cues", "showing") and _is_document(doc, found) and not frame.startswith("that"):
        return _shown(doc, found, frame)
    if not _is_saying(doc, found, base) or _is_result(head, found) or _shows_nothing(doc, found, base):
        return None
    if _is_told_so(doc, found, base) or _says_how(doc, found) or _is_taken_for(doc, found, frame):
        return None
    return found if _frame_carries(doc, found, base, frame) else None


def _behind_colon(doc: Doc, found: Found, frame: str) -> bool:
    """ "She put it bluntly: nobody reads it": what stands before the colon isn't read by nobody."""
    end = found.content[-1][1]
    if frame not in ("before", "paren", "quote") or end > found.head:
        return False
    if frame == "before" and any(t.text == ":" for t in doc[end : found.head]):
        return True
    # "The ministry said no one had died; doctors said otherwise": two sentences.
    return any(t.text == ";" for t in doc[end : found.head])


def _is_inner(doc: Doc, found: Found, size: int) -> bool:
    """ "“The mayor told me that C,” X said": somebody else's words, and nearly all that X says."""
    base = found.key.partition("|")[0]
    who = doc[found.source[0][0]].lower_ if found.source else "i"
    content = sum(b - a for a, b in found.content)
    return who not in _SELF and (
        content >= _INNER * size and (found.pattern in ("phrase", "noun") or base in words("cues", "said"))
    )


def _noun_carries(noun: Token, found: Found, base: str, frame: str) -> bool:
    shape = frame.split("|", maxsplit=1)[0]
    if shape == "is":
        return base in words("cues", "has_it") | words("cues", "alleging")
    # "Some claim that C" is parsed as some claim.
    few = child(noun, "det")
    likely = found.weight > _UNLIKELY or (few is not None and few.lower_ in ("some", "many", "others"))
    return base in words("cues", "nouns") and shape in ("that", "clause") and likely


def _unreal_above(noun: Token) -> bool:
    """ "There is no evidence that": nobody has it."""
    none = child(noun, "det")
    above = noun.head
    negated = above.pos_ in ("VERB", "AUX") and child(above, "neg") is not None
    denied = above.lemma_ in words("cues", "denied")
    return (none is not None and none.lower_ == "no") or (negated and not denied and noun.dep_ != "nsubj")


def _is_saying(doc: Doc, found: Found, base: str) -> bool:
    if (
        found.pattern == "quote"
        or base in speech()
        or base in words("cues", "denied")
        or base in words("cues", "doubted")
        or base == "cite"
    ):
        return True
    if base == "put" and (what := child(doc[found.head], "dobj")) is not None and what.lower_ == "it":
        # "As she put it".
        return True
    if base == "hear" and heard_from(doc[found.head]) is not None:
        return True
    return _is_rumour(doc, found, base) or (base in words("cues", "voicing") and _voices(doc, found))


def _is_told_so(doc: Doc, found: Found, base: str) -> bool:
    """ "When she learned that C": somebody else's knowledge, unless an outlet tells what it learned."""
    if base not in words("cues", "learning") or not found.source or heard_from(doc[found.head]) is not None:
        return False
    held = core_of(doc, *found.source[-1])
    return held.pos_ == "PRON" or (held.ent_type_ == "PERSON") or doc[found.head].dep_ in ("advcl", "relcl")


def _points_back(doc: Doc, found: Found) -> bool:
    """ "She called that a lie": what she means was said before."""
    after = doc[found.head + 1] if found.head + 1 < len(doc) else None
    if after is None or after.lower_ not in ("that", "this") or after.i + 1 == len(doc):
        return False
    return doc[after.i + 1].pos_ not in ("NOUN", "PROPN", "ADJ", "NUM")


def _says_how(doc: Doc, found: Found) -> bool:
    """ "Advised them how to sell": nothing is said to be so."""
    low, high = found.content[0]
    return doc[low].tag_ in ("WRB", "WP") and low + 1 < high and doc[low + 1].lower_ == "to"


def _is_taken_for(doc: Doc, found: Found, frame: str) -> bool:
    """ "The boats mentioned in the letter are lost": a participle, parsed as if it brought what follows."""
    low, high = found.content[0]
    root = core_of(doc, low, high)
    return (
        frame == "clause"
        and doc[found.head].tag_ in ("VBN", "VBD")
        and doc[low].pos_ == "AUX"
        and doc[low].tag_ != "VB"
        and child(root, "nsubj", "nsubjpass", "expl") is None
    )


def _is_result(verb: Token, found: Found) -> bool:
    """ "He tells so many lies that C"."""
    what = child(verb, "dobj")
    return what is not None and any(t.lower_ in ("so", "such") for t in what.subtree) and "that" in found.key


def _shows_nothing(doc: Doc, found: Found, base: str) -> bool:
    """ "The heat suggests that C": what isn't a source says nothing, it is somebody's inference."""
    if base not in words("cues", "inferring") or not found.source:
        return False
    held = core_of(doc, *found.source[-1])
    return held.pos_ == "NOUN" and not is_noun_of_source(held)


def _made_clear(doc: Doc, found: Found) -> Found | None:
    """ "X made it clear that C"."""
    clear = next((c for c in doc[found.head].children if c.lower_ in ("clear", "plain", "known")), None)
    clause = child(clear, "ccomp", "advcl", "acl") if clear is not None else None
    if clause is None or clause.i < found.head:
        return None
    whole = clean(doc, [span(clause)])
    return replace(found, content=whole, key="make|clause") if whole else None


def _described(doc: Doc, found: Found, base: str) -> Found | None:
    """ "X called Z a crook", "likened Z to Y", "accused Z of theft": the claim goes from Z on."""
    verb = doc[found.head]
    if base not in words("cues", "describing") or found.pattern not in ("verb", "quote"):
        return None
    if verb.dep_ == "pcomp" and base == "compare":
        # "Reckons it by comparing A with B".
        return None
    what = child(verb, "dobj")
    if what is not None and what.lower_.endswith(("self", "selves")):
        # "A group calling itself the Dawn".
        return None
    if what is not None and what.tag_ == "WDT" and verb.dep_ == "relcl":
        # "The fire that X described as an accident".
        end = child(next((c for c in verb.children if c.lower_ == "as"), verb), "pobj")
        return (
            replace(found, content=clean(doc, [span(end)]), key=f"{base}|small") if end is not None else None
        )
    if what is None or what.i < verb.i or (what.pos_ == "PRON" and what.tag_ in ("WP", "WDT")):
        small = child(verb, "ccomp")
        if small is None or small.i < verb.i or small.pos_ in ("VERB", "AUX"):
            return None
        return replace(found, content=clean(doc, [span(small)]), key=f"{base}|small")
    ends = [
        c
        for c in verb.children
        if c.i > what.i
        and (c.dep_ in ("oprd", "xcomp") or (c.dep_ == "prep" and c.lower_ in ("as", "to", "of", "for")))
    ]
    inner = next((c for c in what.children if c.dep_ == "prep" and c.lower_ == "as" and c.i > what.i), None)
    if base in words("cues", "as_what") and not ends and inner is not None:
        return replace(found, content=clean(doc, [span(what)]), key=f"{base}|small")
    if base == "describe" and not any(c.lower_ == "as" for c in ends):
        return _told_of(doc, found, what)
    if not ends and base == "blame" and (is_noun_of_source(what) or what.pos_ in ("PRON", "PROPN")):
        return None
    if not ends and base == "blame":
        # "Blamed a strike at a supplier".
        last = max(c.right_edge.i + 1 for c in (what, *(c for c in verb.children if c.dep_ == "prep")))
        return replace(found, content=clean(doc, [(what.left_edge.i, last)]), key=f"{base}|small")
    if not ends and base in ("accuse", "blame", "link", "liken") and child(what, "prep") is not None:
        return replace(found, content=clean(doc, [span(what)]), key=f"{base}|small")
    if not ends:
        return None
    if base in words("cues", "as_what") and not any(
        c.lower_ == "as" or (c.lower_ == "for" and child(c, "pcomp") is not None) for c in ends
    ):
        return None
    if base in ("call", "label", "dub", "brand", "deem") and ends[0].dep_ == "prep":
        return None
    if base in ("accuse", "liken", "blame", "link", "compare") and ends[0].dep_ != "prep":
        return None
    last = max(ends[0].right_edge.i + 1, *(b for _, b in found.content))
    # What is called so ends with its marks: "criticised the law as a “crazy system” at a rally".
    marks = (t.i for t in doc[ends[0].i + 2 : last - 1] if t.is_quote and doc[t.i + 1].dep_ == "prep")
    last = next(marks, last)
    whole: list[Range] = clean(doc, [(what.left_edge.i, last)])
    return replace(found, content=whole, key=f"{base}|small") if whole else None


def _accused_by(doc: Doc, found: Found) -> Found | None:
    """ "X was accused by Y of hiding it": the deed is parsed as Y's."""
    verb = doc[found.head]
    agent = child(verb, "agent")
    by, about = (child(agent, "pobj") if agent is not None else None), child(verb, "nsubjpass")
    of = next((c for p in (by, verb) if p is not None for c in p.children if c.lower_ == "of"), None)
    if found.pattern != "passive" or by is None or about is None or of is None or of.i < by.i:
        return None
    source = clean(doc, [(by.left_edge.i, of.i)])
    content = clean(doc, [span(about), (of.i, of.right_edge.i + 1)])
    return replace(found, source=source, content=content, key="accuse|small") if source else None


def _told_of(doc: Doc, found: Found, what: Token) -> Found | None:
    """ "Employees described a culture in which reports were altered": what was there, by their account."""
    first = child(what, "det")
    new = (first is not None and first.lower_ in ("a", "an", "no")) or (
        first is None and what.tag_ in ("NNS", "NN")
    )
    whole = clean(doc, [span(what)])
    if not new or what.pos_ != "NOUN" or whole[0][1] - whole[0][0] < _LEAST:
        return None
    return replace(found, content=whole, key=f"{found.key.partition('|')[0]}|small")


def _put_at(doc: Doc, found: Found) -> Found | None:
    """ "Put the dead at 17": a figure that somebody gives."""
    verb = doc[found.head]
    what = child(verb, "dobj") or child(verb, "ccomp")
    at = next(
        (c for c in verb.children if c.dep_ == "prep" and c.lower_ in ("at", "on") and c.i > verb.i), None
    )
    if at is None and what is not None:
        at = next((c for c in what.children if c.dep_ == "prep" and c.lower_ in ("at", "on")), None)
    if what is None or at is None or what.i < verb.i or not any(t.like_num for t in at.subtree):
        return None
    last = max(at.right_edge.i, what.right_edge.i) + 1
    given = next((c for c in verb.children if c.dep_ == "advcl" and c.left_edge.i == last + 1), None)
    if given is not None and given.tag_ == "VBG" and given.lemma_ in ("assume", "use", "include", "exclude"):
        last = given.right_edge.i + 1
    whole = clean(doc, [(what.left_edge.i, last)])
    return replace(found, content=whole, key="put|small") if whole else None


def _shown(doc: Doc, found: Found, frame: str) -> Found | None:
    """ "The poll shows a tightening race as rents rise": the object and what goes with it."""
    verb = doc[found.head]
    low, high = found.content[0][0], found.content[-1][1]
    if frame.startswith("obj") and low > verb.i:
        further = [c for c in verb.children if c.i >= high and c.dep_ in ("prep", "advcl", "advmod", "acl")]
        for c in further:
            if c.left_edge.i != high or c.lower_ in words("cues", "phrases"):
                break
            high = c.right_edge.i + 1
    also = next(
        (t.i for t in doc[low + 1 : high] if t.lower_ == "with" and child(t, "pcomp") is not None), high
    )
    whole = clean(doc, [(low, also)])
    least = 2 if whole and doc[whole[0][0]].lower_ == "no" else 3
    return replace(found, content=whole) if whole and whole[0][1] - whole[0][0] >= least else None


def _frame_carries(doc: Doc, found: Found, base: str, frame: str) -> bool:
    size = sum(b - a for a, b in found.content)
    if found.pattern == "quote":
        return size >= 2
    if frame in _CLAUSES:
        return size >= 3 and (frame != "before" or base in speech())
    if frame == "wh":
        quoted = doc[max(0, found.content[0][0] - 1)].text in ("“", '"', "``", "''")
        return size >= 3 and (quoted or base in words("cues", "doubted"))
    if frame == "pred":
        # "claims to have seen", "denied having paid": a perfect infinitive or gerund.
        return base in ("claim", "deny") and size >= 3 and _is_perfect(doc, found)
    if frame in ("ing", "small"):
        return (
            base in words("cues", "denied") | words("cues", "confirmed") | {"report", "show", "say"}
            and size >= 3
        )
    if base in ("cite", "quote"):
        return "as" in frame and size >= 3
    if frame in ("inf", "obj-inf"):
        return base in words("cues", "promising") | {"claim"} and size >= 4
    if base == "have":
        return frame == "that"
    if frame in ("be-inf", "be-as"):
        return base in words("cues", "said") and size >= 4
    return _object_carries(doc, found, base, frame, size)


def _object_carries(doc: Doc, found: Found, base: str, frame: str, size: int) -> bool:
    if base == "deny" and frame == "obj":
        return _is_deed(doc, found)
    if base in words("cues", "denied") | words("cues", "challenged") and frame.startswith("obj-long"):
        return size >= 4 and core_of(doc, *found.content[0]).lemma_.lower() in words("cues", "nouns")
    if frame in ("obj", "obj-long") or frame.startswith("obj-"):
        if base in words("cues", "voicing"):
            return _voices(doc, found)
        if base == "dismiss" and frame == "obj-as":
            return size >= 4
        what = core_of(doc, *found.content[0]).lemma_.lower()
        if base == "report" and frame == "obj":
            return size >= 2 and any(t.like_num for low, high in found.content for t in doc[low:high])
        if base == "claim" and what in words("cues", "claimed_things"):
            return False
        if base in ("concede", "admit", "acknowledge"):
            return size >= _LEAST
        return base in ("claim", "allege", "predict", "confirm", "deny", "announce", "forecast") and size >= 3
    if frame.endswith(("+ing", "+")):
        return (base == "warn" and size >= 2) or (
            base in ("boast", "brag", "complain") and frame.endswith("+ing") and size >= 3
        )
    return False


def _is_document(doc: Doc, found: Found) -> bool:
    """Whether what shows something is a document, or a name that shows a figure: "with RealPolls showing"."""
    if not found.source:
        return False
    core = core_of(doc, *found.source[-1])
    if core.ent_type_ == "ORG" and any(t.like_num for low, high in found.content for t in doc[low:high]):
        return True
    held = core.lemma_.lower()
    return held in words("sources", "documents", "nouns") | words("sources", "documents", "numbers")


def _is_perfect(doc: Doc, found: Found) -> bool:
    root = core_of(doc, *found.content[0])
    return root.tag_ == "VBN" and child(root, "aux") is not None


def _is_deed(doc: Doc, found: Found) -> bool:
    """ "Denied wrongdoing", not "denied it", "denied these claims"."""
    root = core_of(doc, *found.content[0])
    return root.pos_ == "NOUN" and root.lemma_.lower() not in words("cues", "nouns")


def _is_rumour(doc: Doc, found: Found, base: str) -> bool:
    """ "Rumour has it that"."""
    who = found.source[0][0] if found.source else 0
    return base == "have" and doc[who].lower_ in words("cues", "has_it")


def _voices(doc: Doc, found: Found) -> bool:
    for low, high in found.content:
        root = core_of(doc, low, high)
        if root.lemma_.lower() in words("cues", "nouns") and high - low >= 4:
            return True
    return False


def speaks_for_itself(report: Report) -> bool:
    """ "I think", "we believe" outside a quotation: the writer, who is no source."""
    first = report.lines[0][0].mention
    return len(report.lines[0]) == 1 and first.words[0] in _WRITER and len(first.words) == 1
