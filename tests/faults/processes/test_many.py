"""Two webs and two schedulers on one PostgreSQL: every effect once, one sign-in for both webs."""

import http.cookies
import re
from contextlib import ExitStack, closing
from urllib.parse import urlencode

from tests.district import prepare
from tests.faults.processes.load import Load
from tests.faults.processes.rig import Client, answers, command, free_port, wait_until
from tests.faults.processes.scene import RUNGS, Scene
from workflow.models import Case, User
from workflow.passwords import hash_password

LATE = 1700
"""Cases with one deadline each, of which all three rungs are due: 5,100 effects."""
PASSWORD = "correct horse battery staple"


def sign_in(client: Client, login: str) -> str:
    """Through the page, as a browser does; the cookie."""
    page = client.ask("GET", "/sign-in")
    cookie = _cookie(page)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token is not None
    form = urlencode({"csrf_token": token[1], "login": login, "password": PASSWORD}).encode()
    answer = client.ask(
        "POST", "/sign-in", form, **{"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    )
    assert answer.status == 303, answer.text
    return _cookie(answer)


def _cookie(answer) -> str:
    jar = http.cookies.SimpleCookie(answer.headers["Set-Cookie"])
    return f"sid={jar['sid'].value}"


def set_password(scene: Scene, login: str) -> None:
    with scene.database.acting() as conn:
        conn.execute(
            User.__table__.update().where(User.login == login).values(password_hash=hash_password(PASSWORD))
        )


def test_two_of_each_share_the_work_and_do_nothing_twice(fresh_postgres, tmp_path):
    url = fresh_postgres(prepare)
    scene = Scene.furnish(url, late=LATE)
    set_password(scene, "window_clerk1")
    ports, log = [free_port(), free_port()], tmp_path / "service.log"
    with ExitStack() as running:
        for port in ports:
            running.enter_context(command("serve", "--workers", "1", url=url, port=port, log=log))
        for port in ports:
            wait_until(lambda port=port: answers(port), "the web to answer")
        for _ in range(2):
            running.enter_context(command("scheduler", url=url, log=log))
        with Load(scene, ports, seed=3, clerks=2, pause=0.05) as load:
            with closing(Client(ports[0])) as first, closing(Client(ports[1])) as second:
                cookie = sign_in(first, "window_clerk1")
                assert second.ask("GET", "/", Cookie=cookie).status == 200
                assert second.ask("GET", "/").status == 302
            wait_until(lambda: not scene.due(), "every due deadline to take effect", 240, every=0.25)
        assert (load.errors, load.not_once()) == ([], [])
        assert load.acts, "nobody worked meanwhile"
    assert scene.rungs() == LATE * len(RUNGS)
    assert scene.count(Case, Case.definition == "escalation") == LATE
    assert scene.effects_not_once() == []
    assert scene.doubled_messages() == []
    assert scene.broken() == {}
    assert "Traceback" not in log.read_text("utf-8"), log.read_text("utf-8")
    scene.database.close()
