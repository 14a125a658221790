"""The codes of weak attribution and what editors call them. People may raise any of them by hand."""

CODES: dict[str, str] = {
    "NO_SOURCE": "No source given",
    "BARE_SOURCE": "A source without role or institution",
    "WEASEL": "Weasel words",
    "SINGLE_ANON": "Anonymous single origin",
    "SINGLE_SOURCE": "Only one source",
    "NO_REASON": "Unnamed, and why isn’t said",
    "NO_BASIS": "Nothing says how the origin knows",
    "PLURAL_INFLATION": "“Sources”, and one is found",
    "ANON_PICKUP": "Another outlet’s anonymous report",
    "HEARSAY_DEPTH": "Too many removes from first hand",
    "DEAD_END": "Dead end before a primary source",
    "PSEUDONYMOUS_CHANNEL": "A channel whose operator isn’t known",
    "NO_LINK": "No link to the cited report",
    "NUMBER_DRIFT": "A figure changes on the way",
    "CERTAINTY_UPGRADE": "Certainty rises along the chain",
    "ATTRIBUTION_UPGRADE": "The source grows more exact on the way",
    "DENIED": "Denied in the same text",
    "OTHER": "Another weakness",
}
