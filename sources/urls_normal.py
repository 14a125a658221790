"""The form in which two addresses of one article are the same address. Pure: it opens nothing.

urllib3's `parse_url` splits, escapes, resolves dot segments and writes foreign host names in punycode.
courlan, which comes with trafilatura, was weighed and left out: it drops a query without "="
(`story.php?4711`), empty values, and every parameter that begins with "source", "session" or "uid", which on
some sites names the article itself; it also decodes punycode and keeps `http` apart from `https`.
url-normalize and w3lib leave trackers, `www.` and the scheme to us all the same, so they would be one
dependency more for three lines less.
"""

import re

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

# Only parameters that say who sent the reader, never what is read: one that might name the article stays,
# since taking two articles for one loses an article, and taking one for two only shows it twice.
_TRACKER_PREFIXES = ("utm_", "mtm_", "pk_", "at_", "ns_", "hsa_", "__s", "oly_", "vero_", "_hs")
_TRACKERS = frozenset(
    # which click it was
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igsh igshid li_fat_id epik "
    "sc_cid s_cid rdt_cid wickedid "
    # which newsletter
    "mc_cid mc_eid mkt_tok ck_subscriber_id sailthru "
    # which link on which site, by names that news sites and networks chose
    "_ga _gl cmpid cmp ito ocid xtor smid smtyp ftag guccounter guce_referrer guce_referrer_sig "
    "ref_src ref_url __twitter_impression feature_share share_id soc_src soc_trk taid".split()
)
_DEFAULT_PORTS = (None, 80, 443)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def normal_url(url: str) -> str:
    """The address to recognise an article by; not for showing or opening.

    The scheme is always https, since a site that serves both serves the same; `www.` goes for that reason
    too, other subdomains stay (`m.` and `amp.` serve other bytes, and often other text). Default port, user
    name, fragment, trailing slash and trackers go, parameters are sorted, the host is lower case and in
    punycode, escapes are in one form. What isn't an http(s) address comes back stripped and otherwise as it
    was. Never raises.
    """
    url = url.strip()
    try:
        parts = parse_url(url)
    except LocationParseError:
        return url
    if parts.scheme not in ("http", "https") or not parts.host:
        return url
    host = parts.host.lower().rstrip(".")
    if (bare := host.removeprefix("www.")).count("."):
        host = bare
    port = "" if parts.port in _DEFAULT_PORTS else f":{parts.port}"
    path = _escapes(parts.path or "").rstrip("/")
    kept = sorted(p for p in (parts.query or "").split("&") if p and not _tracks(p))
    query = "?" + "&".join(_escapes(p) for p in kept) if kept else ""
    return f"https://{host}{port}{path}{query}"


def _tracks(parameter: str) -> bool:
    name = _escapes(parameter.partition("=")[0]).lower()
    return name in _TRACKERS or name.startswith(_TRACKER_PREFIXES)


def _escapes(part: str) -> str:
    """Escapes that need not be are undone, the others are in capitals (RFC 3986, 6.2.2)."""

    def one(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(one, part)
