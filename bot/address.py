"""From which address a request comes; limits count by it."""

import ipaddress

from starlette.requests import HTTPConnection

# A household or a phone has a whole network of this size; to count single addresses would limit
# nobody.
_V6_PREFIX = 64


def address_of(request: HTTPConnection) -> str:
    """The caller's IPv4 address or IPv6 network, `unknown` when there is none."""
    try:
        address = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), _V6_PREFIX), strict=False))


def is_local(request: HTTPConnection) -> bool:
    """Whether a program of this machine calls for itself; a proxy here calls for somebody else."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
