import gzip
import socket
import ssl
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sources.addresses import is_public
from sources.fetch import Unreachable, fetch

TLS = Path(__file__).parent.parent / "fixtures" / "tls"
PAGE = b"<p>A page about the harbour wall.</p>"


class Server(ThreadingHTTPServer):
    """A web server on loopback that remembers what it was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        super().__init__(("127.0.0.1", 0), Site)

    def start(self) -> "Server":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self


class Site(BaseHTTPRequestHandler):
    """A small site with every vice; the path says which."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        name = self.path.strip("/").split("?")[0].replace("-", "_")
        getattr(self, f"page_{name}", self.page_other)()

    def answer(
        self,
        body: bytes = PAGE,
        status: int = 200,
        content_type: str | None = "text/html; charset=utf-8",
        **headers: str,
    ) -> None:
        self.send_response(status)
        if content_type:
            self.send_header("Content-Type", content_type)
        for key, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def page_other(self):
        status = self.path.strip("/")
        self.answer(status=int(status) if status.isdecimal() else 200)

    def page_moved(self):
        self.answer(status=301, Location="/story")

    def page_circle(self):
        self.answer(status=302, Location="/circle-back")

    def page_circle_back(self):
        self.answer(status=302, Location="/circle")

    def page_forever(self):
        step = int(self.path.partition("?")[2] or 0)
        self.answer(status=307, Location=f"/forever?{step + 1}")

    def page_inside(self):
        self.answer(status=302, Location="http://169.254.169.254/latest/meta-data/")

    def page_file(self):
        self.answer(status=302, Location="file:///etc/passwd")

    def page_zipped(self):
        self.answer(gzip.compress(PAGE), Content_Encoding="gzip")

    def page_badly_zipped(self):
        self.answer(b"not gzip at all", Content_Encoding="gzip")

    def page_bomb(self):
        self.answer(gzip.compress(bytes(200_000_000), 9), Content_Encoding="gzip")

    def page_big(self):
        self.answer(b"x", Content_Length="1000000000")

    def page_endless(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.close_connection = True
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def page_drip(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.drip(b"x")

    def page_drip_headers(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self.drip(b"x")

    def drip(self, byte: bytes) -> None:
        self.close_connection = True
        try:
            for _ in range(200):
                self.wfile.write(byte)
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    def page_short(self):
        self.answer(b"half", Content_Length="1000")
        self.close_connection = True

    def page_pdf(self):
        self.answer(content_type="application/pdf")

    def page_untyped(self):
        self.answer(content_type=None)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def site():
    with Server().start() as server:
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def secure_site():
    server = Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "cert.pem", TLS / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with server.start():
        yield server
        server.shutdown()


def on_loopback(host, port):
    return ["127.0.0.1"]


def loopback_too(address):
    return address == "127.0.0.1" or is_public(address)


# What a test of the rest needs to reach a site on this machine.
fetch_here = partial(fetch, resolve=on_loopback, allow=loopback_too, ports=None, max_seconds=5)


def address(site: Server, path: str = "/story", host: str = "news.example", scheme: str = "http") -> str:
    return f"{scheme}://{host}:{site.server_port}{path}"


def test_a_page_comes_with_its_type_status_and_address(site):
    got = fetch_here(address(site, "/story?x=1#part"))
    assert got.data == PAGE
    assert (got.media_type, got.status) == ("text/html; charset=utf-8", 200)
    assert got.final_url == address(site, "/story?x=1")
    path, headers = site.asked[-1]
    assert path == "/story?x=1"
    assert headers["Host"] == f"news.example:{site.server_port}"
    assert headers["User-Agent"].startswith("Hearsay/")


def test_redirects_are_followed_and_the_last_address_is_told(site):
    assert fetch_here(address(site, "/moved")).final_url == address(site, "/story")


def test_a_zipped_page_comes_unzipped(site):
    assert fetch_here(address(site, "/zipped")).data == PAGE


def test_a_page_without_a_type_is_left_to_the_parser(site):
    assert fetch_here(address(site, "/untyped")).media_type == ""


def test_foreign_host_names_are_asked_for_in_punycode(site):
    hosts = []

    def resolve(host, port):
        hosts.append(host)
        return ["127.0.0.1"]

    fetch_here(address(site, host="bücher.example"), resolve=resolve)
    assert hosts == ["xn--bcher-kva.example"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/circle", "in a circle"),
        ("/forever", "more than 5 times"),
        ("/inside", "private network"),
        ("/file", "http://"),
        ("/401", "answered 401.*log in"),
        ("/403", "answered 403: it does not let us read this page. Paste the text instead."),
        ("/404", "answered 404.*no such page"),
        ("/418", "answered 418"),
        ("/429", "answered 429.*later"),
        ("/503", "answered 503.*wrong there"),
        ("/599", "answered 599"),
        ("/pdf", "application/pdf"),
        ("/big", "larger than 8 MB"),
        ("/endless", "larger than 8 MB"),
        ("/bomb", "larger than 8 MB"),
        ("/badly-zipped", "decompressed"),
        ("/short", "broke off"),
    ],
)
def test_what_a_site_does_wrong_is_said_in_words(site, path, message):
    with pytest.raises(Unreachable, match=message):
        fetch_here(address(site, path))


@pytest.mark.parametrize("path", ["/drip", "/drip-headers"])
def test_a_slow_drip_is_cut_off(site, path):
    start = time.monotonic()
    with pytest.raises(Unreachable, match="within 1 seconds"):
        fetch_here(address(site, path), max_seconds=1)
    assert time.monotonic() - start < 2


def test_a_slow_name_server_is_not_waited_for(site):
    def slowly(host, port):
        time.sleep(5)
        return ["127.0.0.1"]

    start = time.monotonic()
    with pytest.raises(Unreachable, match=r"within 0\.5 seconds"):
        fetch_here(address(site), resolve=slowly, max_seconds=0.5)
    assert time.monotonic() - start < 2


def test_a_silent_site_is_not_waited_for():
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(Unreachable, match=r"within 0\.5 seconds"),
    ):
        fetch_here(f"http://news.example:{silent.getsockname()[1]}/", max_seconds=0.5)


def test_a_closed_port_and_an_unknown_name():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Unreachable, match="does not answer"):
        fetch_here(f"http://news.example:{port}/")

    def unknown(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(Unreachable, match=r"no site named news\.example"):
        fetch_here("http://news.example/", resolve=unknown)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news.example/story",
        "ftp://news.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http:///story",
        "http://[::1",
        "http://news.example:99999/",
        "http://news.example:22/",
        "http://reader:secret@news.example/",
        "http://news.example@127.0.0.1/",
        "http://news.example/a b",
        "http://news.example/\r\nX-Injected: 1",
    ],
)
def test_addresses_that_are_none_or_not_for_us(url):
    with pytest.raises(Unreachable):
        fetch(url, resolve=on_loopback, allow=loopback_too)


def as_the_system_reads_it(host, port):
    return [socket.inet_ntoa(socket.inet_aton(host))]


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0"])
def test_odd_spellings_of_this_machine_are_refused(site, host):
    before = len(site.asked)
    with pytest.raises(Unreachable, match="private network"):
        fetch(address(site, host=host), resolve=as_the_system_reads_it, ports=None)
    assert len(site.asked) == before


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"])
def test_this_machine_is_refused_by_default(site, host):
    before = len(site.asked)
    with pytest.raises(Unreachable, match="private network"):
        fetch(address(site, host=host), ports=None)
    assert len(site.asked) == before


def test_a_name_that_leads_inside_is_refused(site):
    before = len(site.asked)
    for found in (["127.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["93.184.215.14", "::1"]):

        def resolve(host, port, found=found):
            return found

        with pytest.raises(Unreachable, match="private network"):
            fetch(address(site), resolve=resolve, ports=None)
    assert len(site.asked) == before


def test_each_redirect_is_resolved_and_checked_again(site):
    seen = []

    def first_out_then_in(host, port):
        seen.append(host)
        return ["127.0.0.1"] if len(seen) == 1 else ["10.0.0.1"]

    with pytest.raises(Unreachable, match="private network"):
        fetch_here(address(site, "/moved"), resolve=first_out_then_in)
    assert len(seen) == 2


def test_proxies_of_the_environment_are_not_used(site, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch_here(address(site)).data == PAGE


def test_a_certificate_must_be_trusted_and_for_the_name_asked_for(secure_site, monkeypatch):
    with pytest.raises(Unreachable, match="no valid certificate"):
        fetch_here(address(secure_site, scheme="https"))
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "cert.pem"))
    assert fetch_here(address(secure_site, scheme="https")).data == PAGE
    with pytest.raises(Unreachable, match="no valid certificate"):
        fetch_here(address(secure_site, scheme="https", host="other.example"))


def test_a_site_that_speaks_no_tls(site):
    with pytest.raises(Unreachable, match="secure connection"):
        fetch_here(address(site, scheme="https"))


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "64:ff9b::a9fe:a9fe",
        "2001:0:7f00:1::",
        "100::1",
        "fec0::1",
        "localhost",
        "",
        "127.1",
    ],
)
def test_addresses_that_are_not_public(ip):
    assert not is_public(ip)


@pytest.mark.parametrize(
    "ip", ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_addresses_that_are_public(ip):
    assert is_public(ip)
