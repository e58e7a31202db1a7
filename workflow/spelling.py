"""Names in Latin letters, so that a clerk finds 王小明 by typing wangxiaoming or wxm.

The library's dictionaries take longer to load than all else of a command: they are loaded with the first name.
"""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def pinyin_of(name: str) -> str:
    """The name in pinyin without tones and gaps: wangxiaoming."""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(name)).lower().replace(" ", "")[:200]


@lru_cache(maxsize=4096)
def initials_of(name: str) -> str:
    """The first letters: wxm."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower().replace(" ", "")[:30]
