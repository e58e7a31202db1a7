"""The font that letters are set in: the one configured, the one the installation brought, or one of the system's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from workflow.config import Config
from workflow.errors import Refused

BROUGHT = Path(__file__).resolve().parents[1] / "web" / "static" / "vendor" / "fonts"
"""Where `make setup` puts the font package."""

SYSTEM = (
    "FangSong", "FangSong_GB2312", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans CJK SC", "Source Han Sans SC",
    "Noto Sans SC", "LXGW WenKai", "SimSun", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "AR PL UMing CN",
)  # fmt: skip
"""Families of Chinese fonts a system may have, the most official first."""

_SAMPLE = "低保审核公示通知书龘〔〕￥"
_PROBE = b'#set document(title: "t")\n#set text(font: sys.inputs.font, fallback: false)\n#sys.inputs.sample'


class NoFont(Refused):
    """没有找到中文字体，不能生成 PDF。"""


@dataclass(frozen=True)
class Font:
    """A Chinese font family, where it was found, and the fonts to hand to typst."""

    family: str
    path: str
    fonts: Any


def find_font(config: Config) -> Font:
    """The font for letters. Order: FONT_PATH (a file or folder), the brought one, the system's.

    Raises NoFont, which says what to do. A FONT_PATH that holds no Chinese font is refused, not passed over.
    """
    return _find(config.font_path, str(BROUGHT))


@lru_cache(maxsize=8)
def _find(font_path: str, brought: str) -> Font:
    if font_path:
        folder = Path(font_path)
        found = _within(
            folder if folder.is_dir() else folder.parent, only=None if folder.is_dir() else folder
        )
        if found is None:
            raise NoFont(
                f"FONT_PATH={font_path} 里没有可用的中文字体（.ttf、.otf、.ttc），请改正，或者去掉这个设置。"
            )
        return found
    found = _within(Path(brought)) or _installed()
    if found is None:
        raise NoFont(
            "没有找到中文字体，不能生成 PDF。请运行 make setup，或者安装系统字体（如 apt install fonts-noto-cjk），"
            "或者用 FONT_PATH 指定字体文件；在此之前可以用打印页面代替。"
        )
    return found


def _within(folder: Path, only: Path | None = None) -> Font | None:
    """The first usable family of a folder, or of one file in it."""
    if not folder.is_dir():
        return None
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    named = [
        f for f in fonts.fonts() if f.path and (only is None or Path(f.path).resolve() == only.resolve())
    ]
    families = dict.fromkeys(f.family for f in sorted(named, key=lambda f: (f.family, f.weight)))
    return next((Font(family, str(folder), fonts) for family in families if _sets(family, fonts)), None)


def _installed() -> Font | None:
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
    there = set(fonts.families())
    return next(
        (Font(family, "system", fonts) for family in SYSTEM if family in there and _sets(family, fonts)), None
    )


def _sets(family: str, fonts: Any) -> bool:
    """Whether the family sets Chinese: PDF/UA refuses a character without a glyph."""
    try:
        inputs = {"font": family, "sample": _SAMPLE}
        typst.compile(
            _PROBE,
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs=inputs,
            format="pdf",
            pdf_standards="ua-1",
        )
    except typst.TypstError:
        return False
    return True
