"""The same acts as calls of the engine and through the API over HTTP, acts a second."""

from __future__ import annotations

import http.client
import json
import logging
import threading
import time
from datetime import date

from werkzeug.serving import make_server

from tests.bench.acts import NOW, TOWN, Desk
from web import create_app
from web.edge import Edge
from workflow.actors import grant
from workflow.clock import FixedClock
from workflow.config import Config
from workflow.models import User
from workflow.roles import TOWN_REVIEWER, WINDOW
from workflow.staff import issue_token


def measure(url: str, count: int) -> dict[str, float]:
    """Acts a second of one client, called and over HTTP."""
    desk = Desk.open(url)
    edge = Edge(Config(database_url=url, secret_key="bench"), desk.database, desk.office, FixedClock(NOW))
    with desk.database.acting() as conn:
        session = desk.office.session(conn)
        tokens = []
        for user_id, role in ((1, WINDOW), (2, TOWN_REVIEWER)):
            user = session.get_one(User, user_id)
            grant(session, user, role, TOWN, date(2010, 1, 1))
            tokens.append(issue_token(session, user, label="bench", entropy=desk.office.entropy, now=NOW))
        session.flush()
    called, over = desk.case(), desk.case()
    start = time.perf_counter()
    desk.acts(called, count)
    found = {"called": count / (time.perf_counter() - start)}
    with desk.database.reading() as session:
        from workflow.models import Case

        number = session.get_one(Case, over).number
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, create_app(edge.config, edge), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    start = time.perf_counter()
    _over_http(server.port, number, tokens, count)
    found["http"] = count / (time.perf_counter() - start)
    server.shutdown()
    thread.join()
    server.server_close()
    desk.database.close()
    return found


def _over_http(port: int, number: str, tokens: list[str], count: int) -> None:
    version = 1
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for turn in range(count):
        word, token = ("pass_on", tokens[0]) if turn % 2 == 0 else ("give_back", tokens[1])
        headers = {
            "Authorization": f"Bearer {token}", "If-Match": f'"{version}"', "Idempotency-Key": f"bench-{turn}",
            "Content-Type": "application/json",
        }  # fmt: skip
        connection.request("POST", f"/api/v1/cases/{number}/actions/{word}", body="{}", headers=headers)
        answer = connection.getresponse()
        body = json.loads(answer.read())
        assert answer.status == 200, body
        version = body["version"]
    connection.close()
