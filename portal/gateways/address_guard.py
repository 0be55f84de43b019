"""Where the portal may send to: names and addresses on the public internet, never anything inside.

Checked twice: when a URL is saved (`check_url`, `check_host`), and at each connect, on the very addresses that are
then connected to (`addresses_of`), so a name that changes its mind between check and use gains nothing.
"""

import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

PORTS = frozenset({443, 8443})
URL_CHARACTERS_MAX = 500
ADDRESSES_MAX = 16

#: Everything that is not the public internet (IANA special-purpose registries), and public addresses that lead
#: inside: 6to4 relays, and the metadata service that one cloud keeps on a public number.
_CLOSED_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4",
    )
)  # fmt: skip
#: Only 2000::/3 is routed; inside it these are tunnels, test nets and documentation. Everything outside it (mapped
#: and compatible IPv4, NAT64, unique local, link-local, multicast) is closed without a list.
_OPEN_6 = IPv6Network("2000::/3")
_CLOSED_6 = tuple(
    ip_network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3ffe::/16", "3fff::/20")
)
_INSIDE_SUFFIXES = (
    "local", "localhost", "localdomain", "internal", "intranet", "private", "corp", "home", "lan", "arpa", "onion",
    "test", "example", "invalid", "alt", "consul", "svc",
)  # fmt: skip
_LABEL = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(?<!-)$")
_NUMBER_LIKE = re.compile(r"^(0x[0-9a-f]*|[0-9]+)$")

Resolve = Callable[[str, int], Iterable[str]]


class AddressRefusedError(ValueError):
    """The portal does not send there; `code` says why, for a message in the reader's language."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Target:
    """A URL taken apart: what is connected to and what is asked for."""

    is_secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Give the Host header's value."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.is_secure else 80) else f"{name}:{self.port}"


def resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver for every address of a host; raises OSError when there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is on the public internet and leads nowhere else."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    return address in _OPEN_6 and address.scope_id is None and not any(address in one for one in _CLOSED_6)


class AddressGuard:
    """The one door through which outgoing connections to a lender's addresses go.

    `open_hosts` names hosts (`localhost:9000`, `bench.lender.test`) that a test bench may use although they are
    inside: for these http, any port and any address are allowed.
    """

    def __init__(self, *, open_hosts: Iterable[str] = (), resolve: Resolve = resolve) -> None:
        """Keep the open hosts and the resolver."""
        self.open_hosts = frozenset(host.lower() for host in open_hosts)
        self._resolve = resolve

    def check_url(self, url: str) -> Target:
        """Take a URL apart and check everything that can be seen without asking the network.

        Raises AddressRefusedError with a code: malformed, scheme, credentials, fragment, host, port, number, inside.
        """
        if (
            len(url) > URL_CHARACTERS_MAX
            or not re.fullmatch(r"[\x21-\x7e\u00a1-\U0010ffff]+", url)
            or "\\" in url
        ):
            raise AddressRefusedError("malformed")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as fault:
            raise AddressRefusedError("malformed") from fault
        if parts.scheme not in {"https", "http"}:
            raise AddressRefusedError("scheme")
        if "@" in parts.netloc:
            raise AddressRefusedError("credentials")
        if parts.fragment or "#" in url:
            raise AddressRefusedError("fragment")
        is_secure = parts.scheme == "https"
        target = Target(
            is_secure=is_secure,
            host=_plain_host(parts.hostname or ""),
            port=(443 if is_secure else 80) if port is None else port,
            path=_plain_path(parts.path, parts.query),
        )
        if not self.is_open(target):
            _check_outside(target)
        return target

    def check_host(self, target: Target) -> None:
        """Ask the network once and check that every address of the host is public.

        Raises AddressRefusedError with code `unknown_host` when the name leads nowhere, `inside` when it leads in.
        """
        try:
            self.addresses_of(target)
        except AddressRefusedError:
            raise
        except OSError as fault:
            raise AddressRefusedError("unknown_host") from fault

    def addresses_of(self, target: Target) -> list[str]:
        """Give the addresses to connect to, all of them checked.

        One closed address among several refuses them all: nobody has an honest reason to mix them. Raises
        AddressRefusedError, or OSError when the name leads nowhere.
        """
        found = list(self._resolve(target.host, target.port))[:ADDRESSES_MAX]
        if not found:
            raise OSError(f"{target.host} has no address")
        if not self.is_open(target) and not all(_is_public_text(one) for one in found):
            raise AddressRefusedError("inside")
        return found

    def is_open(self, target: Target) -> bool:
        """Tell whether the settings open this host for a test bench."""
        return bool(self.open_hosts & {target.host, f"{target.host}:{target.port}"})


def _plain_host(host: str) -> str:
    """Give the ASCII form of a host; what different readers could read differently is refused."""
    if not host or "%" in host:
        raise AddressRefusedError("host")
    if ":" in host:
        return host
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError as fault:
        raise AddressRefusedError("host") from fault


def _plain_path(path: str, query: str) -> str:
    whole = (path or "/") + (f"?{query}" if query else "")
    return "".join(
        one if one.isascii() else "".join(f"%{byte:02X}" for byte in one.encode()) for one in whole
    )


def _check_outside(target: Target) -> None:
    if not target.is_secure:
        raise AddressRefusedError("scheme")
    if target.port not in PORTS:
        raise AddressRefusedError("port")
    labels = target.host.split(".")
    if ":" in target.host or _NUMBER_LIKE.match(labels[-1]):
        if not _is_public_text(target.host):
            raise AddressRefusedError("inside")
        return
    if len(labels) < 2 or labels[-1] in {"", *_INSIDE_SUFFIXES}:
        raise AddressRefusedError("inside")
    is_name = len(target.host) <= 253 and labels[-1][0].isalpha() and all(map(_LABEL.match, labels))
    if not is_name:
        raise AddressRefusedError("host")


def _is_public_text(text: str) -> bool:
    """Read an address strictly: four decimal numbers or an IPv6 literal; anything cleverer is not public."""
    try:
        return is_public(ip_address(text))
    except ValueError:
        return False
