"""Where batch files stand: below the exchange folder each source has its own, with `out` and `in`.

A manifest is written after its file: what has none is not finished.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from workflow.config import Config
from workflow.errors import BadConfiguration, Refused
from workflow.models import VerificationSource

MANIFEST = ".manifest.json"
OUT, IN, DONE, REFUSED = "out", "in", "done", "refused"
_FOLDER = re.compile(r"[\w-]{1,60}", re.ASCII)


def check_folder(name: str) -> None:
    """Raise Refused where this is no folder below the exchange folder."""
    if not _FOLDER.fullmatch(name):
        raise Refused("交换文件夹只写一级名称，用字母、数字、横线，例如 tax。")


def folder_of(config: Config, source: VerificationSource, *below: str) -> Path:
    """A folder of a source, made where it is not there. Raises BadConfiguration, Refused."""
    if not config.exchange_folder:
        raise BadConfiguration("没有设置交换文件夹，请用 EXCHANGE_FOLDER 指定。")
    name = source.address or source.code
    check_folder(name)
    folder = Path(config.exchange_folder, name, *below)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadConfiguration(f"交换文件夹 {folder} 不能使用：{error.strerror}。") from None
    return folder


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and so that it outlives a power failure."""
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
