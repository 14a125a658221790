"""Who a mention means, over the whole text: pronouns, descriptions, short and long names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from .introduced import Introduced
from .kinds import Identity, clean_name, could_be_outlet, identify
from .lexicon import table, words
from .mentions import NEUTER, PERSONAL, PLURAL, Mention
from .types import Span

_NEAR = 12  # sentences that a pronoun may look back
_RELAYED = 3  # sentences for which people who were interviewed speak to whom they told it


@dataclass(slots=True)
class Entity:
    """Somebody or something that the text has spoken of."""

    identity: Identity
    describes: set[str] = field(default_factory=set)
    last: int = 0
    last_sentence: int = 0
    spoke: int = -1
    gender: str = ""
    subject: bool = False
    brought: Introduced | None = None


class Cast:
    """Everybody that a text names, met in the order of the text."""

    def __init__(
        self, named: list[Mention], outlets: Iterable[str] = (), brought: Iterable[Introduced] = ()
    ) -> None:
        """``outlets`` are names that the text treats as outlets: told, quoted from, reporting others.

        ``brought`` are the documents and people that a sentence brings in for the next one.
        """
        self._named = sorted(named, key=lambda m: m.start)
        self._starts = [m.start for m in self._named]
        named = [m for m in named if m.name]
        self._full = _full_names(named)
        self._short = _acronyms(named)
        self._kinds = self._majority(named)
        self._outlets = {_key(self.canonical(name)) for name in outlets}
        self._brought = sorted(brought, key=lambda b: b.who.start)
        self._bring = 0
        self._touched: list[tuple[int, Entity]] = []
        self.behind: dict[Span, tuple[Introduced, Identity]] = {}
        self._next = 0
        self.entities: dict[str, Entity] = {}

    def resolve(self, mention: Mention, content: Sequence[Span] = ()) -> Identity:
        """Who a source mention means, given where what it says stands. Call in the order of the text."""
        self._meet_until(mention)
        if mention.pronoun:
            found = self._pronoun(mention, self._named_within(content))
            if found is None:
                return identify(mention)
            self._bring_back(found, mention)
            return found.identity
        who = self._known(mention, identify(mention))
        if who.naming != "named" and not mention.name:
            found = self._description(mention, who)
            if found is not None:
                self._bring_back(found, mention)
                self._spoke(found, mention)
                return found.identity
        entity = self._enter(who, mention)
        if entity.brought is not None and entity.brought.pattern == "relayed":
            self._bring_back(entity, mention)
        self._spoke(entity, mention)
        return entity.identity

    # ------------------------------------------------------------------ names

    def _majority(self, named: list[Mention]) -> dict[str, str]:
        """The label that a name bears most often: the small model errs now and then."""
        counts: dict[str, dict[str, int]] = {}
        for m in named:
            counts.setdefault(self.canonical(m.name), {}).setdefault(m.label, 0)
            counts[self.canonical(m.name)][m.label] += 1
        # A full name that is ever a person's is one: the model errs the other way more often.
        return {
            name: "PERSON"
            if len(name.split()) > 1 and 2 * c.get("PERSON", 0) >= max(c.values())
            else max(sorted(c), key=lambda label: c[label])
            for name, c in counts.items()
        }

    def canonical(self, name: str) -> str:
        """The longest form of a name that the text gives."""
        base = clean_name(name)
        return self._short.get(base) or self._full.get(base.lower(), base)

    def _known(self, mention: Mention, who: Identity) -> Identity:
        if not mention.name or who.kind == "document":
            return who
        full = self.canonical(who.name)
        label = self._kinds.get(full)
        if who.kind in ("organisation", "unknown") and label == "PERSON" and mention.label != "PERSON":
            who = identify(replace(mention, label="PERSON", name=full))
        if _key(full) in self._outlets and who.kind != "person" and could_be_outlet(mention, who):
            who = Identity(full, "outlet", "named")
        earlier = self.entities.get(_key(full))
        if earlier is not None and (
            who.kind in ("organisation", "unknown", "person") or earlier.identity.kind == who.kind
        ):
            return earlier.identity
        return Identity(full, who.kind, who.naming)

    def _meet_until(self, mention: Mention) -> None:
        while self._next < len(self._named) and self._named[self._next].start < mention.end:
            m = self._named[self._next]
            self._next += 1
            who = self._known(m, identify(m))
            entity = self._enter(who, m)
            entity.describes |= set(m.describes)

        while self._bring < len(self._brought) and self._brought[self._bring].who.end <= mention.start:
            new = self._brought[self._bring]
            self._bring += 1
            entity = self._enter(identify(new.who), new.who)
            entity.brought = new

    def _bring_back(self, entity: Entity, mention: Mention) -> None:
        """Who showed or wrote a document, where the sentence before told so."""
        new = entity.brought
        far = _RELAYED if new is not None and new.pattern == "relayed" else 1
        if new is not None and 0 < mention.sentence - new.who.sentence <= far:
            by = self._pronoun(new.by) if new.by.pronoun else None
            who = by.identity if by is not None else self._known(new.by, identify(new.by))
            self.behind[mention.start, mention.end] = new, who

    def _enter(self, who: Identity, m: Mention) -> Entity:
        key = (
            _key(who.name)
            if who.naming in ("named", "pseudonymous") and m.name
            else f"{_key(who.name)}#{who.kind}"
        )
        entity = self.entities.get(key)
        if entity is None:
            if who.members:
                who = replace(who, members=tuple(self.canonical(name) for name in who.members))
            entity = self.entities[key] = Entity(who)
        elif entity.identity.kind in ("organisation", "unknown") and who.kind in (
            "outlet",
            "agency",
            "social",
        ):
            entity.identity = Identity(entity.identity.name, who.kind, who.naming)
        entity.describes |= set(m.describes) | {m.head}
        entity.last, entity.last_sentence, entity.subject = m.start, m.sentence, m.subject
        self._touched.append((m.sentence, entity))
        held = set(m.words) | set(m.describes)
        if held & words("sources", "persons", "female"):
            entity.gender = "she"
        elif held & words("sources", "persons", "male") and not entity.gender:
            entity.gender = "he"
        if not entity.gender and entity.identity.kind == "person":
            entity.gender = _gender(entity.identity.name)
        return entity

    def _spoke(self, entity: Entity, m: Mention) -> None:
        entity.spoke, entity.last, entity.last_sentence = m.start, m.start, m.sentence
        self._touched.append((m.sentence, entity))

    # ------------------------------------------------------------------ pronouns and descriptions

    def _named_within(self, content: Sequence[Span]) -> set[str]:
        """Whom the words name: "“If Ada Holm wins, I’ll leave,” she said" isn't said by Ada Holm."""
        out = set()
        for start, end in content:
            for m in self._named[bisect_left(self._starts, start) :]:
                if m.start >= end:
                    break
                if m.name:
                    out.add(_key(self.canonical(clean_name(m.name, m))))
        return out

    def _pronoun(self, m: Mention, others: Collection[str] = ()) -> Entity | None:
        kinds: tuple[str, ...]
        if m.pronoun in PERSONAL:
            kinds, gender = ("person",), "she" if m.pronoun in ("she", "her", "hers") else "he"
        elif m.pronoun in PLURAL:
            kinds, gender = ("group", "organisation", "unknown", "outlet", "agency"), ""
        elif m.pronoun in NEUTER:
            kinds, gender = ("organisation", "outlet", "agency", "document", "social"), ""
        else:
            return None
        near = [
            e
            for e in self._lately(m.sentence)
            if e.identity.kind in kinds
            and e.last < m.start
            and m.sentence - e.last_sentence <= _NEAR
            and not (gender and e.gender and e.gender != gender)
            and _key(e.identity.name) not in others
            and (m.pronoun not in PLURAL or e.identity.kind == "group" or e.spoke >= 0 or e.subject)
        ]
        if not near:
            return None
        best = max(near, key=lambda e: self._salience(e, m))
        if gender:
            best.gender = gender
        best.last, best.last_sentence, best.subject = m.start, m.sentence, m.subject
        self._touched.append((m.sentence, best))
        if best.spoke >= 0:
            best.spoke = m.start
        return best

    def _lately(self, sentence: int) -> list[Entity]:
        """Who was spoken of in the last sentences: all of a long text would be too many to look at."""
        out: dict[int, Entity] = {}
        for then, entity in reversed(self._touched):
            if sentence - then > _NEAR:
                break
            out[id(entity)] = entity
        return list(out.values())

    @staticmethod
    def _salience(e: Entity, m: Mention) -> tuple[float, int]:
        distance = m.sentence - e.last_sentence
        score = -1.0 * distance
        if e.spoke >= 0:
            score += 1.6
        if e.subject:
            # Who a sentence is about is whom the next one begins with.
            score += 1.4 if distance <= 1 else 0.8
        if e.identity.naming == "named":
            score += 0.5
        if e.brought is not None and distance <= 1:
            score += 2.5
        if e.last_sentence == m.sentence:
            score -= 0.3
        if m.pronoun in PLURAL and e.identity.kind in ("outlet", "agency"):
            score -= 0.6
        return score, e.last

    def _description(self, m: Mention, who: Identity) -> Entity | None:
        """ "the envoy", "the newspaper", "the report": the last one that the text called so."""
        if not m.definite or (m.plural and m.head != "official"):
            return None
        candidates = [
            e for e in self.entities.values() if e.last < m.start and e.identity.naming != "anonymous"
        ]
        modifiers = {w for w in m.words[1:] if w != m.head and w.isalpha()}
        also = _also(m.head)
        if m.head in words("sources", "persons", "roles") and who.kind == "person":
            called = [e for e in candidates if e.identity.kind == "person" and also & e.describes]
            best = [e for e in called if modifiers & e.describes] or called
            if not best and m.head in words("sources", "persons", "epithets"):
                best = self._whom_an_epithet_means(m, candidates)
            return max(best, key=lambda e: (e.spoke >= 0, e.last)) if best and len(m.words) <= 6 else None
        if len(m.words) > 3 or m.head not in words("sources", "names", "generic"):
            return None
        if who.kind == "document":
            documents = [e for e in candidates if e.identity.kind == "document" and also & e.describes]
            outlets = [
                e
                for e in candidates
                if e.identity.kind in ("outlet", "agency")
                and (e.spoke >= 0 or (e.subject and m.head == "paper"))
            ]
            loose = m.head in ("report", "article", "story", "paper")
            documents = documents + outlets if loose else documents
            return max(documents, key=lambda e: e.last) if documents else None
        others = {"outlet": {"outlet", "agency"}, "social": {"social"}}
        wanted = others.get(who.kind, {"organisation"})
        called = [
            e
            for e in candidates
            if e.identity.kind in wanted and (m.head in e.describes or who.kind in ("outlet", "social"))
        ]
        spoke = [e for e in called if e.identity.naming in ("named", "pseudonymous")]
        return max(spoke or called, key=lambda e: e.last) if called else None

    @staticmethod
    def _whom_an_epithet_means(m: Mention, candidates: list[Entity]) -> list[Entity]:
        """ "The billionaire": a person that the last sentences are about, though nothing called them so."""
        near = [
            e
            for e in candidates
            if e.identity.kind == "person"
            and e.identity.naming == "named"
            and 0 < m.sentence - e.last_sentence <= 2
        ]
        return [e for e in near if e.subject or e.spoke >= 0]


def _also(head: str) -> frozenset[str]:
    """What else somebody may have been called before: a survey is a study."""
    families = table("sources")["names"]["families"]
    return frozenset(w for family in families if head in family for w in family) | {head}


def _gender(name: str) -> str:
    """The pronoun that a full name's first name calls for, or ""."""
    parts = name.lower().split()
    if len(parts) < 2:
        return ""
    return next((p for p in ("she", "he") if parts[0] in words("first_names", p)), "")


def _key(name: str) -> str:
    low = name.lower().removeprefix("the ")
    return " ".join(low.replace("’", "'").split())


def _full_names(named: list[Mention]) -> dict[str, str]:
    """Last name -> the full name that the text gives for it, if it gives only one."""
    out: dict[str, str] = {}
    for m in named:
        if m.label != "PERSON":
            continue
        full = clean_name(m.name, m)
        parts = full.split()
        if (
            len(parts) < 2
            or not parts[-1][:1].isupper()
            or parts[-1].lower() in ("jr.", "jr", "sr.", "iii", "ii")
        ):
            continue
        out.setdefault(parts[-1].lower(), full)
        if len(parts) > 2 and parts[-2].lower() in words("sources", "names", "particles"):
            out.setdefault(" ".join(parts[-2:]).lower(), full)
        if len(parts) == 2 and len(parts[0]) > 2:
            out.setdefault(full.lower(), full)
    return out


def _acronyms(named: list[Mention]) -> dict[str, str]:
    """ "VOA" -> "Voice of America", where the text says so in brackets or by the initials."""
    out: dict[str, str] = {}
    for m in named:
        if m.short and len(m.name.split()) > 1:
            out.setdefault(m.short, clean_name(m.name.split("(")[0], m))
    long = [m for m in named if len(m.name.split()) > 2 and m.label == "ORG"]
    for m in named:
        short = m.name.strip()
        if not (2 <= len(short) <= 6 and short.isupper() and short.isalpha()) or short in out:
            continue
        for other in long:
            parts = [
                w for w in other.name.removeprefix("the ").removeprefix("The ").split() if w[:1].isalpha()
            ]
            if short in (
                "".join(w[0] for w in parts if w[0].isupper()),
                "".join(w[0] for w in parts).upper(),
            ):
                out[short] = clean_name(other.name, other)
                break
    return out
