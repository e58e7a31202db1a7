"""Letters as PDF: the layout is a file, the letter goes in as JSON, so no text in it can ever be read as markup."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import segno
import typst

from definitions.letters import LAYOUTS, Letter
from definitions.letters.report import Report
from notifications.fonts import Font, find_font
from workflow.config import Config
from workflow.errors import Refused

_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_UNSET = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)


class GlyphMissing(Refused):
    """字体里没有这个字。"""


def render(letter: Letter | Report, config: Config) -> bytes:
    """The letter as a tagged PDF (PDF/UA-1): the same letter and font always give the same bytes.

    Raises NoFont where no Chinese font is found, GlyphMissing naming the characters the font does not have.
    """
    font = find_font(config)
    try:
        pdf: bytes = typst.compile(**_work(letter, font), format="pdf", pdf_standards="ua-1")
    except typst.TypstError as error:
        missing = _UNSET.search(error.message)
        if missing is None:
            raise
        characters = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), missing[1])
        codes = "、".join(f"U+{ord(character):04X}" for character in characters)
        raise GlyphMissing(
            f"字体“{font.family}”里没有这个字：{characters}（{codes}）。请核对姓名用字，或者用 FONT_PATH 换用收字更全的字体；"
            "在此之前可以用打印页面代替。",
            characters=characters,
        ) from error
    return pdf


def pictures(letter: Letter, config: Config, *, ppi: int = 96) -> list[bytes]:
    """The pages as PNG, for a preview on the screen. Raises as `render`."""
    render(letter, config)
    pages: bytes | list[bytes] = typst.compile(**_work(letter, find_font(config)), format="png", ppi=ppi)
    return [pages] if isinstance(pages, bytes) else pages


def qr_svg(text: str) -> str:
    """A QR code as SVG, dark on white with its quiet zone; "" for no text."""
    if not text:
        return ""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", xmldecl=False, light="white", border=2)
    return out.getvalue().decode()


def _work(letter: Letter | Report, font: Font) -> dict[str, Any]:
    return {
        "input": str(LAYOUTS / f"{letter.sheet}.typ"),
        "root": str(LAYOUTS),
        "font_paths": font.fonts,
        "ignore_system_fonts": True,
        "sys_inputs": {
            "letter": json.dumps(letter.as_json(), ensure_ascii=False),
            "font": font.family,
            "qr": qr_svg(letter.link),
        },
    }
