"""How long `jiuzhu definitions check` takes over all that is shipped, and the largest drawing."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from definitions import CATALOGUE
from workflow.pictures import svg
from workflow.pictures.scene import plan

TIMES = 5
ROOT = Path(__file__).resolve().parents[2]


def measure() -> dict[str, float]:
    """Seconds (medians): `check` as typed, process and all; `svg` of the definition with the most stages, laid out anew."""
    largest = max(CATALOGUE, key=lambda blueprint: len(blueprint.stages))
    return {
        "check": median(_check() for _ in range(TIMES)),
        "svg": median(_svg(largest) for _ in range(TIMES)),
    }


def _check() -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "from web.cli import main; main()", "definitions", "check"],
        check=True, cwd=ROOT, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - start


def _svg(blueprint) -> float:
    plan.cache_clear()  # as after every change of the file
    start = time.perf_counter()
    svg(blueprint)
    return time.perf_counter() - start
