"""Signatures, call backs and the addresses that may be reached."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from notifications.bureaus.http import check_address, permitted
from notifications.bureaus.protocol import BadAnswer, BureauDown, read_answer, read_json
from notifications.bureaus.signing import NotSigned, check_call, signed_call
from tests.verification.conftest import Order
from web import create_app
from web.edge import Edge
from workflow.errors import Refused
from workflow.models import Answer, BureauNonce

NOW = datetime(2016, 9, 5, 1, tzinfo=UTC)
NONCE = "0123456789abcdef"
PATH = "/api/v1/verification/callbacks"


def signed(body, *, secret="s", now=NOW, nonce=NONCE, source="tax"):
    return signed_call(secret, source, "POST", PATH, body, nonce=nonce, now=now)


def test_the_signature_is_as_the_documentation_says():
    told = "\n".join(("POST", PATH, "2016-09-05T01:00:00Z", NONCE, hashlib.sha256(b"{}").hexdigest()))
    expected = hmac.new(b"s", told.encode(), hashlib.sha256).hexdigest()
    assert signed(b"{}")["Jiuzhu-Signature"] == expected
    assert check_call("s", "POST", PATH, b"{}", signed(b"{}"), NOW) == NONCE


@pytest.mark.parametrize("minutes", [-5, 5])
def test_clocks_may_be_five_minutes_apart(minutes):
    assert check_call("s", "POST", PATH, b"{}", signed(b"{}", now=NOW + timedelta(minutes=minutes)), NOW)


@pytest.mark.parametrize(
    ("secret", "method", "path", "body", "change"),
    [
        ("other", "POST", PATH, b"{}", {}),
        ("", "POST", PATH, b"{}", {}),
        ("s", "GET", PATH, b"{}", {}),
        ("s", "POST", "/elsewhere", b"{}", {}),
        ("s", "POST", PATH, b"{ }", {}),
        ("s", "POST", PATH, b"{}", {"Jiuzhu-Nonce": "fedcba9876543210"}),
        ("s", "POST", PATH, b"{}", {"Jiuzhu-Nonce": "short"}),
        ("s", "POST", PATH, b"{}", {"Jiuzhu-Timestamp": "2016-09-05T01:00:01Z"}),
        ("s", "POST", PATH, b"{}", {"Jiuzhu-Timestamp": "yesterday"}),
        ("s", "POST", PATH, b"{}", {"Jiuzhu-Timestamp": "2016-09-05T01:00:00"}),
        ("s", "POST", PATH, b"{}", {"Jiuzhu-Signature": "é"}),
        ("s", "POST", PATH, b"{}", signed(b"{}", now=NOW + timedelta(minutes=5, seconds=1))),
    ],
)
def test_a_call_that_differs_in_anything_is_refused(secret, method, path, body, change):
    with pytest.raises(NotSigned):
        check_call(secret, method, path, body, signed(b"{}") | change, NOW)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:80", "https://tax.example.cn/api", "http://[::1]:8080/x"]
)
def test_addresses_of_interfaces(address):
    check_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://a/b",
        "https://",
        "http://u:p@host/",
        "https://host/?q=1",
        "https://host/#x",
        "http://host:99999/",
    ],
)
def test_what_is_no_address_of_an_interface(address):
    with pytest.raises(Refused):
        check_address(address)


def test_a_private_address_is_reached_only_in_an_allowed_network_and_plain_http_only_there():
    assert permitted("127.0.0.1", 80, ["127.0.0.0/8"], tls=False) == "127.0.0.1"
    for networks, host, tls in (
        ([], "127.0.0.1", True),
        (["10.0.0.0/8"], "127.0.0.1", True),
        ([], "8.8.8.8", False),
    ):
        with pytest.raises(BureauDown, match="BUREAU_NETWORKS"):
            permitted(host, 80, networks, tls=tls)
    assert permitted("8.8.8.8", 443, [], tls=True) == "8.8.8.8"


GOOD = {
    "outcome": "data", "as_of": "2016-08-31", "person": {"id_number": "330212196001010025", "name": "王秀英"},
    "items": [{"kind": "wage", "value": "1.00", "unit": "yuan_year", "detail": ""}],
}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "maybe"}, {"outcome": "no_data"}, {"items": []}, {"items": {}}, {"items": ["x"]}, {"person": None},
        {"person": {"name": 5}}, {"person": {}}, {"as_of": "31.8.2016"}, {"as_of": None},
        {"items": [{"kind": "wage", "value": 1, "unit": "yuan_year"}]},
        {"items": [{"kind": "wage", "value": "1e30", "unit": "wan_year"}]},
        {"items": [{"kind": "wage", "value": "NaN", "unit": "fen_year"}]},
        {"items": [{"kind": "wage", "value": "12.5", "unit": "fen_year"}]},
    ],
)  # fmt: skip
def test_an_answer_not_as_agreed_is_refused_as_a_whole(change):
    assert read_answer(GOOD, "http").outcome == "data"
    with pytest.raises(BadAnswer):
        read_answer(GOOD | change, "http")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"a": 1.5}', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_of_texts_is_refused(body):
    with pytest.raises(BadAnswer):
        read_json(body)


@pytest.fixture
def post(district, roads):
    """Call back, as the tax bureau unless another is named; the moment is the district's."""
    roads.join("http", "http://127.0.0.1:9")
    edge = Edge(roads.config, district.database, district.office, district.clock)
    client = create_app(roads.config, edge).test_client()

    def call(document, *, nonce=NONCE, source="tax", secret=None):
        body = json.dumps(document).encode() if not isinstance(document, bytes) else document
        given = secret or roads.config.bureau_secrets["ALL"]
        headers = signed(body, secret=given, now=district.now, nonce=nonce, source=source)
        answer = client.post(PATH, data=body, headers=headers, content_type="application/json")
        return answer.status_code, answer.get_json()

    return call


def answer_to(check, person=0):
    about = check.reply(person)
    return {"key": check.query("tax", person).key, "answer": GOOD | {
        "person": {"id_number": about.about_number, "name": about.about_name},
    }}  # fmt: skip


def test_a_call_back_is_taken_once_and_the_same_call_again_is_refused(district, post):
    check = Order(district)
    first = post(answer_to(check))
    assert first == (200, {"status": "stored"}), first
    status, problem = post(answer_to(check))
    assert (status, problem["type"]) == (409, "urn:jiuzhu:problem:conflict")
    assert post(answer_to(check), nonce="another-nonce-0001") == (200, {"status": "doubled"})
    assert len(district.rows(Answer)) == 1
    assert check.query("tax").state == "answered"


def test_a_call_back_by_a_stranger_about_anothers_question_or_unreadable_is_refused(district, post):
    check = Order(district)
    assert post(answer_to(check), secret="guessed")[0] == 401
    assert post(answer_to(check), source="nobody")[0] == 401
    assert post(answer_to(check), source="land")[0] == 404
    assert post({"key": "no such", "answer": GOOD})[0] == 404
    assert post(b"{")[0] == 422
    assert post({"key": check.query("tax").key, "answer": {}})[0] == 422
    assert district.rows(Answer) == []
    assert district.rows(BureauNonce) == [], "what was refused may be mended and sent again"
