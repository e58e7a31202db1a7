"""What the transport makes of a source that answers oddly, and of a certificate nobody vouches for."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.bureaus.http import LARGEST, HttpTransport
from notifications.bureaus.protocol import Accepted, BadAnswer, BureauDown, QuestionRefused
from notifications.bureaus.signing import signed_answer
from workflow.verification.queries import Wanted

NOW, NONCE, SECRET = datetime(2016, 9, 5, 1, tzinfo=UTC), "0123456789abcdef", "s"
WANTED = Wanted(
    "k", "tax", "王秀英", "330212196001010025", "SQ-2016-000001", None, "社会救助", date(2016, 9, 14)
)


class Odd(BaseHTTPRequestHandler):
    """Answers everything with what the test has put there."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(self.path)
        status, headers, body = self.server.told
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Nobody reads along."""


@pytest.fixture
def source() -> Iterator[Callable[..., HTTPServer]]:
    """`source(status, body, headers, cert=)`: a server that always says this."""
    opened = []

    def serve(status=200, body=b"{}", headers=None, cert=None):
        server = HTTPServer(("127.0.0.1", 0), Odd)
        server.handle_error = lambda *_: None
        if cert:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(cert)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        headers = signed_answer(SECRET, NONCE, status, body) if headers is None else headers
        server.told, server.asked = (status, headers, body), []
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        opened.append((server, thread))
        return server

    yield serve
    for server, thread in opened:
        server.shutdown()
        thread.join()
        server.server_close()


def ask(server, scheme="http", host="127.0.0.1"):
    transport = HttpTransport(
        "tax", f"{scheme}://{host}:{server.server_port}/x", SECRET, timeout=5, networks=("127.0.0.0/8",), callback="",
        now=lambda: NOW, nonce=lambda: NONCE,
    )  # fmt: skip
    try:
        return transport.ask(WANTED)
    finally:
        transport.close()


def test_a_question_that_was_taken_may_say_when_to_ask_again(source):
    assert ask(source(202, b'{"key": "k", "again_after": 600}')) == Accepted(600)
    assert ask(source(202, b'{"key": "k", "again_after": "soon"}')) == Accepted(None)


@pytest.mark.parametrize(
    ("status", "body", "headers", "error", "words"),
    [
        (302, b"", {"Location": "/elsewhere"}, BureauDown, "不跟随转向"),
        (500, b"{}", None, BureauDown, "状态 500"),
        (401, b"{}", None, BureauDown, "状态 401"),
        (200, b"{}", {}, BureauDown, "没有正确的签名"),
        (202, b'{"key": "k"}', {"Jiuzhu-Signature": "0" * 64}, BureauDown, "没有正确的签名"),
        (200, b"half", None, BadAnswer, "不是完整的 JSON"),
        (200, b'{"key": "other"}', None, BadAnswer, "不是所问的查询"),
        (200, b'{"key": "k"}', None, BadAnswer, "answer"),
        (200, b" " * (LARGEST + 1), None, BadAnswer, "超过"),
        (200, b"{}", {"Content-Length": "50"}, BureauDown, "连接中断"),
        (422, json.dumps({"reason": "姓名不能为空"}).encode(), None, QuestionRefused, "姓名不能为空"),
    ],
)
def test_an_odd_answer_is_told_in_words_and_never_followed(source, status, body, headers, error, words):
    server = source(status, body, headers)
    with pytest.raises(error, match=words):
        ask(server)
    assert server.asked == ["/x/queries"]


def certificate(tmp_path, name):
    """A certificate of our own making, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bureau")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path / "bureau.pem"
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_counts_only_where_somebody_vouches_for_it_and_for_its_name(
    source, tmp_path, monkeypatch
):
    cert = certificate(tmp_path, x509.DNSName("localhost"))
    server = source(202, b'{"key": "k"}', cert=cert)
    with pytest.raises(BureauDown, match="证书"):
        ask(server, "https", "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    assert ask(server, "https", "localhost") == Accepted()
    with pytest.raises(BureauDown, match="证书"):
        ask(server, "https", "127.0.0.1")


def test_a_certificate_for_an_address_counts_for_it(source, tmp_path, monkeypatch):
    cert = certificate(tmp_path, x509.IPAddress(ip_address("127.0.0.1")))
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    assert ask(source(202, b'{"key": "k"}', cert=cert), "https", "127.0.0.1") == Accepted()
