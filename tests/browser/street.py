"""The application served over HTTP to real browsers, on a clock that is moved; and a person of staff at his desk."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import update
from werkzeug.serving import make_server

from tests.district import START, District
from tests.parts.browser import AXE, ROOT
from tests.web.conftest import PASSWORD
from web import create_app
from web.edge import Edge
from web.jobs import JOBS
from workflow.config import Config
from workflow.models import User
from workflow.passwords import hash_password
from workflow.periods import at_local
from workflow.running.job import Run, run_job
from workflow.sweeps import Swept

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PATIENCE = 15_000
RULES = """axe.run({
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'], preload: false, performanceTimer: false,
})"""
AT_THE_TIME = """
import sys
from datetime import datetime
from web.cli import main
from web.cli.base import Tool
from workflow.clock import FixedClock
main(sys.argv[2:], obj=Tool(FixedClock(datetime.fromisoformat(sys.argv[1]))))
"""


def jiuzhu(url: str, *words: str) -> None:
    """The command in a process of its own, on the first day of the story."""
    subprocess.run(
        [sys.executable, "-c", AT_THE_TIME, at_local(START, 8).isoformat(), *words],
        cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=True, capture_output=True,
    )  # fmt: skip


def picture(path: Path) -> Path:
    """A small grey photograph."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    lines = zlib.compress((b"\0" + b"\x80" * 64) * 64)
    head = struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")
    )
    return path


class Street(District):
    """The district with its application on a port, for as long as the story lasts."""

    def __init__(self, url: str, chromium: Browser) -> None:
        super().__init__(url)
        self.chromium, self._shots = chromium, 0
        self.wrong: list[str] = []
        self.examined: set[tuple[object, ...]] = set()
        with self.database.acting() as conn:
            conn.execute(update(User).values(password_hash=hash_password(PASSWORD)))
        self.config = Config(
            database_url=url, secret_key="a secret of the tests", public_url="http://localhost"
        )
        self.sweep()
        edge = Edge(self.config, self.database, self.office, self.clock)
        self._server = make_server("127.0.0.1", 0, create_app(self.config, edge), threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop serving; a script error, a stop by the policy or an answer of the 500s on the way fails the test."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        super().close()
        assert self.wrong == []

    def sweep(self, *, may_fail: bool = False) -> dict[str, Swept]:
        """Run every job of the scheduler once, the messages among them."""
        swept = {job.id: run_job(job, Run(self.office, self.database, self.config, self.now)) for job in JOBS}
        assert may_fail or not any(one.failed for one in swept.values()), swept
        return swept

    @contextmanager
    def desk(self, login: str = "", *, phone: bool = False, scripts: bool = True) -> Iterator[Desk]:
        """A fresh browser at a desk or a phone; signed in through the page where a login is given."""
        self.clock.move(timedelta(minutes=7))
        self.sweep()
        context = self.chromium.new_context(
            viewport=PHONE if phone else WIDE, locale="zh-CN", java_script_enabled=scripts
        )
        context.set_default_timeout(PATIENCE)
        desk = Desk(self, context, scripts=scripts)
        try:
            if login:
                desk.sign_in(login)
            yield desk
        finally:
            context.close()

    def shot(self, page: Page, name: str) -> None:
        """Keep what the page looks like, where SHOTS names a folder for it: for people to look at, no part of the test."""
        if folder := os.environ.get("SHOTS"):
            self._shots += 1
            page.screenshot(path=Path(folder) / f"{self._shots:02} {name}.png", full_page=True)


class Desk:
    """One browser. Fields, links and buttons are found by the words a person reads."""

    def __init__(self, street: Street, context: BrowserContext, *, scripts: bool) -> None:
        self.street, self.page, self._scripts = street, context.new_page(), scripts
        if scripts:
            self.page.add_init_script(path=AXE)
        wrong = street.wrong
        self.page.on("pageerror", lambda error: wrong.append(str(error)))
        self.page.on(
            "console",
            lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None,
        )
        self.page.on(
            "response",
            lambda answer: wrong.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None,
        )

    def look(self, name: str) -> None:
        """What every page owes its readers: nothing axe objects to, no sideways scrolling; and a picture of it."""
        if self._scripts and self._new():
            found = self.page.evaluate(RULES)["violations"]
            faults = [(fault["id"], node["html"][:200]) for fault in found for node in fault["nodes"]]
            assert faults == [], self.page.url
            width = self.page.viewport_size["width"]
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, self.page.url
        self.street.shot(self.page, name)

    def _new(self) -> bool:
        """Whether this kind of page, in this stage and at this width, was not examined yet in the story."""
        path = re.sub(r"\d{2,}", "0", self.page.url.removeprefix(self.street.address))
        stage = self.page.locator("h1 .stage").all_inner_texts()
        told = self.page.locator("[role=alert]").count()
        kind = (path, self.page.viewport_size["width"], *stage, told)
        fresh = kind not in self.street.examined
        self.street.examined.add(kind)
        return fresh

    def go(self, path: str) -> None:
        """Type an address of the application."""
        self.page.goto(self.street.address + path)

    def sign_in(self, login: str) -> None:
        """Through the sign-in page."""
        self.go("/sign-in")
        self.page.get_by_label("用户名").fill(login)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("我的待办")

    def follow(self, name: str, *, exact: bool = True) -> None:
        """Click a link."""
        self.page.get_by_role("link", name=name, exact=exact).first.click()

    def menu(self, name: str) -> None:
        """Open an entry of the navigation."""
        self.page.get_by_role("navigation", name="主导航").get_by_role("link", name=name).click()

    def find(self, number: str) -> None:
        """Search a case by its number in the head of the page."""
        self.page.get_by_label("搜索办件").fill(number)
        self.page.get_by_label("搜索办件").press("Enter")
        expect(self.page.locator(".band").get_by_text(number)).to_be_visible()

    def expect_heading(self, text: str) -> None:
        """The page is about this."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)

    def fill(self, **answers: str) -> None:
        """Answer fields by their labels."""
        for label, text in answers.items():
            self.page.get_by_label(label).and_(self.page.locator("input, textarea")).fill(text)

    def tick(self, group: str, *answers: str) -> None:
        """Tick answers of a question."""
        asked = self.page.get_by_role("group", name=group)
        for answer in answers:
            asked.get_by_label(answer, exact=True).check()

    def row(self, number: int, **cells: str) -> None:
        """Fill a line of a table: texts are typed, choices chosen."""
        for label, text in cells.items():
            cell = self.page.get_by_label(f"第 {number} 行 {label}", exact=True)
            if cell.evaluate("element => element.tagName") == "SELECT":
                cell.select_option(label=text)
            else:
                cell.fill(text)

    def begin(self, action: str, name: str = "") -> None:
        """Open the form of an action from the case page, among the other ones where it is not the next."""
        link = self.page.locator(".band .acts").get_by_role("link", name=action, exact=True)
        if not link.is_visible():
            self.page.locator(".band .acts summary").click()
        link.click()
        self.expect_heading(action)
        self.look(name or action)

    def hand_in(self, action: str) -> None:
        """Press the green button; the case page says that it is done."""
        self.page.locator("main form.form button.primary").click()
        expect(self.page.get_by_role("status").filter(has_text="已办理")).to_contain_text(action)
        self.look(f"{action}，已办理")

    def do(self, action: str) -> None:
        """An action without a question."""
        self.begin(action)
        self.hand_in(action)

    def upload(self, file: Path, *kinds: str) -> None:
        """Attach a paper of each kind."""
        for kind in kinds:
            self.page.locator("#documents summary").click()
            self.page.get_by_label("材料种类").select_option(label=kind)
            self.page.locator("#f-file").set_input_files(file)
            self.page.get_by_role("button", name="上传", exact=True).click()
            expect(self.page.get_by_role("status").filter(has_text="已上传")).to_contain_text(kind)
