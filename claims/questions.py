"""How a weakness is put where its rule only proposes it: as a question to the editor. Pure."""

QUESTIONS: dict[str, str] = {
    "NO_SOURCE": "Does this want a source?",
    "BARE_SOURCE": "Is this a source without role or institution?",
    "WEASEL": "Are these weasel words?",
    "SINGLE_ANON": "Is all of this from one unnamed origin?",
    "SINGLE_SOURCE": "Is this from one source only?",
    "NO_REASON": "Is it left unsaid why the source isn’t named?",
    "NO_BASIS": "Is it left unsaid how the origin knows?",
    "PLURAL_INFLATION": "Is this one source rather than several?",
    "ANON_PICKUP": "Is this another outlet’s anonymous report?",
    "HEARSAY_DEPTH": "Is this too many removes from first hand?",
    "DEAD_END": "Does the chain end before a primary source?",
    "PSEUDONYMOUS_CHANNEL": "Is it unknown who runs this channel?",
    "NO_LINK": "Is a link to the cited report missing?",
    "NUMBER_DRIFT": "Does a figure change on the way?",
    "CERTAINTY_UPGRADE": "Does certainty rise along the chain?",
    "ATTRIBUTION_UPGRADE": "Does the source grow more exact on the way?",
    "DENIED": "Is this denied in the same text?",
}
