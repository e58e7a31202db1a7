"""The bureaus over HTTP, as docs/verification.md says: every call and answer signed, each question known by its key."""

import hashlib
import hmac
import http.client
import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from tests.bureaus.faults import Faults
from tests.bureaus.truth import KNOWS, Truth

HANGS = 30
"""Seconds a silent bureau keeps the line."""
SLOW = 0.2
CALLS = 20
"""So often a call back is tried."""


def mac(secret: str, *parts: str) -> str:
    return hmac.new(secret.encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@dataclass
class Question:
    """What a bureau keeps of a question."""

    told: dict[str, Any]
    fault: str
    asked: int = 0
    ready: bool = False


@dataclass
class Bureaus:
    """All of them: what they were asked, and how they answer."""

    truth: Truth
    faults: Faults
    secret: str
    delay: float
    questions: dict[str, Question] = field(default_factory=dict)
    requests: int = 0
    called: int = 0
    strange: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, source: str, told: dict[str, Any]) -> Question:
        """The question of this key; what does not fit what was asked before under it is noted."""
        with self.lock:
            self.requests += 1
            fault = self.faults.of(source, told["person"]["id_number"])
            found = self.questions.setdefault(told["key"], Question(told, fault))
            found.asked += 1
            if (found.told["source"], found.told["person"]) != (source, told["person"]):
                self.strange.append(f"{told['key']} asked about two people")
            return found

    def answer(self, question: Question) -> dict[str, Any]:
        about = question.told["person"]
        true = self.truth.answer(question.told["source"], about["id_number"], about["name"])
        return self.faults.spoil(question.fault, true, question.asked)

    def call_back(self, question: Question, left: int = CALLS, times: int = 1) -> None:
        """Bring the answer by a call, later, until it is taken."""
        timer = threading.Timer(self.delay, self._call, (question, left, times))
        timer.daemon = True
        timer.start()

    def _call(self, question: Question, left: int, times: int) -> None:
        question.ready = True
        body = json.dumps({"key": question.told["key"], "answer": self.answer(question)}).encode()
        for _ in range(times):
            if not self._called(question, body) and left:
                self.call_back(question, left - 1)

    def _called(self, question: Question, body: bytes) -> bool:
        place = urlsplit(question.told["callback"])
        moment, nonce = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), uuid4().hex
        headers = {
            "Content-Type": "application/json", "Jiuzhu-Source": question.told["source"], "Jiuzhu-Timestamp": moment,
            "Jiuzhu-Nonce": nonce, "Jiuzhu-Signature": mac(self.secret, "POST", place.path, moment, nonce, digest(body)),
        }  # fmt: skip
        line = http.client.HTTPConnection(place.hostname or "", place.port or 80, timeout=10)
        try:
            line.request("POST", place.path, body, headers)
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        with self.lock:
            self.called += answer.status == http.HTTPStatus.OK
        return answer.status < http.HTTPStatus.INTERNAL_SERVER_ERROR


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        place = self.path.strip("/").split("/")
        if len(place) != 2 or place[0] not in KNOWS or place[1] != "queries":
            return self._say(404, {"reason": "no such place"})
        if not self._signed(place[0], body):
            return self._say(401, {"reason": "not signed"})
        told = json.loads(body)
        bureaus = self.server.bureaus
        question = bureaus.put(place[0], told)
        if question.fault in ("late", "double") and not question.ready:
            if question.asked == 1:
                bureaus.call_back(question, times=2 if question.fault == "double" else 1)
            return self._say(202, {"key": told["key"], "again_after": 60})
        return self._answer(question)

    def do_GET(self) -> None:
        bureaus, place = self.server.bureaus, self.path.strip("/").split("/")
        if place == ["seen"]:
            return self._say(200, {
                "questions": len(bureaus.questions), "requests": bureaus.requests, "called": bureaus.called,
                "strange": bureaus.strange,
            })  # fmt: skip
        if len(place) != 3 or place[0] not in KNOWS or not self._signed(place[0], b""):
            return self._say(401, {"reason": "not signed"})
        question = bureaus.questions.get(place[2])
        if question is None:
            return self._say(404, {"reason": "never asked"})
        if question.fault in ("late", "double") and not question.ready:
            return self._say(202, {"key": place[2], "again_after": 60})
        with bureaus.lock:
            question.asked += 1
        return self._answer(question)

    def _answer(self, question: Question) -> None:
        if question.fault == "silent":
            self.server.closing.wait(HANGS)
            self.close_connection = True
            return
        if question.fault == "latency":
            threading.Event().wait(SLOW)
        self._say(200, {"key": question.told["key"], "answer": self.server.bureaus.answer(question)})

    def _signed(self, source: str, body: bytes) -> bool:
        get = self.headers.get
        moment, nonce = get("Jiuzhu-Timestamp", ""), get("Jiuzhu-Nonce", "")
        expected = mac(self.server.bureaus.secret, self.command, self.path, moment, nonce, digest(body))
        return get("Jiuzhu-Source") == source and hmac.compare_digest(expected, get("Jiuzhu-Signature", ""))

    def _say(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document, ensure_ascii=False).encode()
        nonce = self.headers.get("Jiuzhu-Nonce", "")
        signed = mac(self.server.bureaus.secret, "ANSWER", nonce, str(status), digest(body))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Jiuzhu-Signature", signed)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Nobody reads along."""


class Server(ThreadingHTTPServer):
    """Listens on this machine alone."""

    daemon_threads = True

    def __init__(self, port: int, bureaus: Bureaus) -> None:
        self.bureaus, self.closing = bureaus, threading.Event()
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, *_args: object) -> None:
        """A caller that hangs up is none."""
