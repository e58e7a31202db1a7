"""Passwords: argon2id, fifteen characters, no rules of composition (NIST SP 800-63B-4), no well-known words alone."""

from __future__ import annotations

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from workflow.errors import FormRefused

LEAST, MOST, DIFFERENT = 15, 128, 5

_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$CaNWUohF8JAnOLll3bLncQ$KoIEK/xIDNzywoFFvvxB5SFWpZaJbiOEk84PoHSTmtU"
"""Hashed against for unknown names, so that they take as long as known ones."""
_WORN = re.compile(
    r"(password|passw0rd|admin|qwerty|asdf|zxcv|welcome|letmein|iloveyou|jiuzhu|minzheng|yinzhou|ningbo|zhejiang"
    r"|鄞州|民政|救助|宁波|[0-9]|[-_.!@#$*\s]|(.)\2\2+)+",
    re.IGNORECASE,
)
"""A password made of nothing but these is found by the first list anybody tries."""


def hash_password(text: str) -> str:
    """The hash that is kept."""
    return _HASHER.hash(text)


def verify_password(kept: str, text: str) -> bool:
    """Whether it is the password; takes as long where there is none."""
    try:
        return _HASHER.verify(kept or _NOBODY, text[:MOST]) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with older parameters and should be made anew."""
    return _HASHER.check_needs_rehash(kept)


def check_new_password(text: str, *own: str) -> None:
    """Raise FormRefused for a password too short, too long, worn, or made of the user's own names."""
    if len(text) < LEAST:
        raise FormRefused(
            {"password": f"密码至少 {LEAST} 个字符，现在是 {len(text)} 个；可以用几个不相干的词连起来"}
        )
    if len(text) > MOST:
        raise FormRefused({"password": f"密码最多 {MOST} 个字符"})
    rest = text.lower()
    for word in own:
        rest = rest.replace(word.lower(), "") if word else rest
    if len(set(text)) < DIFFERENT or _WORN.fullmatch(rest or "0"):
        raise FormRefused({"password": "这个密码太常见，很容易被猜到，请换一个"})
