"""Fetching a page that a person, or a page, gave the address of. The only module that opens the network.

An address from outside may point at our own machines. So each hop's host is resolved here, once; every
address that it has must be public; and the connection goes to an address that was checked, so that a second
answer of the name server can't lead elsewhere. urllib3's connections are used below its pools and managers,
because those resolve names, follow redirects and (in requests) read proxies from the environment by
themselves.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import NoReturn
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    LocationParseError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import Url, parse_url

from sources.addresses import is_literal, is_public

MAX_SECONDS = 15.0
MAX_BYTES = 8_000_000
MAX_REDIRECTS = 5
PORTS = frozenset({80, 443})
USER_AGENT = "Hearsay/0.1 (a newsroom's tool for reviewing citations)"

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MEDIA_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "text/plain", DOCX})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": f"text/html,application/xhtml+xml,text/plain;q=0.9,{DOCX};q=0.8",
    "Accept-Language": "en;q=1.0,*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "close",
}
_PASTE = "Paste the text instead."
_STATUS_WORDS = {
    401: "the page is for those who log in. " + _PASTE,
    402: "the page is for those who pay. " + _PASTE,
    403: "it does not let us read this page. " + _PASTE,
    404: "it has no such page. Is the address right?",
    410: "the page was taken away.",
    429: "it has had too many requests. Try again later, or paste the text instead.",
    451: "it may not show this page for legal reasons. " + _PASTE,
}

Resolver = Callable[[str, int], Sequence[str]]


class Unreachable(Exception):
    """The page could not be fetched. The message is for the person who asked for it."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the site sent: the body, decompressed, its Content-Type as sent, and where redirects ended."""

    data: bytes
    media_type: str
    status: int
    final_url: str


def resolve_by_dns(host: str, port: int) -> list[str]:
    """Every IP address of ``host``, in the system's order. Raises OSError. It may block for long."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    url: str,
    *,
    resolve: Resolver = resolve_by_dns,
    allow: Callable[[str], bool] = is_public,
    ports: frozenset[int] | None = PORTS,
    max_seconds: float = MAX_SECONDS,
    max_bytes: int = MAX_BYTES,
) -> Fetched:
    """The page at ``url``, as bytes, following up to five redirects.

    ``max_seconds`` bounds the whole of it, name look-ups and slow bodies included; ``max_bytes`` the
    decompressed body. ``resolve``, ``allow`` and ``ports`` (None: any) are for tests on loopback, given by
    the caller alone: no setting and no environment variable reaches them. Raises `Unreachable` with a message
    for a journalist.
    """
    deadline = time.monotonic() + max_seconds
    seen: set[str] = set()
    target = _checked_url(url, ports)
    while True:
        if target.url in seen:
            raise Unreachable(
                "The site sends us round in a circle: its redirects lead back to where they began."
            )
        seen.add(target.url)
        if len(seen) > MAX_REDIRECTS + 1:
            raise Unreachable(f"The site redirects more than {MAX_REDIRECTS} times; we stopped following.")
        addresses = _checked_addresses(target, resolve, allow, deadline, max_seconds)
        with _answer(target, addresses, deadline, max_seconds) as answer:
            location = answer.headers.get("Location")
            if answer.status not in _REDIRECTS or not location:
                return _body(answer, target, deadline, max_seconds, max_bytes)
        try:
            onward = urljoin(
                target.url, location.encode("latin-1", "replace").decode("utf-8", "replace").strip()
            )
        except ValueError:
            raise Unreachable("The site redirects to something that is not a web address.") from None
        target = _checked_url(onward, ports)


def _checked_url(url: str, ports: frozenset[int] | None) -> Url:
    url = url.strip()
    if any(c.isspace() or not c.isprintable() for c in url):
        raise Unreachable("That is not a web address: it has spaces or control characters in it.")
    try:
        # The same parse is checked and connected to, so no second reading of the address can differ.
        parts = parse_url(url)
    except LocationParseError:
        raise Unreachable("That is not a web address that we can read.") from None
    if parts.scheme not in ("http", "https"):
        raise Unreachable("Only addresses that begin with http:// or https:// can be fetched.")
    if not parts.host:
        raise Unreachable("That address names no site.")
    if parts.auth is not None:
        raise Unreachable("Addresses with a user name or password in them are not fetched.")
    if ports is not None and _port(parts) not in ports:
        raise Unreachable(f"Port {parts.port} is not one that web sites use; only 80 and 443 are fetched.")
    return parts._replace(fragment=None, path=parts.path or "/")


def _port(parts: Url) -> int:
    if parts.port is not None:
        return parts.port
    return 443 if parts.scheme == "https" else 80


def _checked_addresses(
    target: Url, resolve: Resolver, allow: Callable[[str], bool], deadline: float, max_seconds: float
) -> list[str]:
    host = str(target.host).strip("[]")
    answers: queue.Queue[Sequence[str] | Exception] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(resolve(host, _port(target)))
        except Exception as error:  # noqa: BLE001 - told to the waiting thread, whatever it is
            answers.put(error)

    if is_literal(host):
        answers.put([host])
    else:
        # getaddrinfo has no time limit of its own; a thread that hangs in it is left behind.
        threading.Thread(target=ask, name="hearsay-dns", daemon=True).start()
    try:
        found = answers.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        _late(max_seconds)
    if isinstance(found, Exception) and not isinstance(found, OSError | UnicodeError):
        raise found
    if isinstance(found, Exception) or not found:
        raise Unreachable(f"There is no site named {host}, or its name server does not answer.")
    if not all(allow(address) for address in found):
        # One private address among public ones is enough: which of them answers isn't ours to choose.
        raise Unreachable(
            f"{host} is an address inside a private network. Only public web sites are fetched."
        )
    return list(found)


@contextmanager
def _answer(
    target: Url, addresses: list[str], deadline: float, max_seconds: float
) -> Iterator[BaseHTTPResponse]:
    """The headers of the answer, with the body still to read; closed at the end, cut off at the deadline."""
    connection = _connected(target, addresses, deadline, max_seconds)
    # A socket's timeout starts again with every byte, so a slow drip needs a hand on the plug.
    cut = threading.Timer(max(0.0, deadline - time.monotonic()), _unplug, [connection.sock])
    cut.daemon = True
    cut.start()
    try:
        connection.request(
            "GET",
            target.request_uri,
            headers={**_HEADERS, "Host": target.netloc or ""},
            preload_content=False,
            enforce_content_length=True,
        )
        answer = connection.getresponse()
        # http.client hands the socket over to an answer that ends with its connection, so both are closed.
        try:
            yield answer
        finally:
            answer.close()
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        if time.monotonic() >= deadline or isinstance(error, (ReadTimeoutError, TimeoutError)):
            _late(max_seconds)
        if isinstance(error, DecodeError):
            raise Unreachable("The site sent a page that can't be decompressed.") from error
        raise Unreachable(f"{target.host} broke off the connection, or did not speak HTTP.") from error
    finally:
        cut.cancel()
        connection.close()


def _connected(target: Url, addresses: list[str], deadline: float, max_seconds: float) -> HTTPConnection:
    host = str(target.host).strip("[]")
    failure: Exception | None = None
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            _late(max_seconds)
        connection: HTTPConnection
        if target.scheme == "https":
            # The certificate must be for the name that was asked for, though the connection goes to an
            # address.
            connection = HTTPSConnection(
                address,
                _port(target),
                timeout=left,
                cert_reqs="CERT_REQUIRED",
                server_hostname=host,
            )
        else:
            connection = HTTPConnection(address, _port(target), timeout=left)
        try:
            connection.connect()
        except (HTTPError, OSError) as error:
            connection.close()
            failure = error
        else:
            return connection
    # urllib3 counts a refused connection as a kind of time-out.
    timed_out = isinstance(failure, ConnectTimeoutError | TimeoutError) and not isinstance(
        failure, NewConnectionError
    )
    if timed_out or time.monotonic() >= deadline:
        _late(max_seconds)
    if isinstance(failure, ssl.SSLCertVerificationError):
        raise Unreachable(
            f"{host} has no valid certificate, so we can't tell whether it is {host}."
        ) from failure
    if isinstance(failure, ssl.SSLError | SSLError):
        raise Unreachable(f"{host} can't be reached over a secure connection.") from failure
    raise Unreachable(f"{host} does not answer: nothing takes our connection.") from failure


def _body(
    answer: BaseHTTPResponse, target: Url, deadline: float, max_seconds: float, max_bytes: int
) -> Fetched:
    if not 200 <= answer.status < 300:
        raise Unreachable(f"The site answered {answer.status}: {_status_words(answer.status)}")
    media_type = answer.headers.get("Content-Type", "").strip()
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in _MEDIA_TYPES:
        raise Unreachable(
            f"The address leads to a {kind} file. Only web pages, plain text and .docx can be read. "
            "If there is text in it, paste it instead."
        )
    too_big = Unreachable(f"The page is larger than {max_bytes / 1e6:g} MB; we stopped reading it.")
    declared = answer.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > max_bytes:
        raise too_big
    body = bytearray()
    for chunk in answer.stream(65536, decode_content=True):
        body += chunk
        if len(body) > max_bytes:
            raise too_big
        if time.monotonic() >= deadline:
            break
    # A connection that was cut can look like one that ended, where the site said no length.
    if time.monotonic() >= deadline:
        _late(max_seconds)
    return Fetched(bytes(body), media_type, answer.status, target.url)


def _status_words(status: int) -> str:
    if status in _STATUS_WORDS:
        return _STATUS_WORDS[status]
    if status >= 500:
        return "something is wrong there. Try again later, or paste the text instead."
    try:
        return f"{HTTPStatus(status).phrase}. {_PASTE}"
    except ValueError:
        return f"we don't know what that means. {_PASTE}"


def _unplug(sock: socket.socket | None) -> None:
    if sock is None:
        return
    try:
        # Not the TLS socket's own shutdown, which would make a read that is under way read on in clear.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        pass


def _late(max_seconds: float) -> NoReturn:
    raise Unreachable(f"The site did not send the page within {max_seconds:g} seconds. Try again later.")
