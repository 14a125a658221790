"""Which network addresses a stranger's URL may lead us to. Pure: it opens nothing."""

import ipaddress

# Azure answers its metadata service here: a public address by the registries, a private one in fact.
_METADATA = frozenset({ipaddress.ip_address("168.63.129.16")})
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_literal(host: str) -> bool:
    """Whether ``host`` is an IP address in its plain form, so that no name server need be asked."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether ``address`` (an IP address as `getaddrinfo` gives it) is global unicast, inside and out.

    False for loopback, private, link-local, shared, multicast, reserved and cloud metadata addresses, for
    IPv6 forms that wrap one (mapped, 6to4, Teredo, NAT64), and for what is no address. By the IANA
    special-purpose registries, through `ipaddress`.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in _METADATA
    if ip.scope_id:
        return False
    if ip in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    wrapped = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if not all(is_public(str(inner)) for inner in wrapped if inner is not None):
        return False
    # A mapped address is the IPv4 address; every other one must lie where hosts are numbered.
    return ip.ipv4_mapped is not None or (ip in _GLOBAL_UNICAST and ip.is_global)
