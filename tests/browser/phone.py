"""A phone with the field-work page: its own browser profile on disk, a network that is cut, a tab that is killed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.street import PATIENCE, PHONE, Desk, Street
from tests.parts.browser import launch_options
from tests.web.conftest import PASSWORD

PIN = "271828"
DUMP = """async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((resolve) => { const asked = indexedDB.open(name); asked.onsuccess = () => resolve(asked.result); });
    for (const store of db.objectStoreNames) {
      const rows = await new Promise((resolve) => { const asked = db.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => resolve(asked.result); });
      const plain = (key, value) => value instanceof ArrayBuffer ? new TextDecoder().decode(value)
        : ArrayBuffer.isView(value) ? new TextDecoder().decode(value) : value instanceof CryptoKey ? "a key" : value;
      for (const row of rows) found.push(`${store}: ${JSON.stringify(row, plain)}`);
    }
    db.close();
  }
  for (const [key, value] of Object.entries(localStorage)) found.push(`local ${key}: ${value}`);
  return found;
}"""
"""Every record of every database on the phone, bytes as text."""
CACHED = "async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat()"


class Phone:
    """One phone. `desk` looks at its page as tests.browser.street does."""

    def __init__(self, street: Street, folder: Path, address: str = "") -> None:
        self.street, self.folder, self.address = street, folder, address or street.address
        self.context: BrowserContext
        self.desk: Desk
        self.switch_on()

    @property
    def page(self) -> Page:
        return self.desk.page

    def switch_on(self) -> None:
        """Start the browser with what the phone's disk holds."""
        self.context = self.street.chromium.browser_type.launch_persistent_context(
            str(self.folder), viewport=PHONE, locale="zh-CN", has_touch=True, **launch_options()
        )
        self.context.set_default_timeout(PATIENCE)
        self._open_tab()

    def switch_off(self) -> None:
        self.context.close()

    def kill_tab(self) -> None:
        """As the phone does when it needs the memory: nobody is asked, nothing is told."""
        old = self.page
        self._open_tab()
        old.close(run_before_unload=False)

    def _open_tab(self) -> None:
        self.desk = Desk(self.street, self.context, scripts=True)

    def sign_in(self, login: str) -> None:
        self.page.goto(f"{self.address}/sign-in")
        self.enter(login)
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("我的待办")

    def enter(self, login: str) -> None:
        """Name and password on the page that asks for them."""
        self.page.get_by_label("用户名").fill(login)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录", exact=True).click()

    def visits(self) -> None:
        """Open the page, from the network or without it."""
        self.page.goto(f"{self.address}/agent/visits")

    def pack(self) -> None:
        """Take the day's work along."""
        self.visits()
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.get_by_label("设一个 6 位数字的手机密码").fill(PIN)
        self.page.get_by_label("再输一次").fill(PIN)
        self.page.get_by_role("button", name="带上今天的走访").click()
        expect(self.page.locator("[data-visits] a").first).to_be_visible()

    def unlock(self, pin: str = PIN) -> None:
        self.page.get_by_label("手机密码", exact=True).fill(pin)
        self.page.get_by_role("button", name="打开", exact=True).click()

    def cut(self) -> None:
        self.context.set_offline(True)
        expect(self.page.locator("[data-network]")).to_have_text("没有网络")

    def connect(self) -> None:
        self.context.set_offline(False)

    def open_visit(self, title: str) -> None:
        self.page.locator("[data-visits] a").filter(has_text=title).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def photograph(self, photo: Path) -> None:
        before = self.page.locator("[data-shots] li").count()
        self.page.locator("#camera").set_input_files(photo)
        expect(self.page.locator("[data-shots] li")).to_have_count(before + 1)

    def sign(self, name: str) -> None:
        """With the finger, on the pad of this name."""
        pad = self.page.get_by_role("img", name=f"{name}的签名")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box
        mouse = self.page.mouse
        mouse.move(box["x"] + 20, box["y"] + 30)
        mouse.down()
        mouse.move(box["x"] + 120, box["y"] + 90, steps=4)
        mouse.up()

    def saved(self) -> None:
        expect(self.page.locator("[data-saved]")).to_contain_text("已保存在手机")

    def ready(self) -> None:
        """Press the green button of the visit."""
        self.page.get_by_role("button", name="填好了，等待送达").click()
        expect(self.page.locator("[data-view=list]")).to_be_visible()

    def dump(self) -> str:
        """All that is stored on the phone, as text."""
        return "\n".join(self.page.evaluate(DUMP))

    def databases(self) -> list[str]:
        return json.loads(
            self.page.evaluate(
                "async () => JSON.stringify((await indexedDB.databases()).map((one) => one.name))"
            )
        )

    def cached(self) -> list[str]:
        return self.page.evaluate(CACHED)

    def on_disk(self, *texts: str) -> list[str]:
        """Which of these texts stand anywhere in the files of the profile, in any way a browser writes text."""
        found = []
        for path in self.folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                body = path.read_bytes()
                found += [f"{text} in {path.relative_to(self.folder)}" for text in texts
                          if text.encode() in body or text.encode("utf-16-le") in body]  # fmt: skip
        return found


@contextmanager
def phone(street: Street, folder: Path, address: str = "") -> Iterator[Phone]:
    """A phone that is switched off at the end."""
    made = Phone(street, folder, address)
    try:
        yield made
    finally:
        made.switch_off()
