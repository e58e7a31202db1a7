"""Clerks at their desks: threads that work on cases through the API, and know what was acknowledged to them.

Where no answer comes, a clerk asks again with the same key, the other web where there are two, until one does:
afterwards nothing is in doubt.
"""

import http.client
import json
import random
import threading
from collections.abc import Callable
from typing import Any, Self

from tests.faults.processes.rig import Answer, Client, wait_until
from tests.faults.processes.scene import Scene

PDF = b"%PDF-1.4 paper "
BOUNDARY = "a-line-between-parts"
_BREATH = 0.02
_NOTHING_TRIED = (500, 503)
"""Answers that do not settle what was asked: asked again."""


class UnexpectedError(Exception):
    """An answer that has no place in the story."""


class Load:
    """All clerks, and what was acknowledged to them. Leave the `with` to let them finish what they began."""

    def __init__(
        self, scene: Scene, ports: list[int], seed: int, clerks: int = 4, pause: float = 0.0
    ) -> None:
        self.scene, self.ports, self.pause = scene, ports, pause
        self.stop, self.abandon = threading.Event(), threading.Event()
        self.acts: list[tuple[str, int, str]] = []
        self.keys: dict[str, int] = {}
        self.households: list[int] = []
        self.documents: list[int] = []
        self.in_doubt = 0
        self.errors: list[str] = []
        self._clerks = [
            Clerk(self, number, random.Random(f"{seed}/{number}")) for number in range(1, clerks + 1)
        ]

    def __enter__(self) -> Self:
        for clerk in self._clerks:
            clerk.start()
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        self.stop.set()
        if kind is not None:
            self.abandon.set()
        for clerk in self._clerks:
            clerk.join()

    def moved_on(self, by: int) -> None:
        """Come back when so many more acts were acknowledged."""
        wanted = len(self.acts) + by
        try:
            wait_until(lambda: len(self.acts) >= wanted, "the load to move on")
        except AssertionError as waited:
            raise AssertionError(
                f"{waited}; {len(self.errors)} errors, the last: {self.errors[-1:]}"
            ) from None

    def not_once(self) -> list[str]:
        """What was acknowledged and is not there exactly once."""
        return [
            *self.scene.acts_not_once(self.acts),
            *self.scene.keys_not_once(self.keys),
            *self.scene.things_not_once(self.households, self.documents),
        ]


class Clerk(threading.Thread):
    """One thread; the n-th person of every role it needs. Talks to one web after the other where there are several."""

    def __init__(self, load: Load, number: int, chance: random.Random) -> None:
        super().__init__(name=f"clerk{number}")
        self.load, self.number, self.chance = load, number, chance
        self._asked = self._turn = 0
        self._clients = [Client(port) for port in load.ports]

    def run(self) -> None:
        while not self.load.stop.is_set():
            try:
                self._story()
            except UnexpectedError as error:
                self.load.errors.append(str(error))
        for client in self._clients:
            client.close()

    # A story

    def _story(self) -> None:
        """An application from the counter to the first opinion."""
        head = {
            "relation": "head",
            "name": "王秀英",
            "birth": "1960-01-01",
            "sex": "F",
            "not_same": "各户同名的人",
        }
        family = {
            "area_code": "330212101200",
            "setting": "rural",
            "members": [head],
            "incomes": [],
            "assets": [],
        }
        household = self._post(
            "window_clerk", "/households", family | {"address": f"key {self.name}/{self._asked}"}
        )
        if household is None:
            return
        self.load.households.append(household["id"])
        case = self._done(
            "open",
            self._post("window_clerk", "/cases", {"definition": "dibao", "household": household["id"]}),
        )
        steps: list[Callable[[], Any]] = [
            lambda: self._act("window_clerk", case, "submit"),
            self._fight,
            lambda: self._act("window_clerk", case, "accept"),
            lambda: self._act("window_clerk", case, "start"),
            self._fight,
            lambda: self._check(household["id"]),
            lambda: self._hold("investigator", case, "visit"),
            lambda: self._act("investigator", case, "visit"),
            self._fight,
            lambda: self._act("town_reviewer", case, "conclude"),
        ]
        for step in steps:
            if self.load.stop.is_set():
                return
            step()

    def _check(self, household: int) -> None:
        path = f"/cases?definition=verification&household={household}"
        (check,) = self._get("verification_officer", path)["items"]
        for action in ("ask", "take_answer", "report"):
            self._act("verification_officer", check, action)

    def _fight(self) -> None:
        """Take a task that others want too, and give it back."""
        task = self.chance.choice(self.load.scene.free)
        taken = self._post("window_clerk", f"/tasks/{task}/claim", {}, refusals=(409,))
        if taken is not None:
            self._done("claim", taken)
            self._done("release", self._post("window_clerk", f"/tasks/{task}/release", {}))

    def _hold(self, role: str, case: dict[str, Any], part: str) -> None:
        found = self._get(role, f"/cases/{case['number']}")
        (task,) = (one for one in found["tasks"] if one["part"] == part)
        self._done("claim", self._post(role, f"/tasks/{task['id']}/claim", {}))

    def _act(self, role: str, case: dict[str, Any], action: str) -> None:
        """An action with the body the API itself proposes, and the papers it says are missing."""
        path = f"/cases/{case['number']}"
        found = self._get(role, path)
        schema = self._schema(found, action)
        if needs := schema.get("x-needs"):
            for kind in needs:
                self._attach(role, case["number"], kind)
            found = self._get(role, path)
            schema = self._schema(found, action)
        body = schema["examples"][0]
        self._done(action, self._post(role, f"{path}/actions/{action}", body, seen=found["version"]))

    def _schema(self, found: dict[str, Any], action: str) -> dict[str, Any]:
        for word in found["actions"]:
            if word["code"] == action:
                return dict(word["schema"])
        raise UnexpectedError(f"{self.name}: {found['number']} at {found['stage']} does not offer {action}")

    def _attach(self, role: str, number: str, kind: str) -> None:
        parts = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in (("case", number), ("kind", kind))
        )
        file = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="paper.pdf"\r\n\r\n'
        body = (
            (parts + file).encode()
            + PDF
            + self.chance.choice((b"1", b"2"))
            + f"\r\n--{BOUNDARY}--\r\n".encode()
        )
        paper = self._post(role, "/documents", body)
        if paper is not None:
            self.load.documents.append(paper["id"])

    # Asking

    def _done(self, action: str, case: dict[str, Any] | None) -> dict[str, Any]:
        if case is None:
            raise UnexpectedError(f"{self.name}: {action} has no answer")
        self.load.acts.append((case["number"], case["version"], action))
        return case

    def _get(self, role: str, path: str) -> Any:
        answer = self._ask("GET", role, path)
        if answer.status != 200:
            raise UnexpectedError(f"{self.name}: GET {path}: {answer.status} {answer.text[:500]}")
        return answer.document

    def _post(
        self,
        role: str,
        path: str,
        body: dict[str, Any] | bytes,
        *,
        seen: int | None = None,
        refusals: tuple[int, ...] = (),
    ) -> dict[str, Any] | None:
        """The acknowledged document; None where it was refused in one of these ways."""
        self._asked += 1
        key = f"{self.name}-{self._asked}"
        kind = "application/json" if isinstance(body, dict) else f"multipart/form-data; boundary={BOUNDARY}"
        headers = {"Content-Type": kind, "Idempotency-Key": key} | (
            {} if seen is None else {"If-Match": f'"{seen}"'}
        )
        raw = json.dumps(body).encode() if isinstance(body, dict) else body
        answer = self._ask("POST", role, path, raw, **headers)
        if answer.status in (200, 201):
            self.load.keys[key] = answer.status
            return dict(answer.document)
        if answer.status in refusals:
            self.load.keys[key] = answer.status
            return None
        raise UnexpectedError(f"{self.name}: POST {path}: {answer.status} {answer.text[:500]}")

    def _ask(self, method: str, role: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Ask until there is an answer."""
        self.load.abandon.wait(self.load.pause)
        token = self.load.scene.tokens[f"{role}{self.number}"]
        while not self.load.abandon.is_set():
            self._turn += 1
            client = self._clients[self._turn % len(self._clients)]
            try:
                answer = client.ask(
                    method, f"/api/v1{path}", body, Authorization=f"Bearer {token}", **headers
                )
            except ConnectionRefusedError:
                pass  # nobody there: nothing was asked
            except (OSError, http.client.HTTPException):
                self.load.in_doubt += method == "POST"
            else:
                if answer.status not in _NOTHING_TRIED:
                    return answer
                if answer.status != 503:
                    self.load.errors.append(f"{self.name}: {method} {path}: {answer.status}")
            self.load.abandon.wait(_BREATH)
        raise UnexpectedError(f"{self.name}: {method} {path} abandoned")
