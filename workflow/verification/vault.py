"""Where raw answers lie: encrypted with AES-SIV, each bound to the query it answers.

The cipher needs no chance: the same answer to the same query is sealed alike, and an answer moved to another query does
not open.
"""

from __future__ import annotations

from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workflow.entropy import SystemEntropy
from workflow.errors import BadConfiguration

_LENGTH = 64
_PURPOSE = b"jiuzhu verification answers"


class Vault:
    """Seals with the first of its secrets, opens with any: a new one goes in front, the old stays until its time is over."""

    def __init__(self, *secrets: str) -> None:
        self._secrets = tuple(secret for secret in secrets if secret)

    @classmethod
    def passing(cls) -> Vault:
        """With a secret nobody else has and that ends with this process: for stories, never for a service."""
        return cls(SystemEntropy().token())

    @cached_property
    def _ciphers(self) -> tuple[AESSIV, ...]:
        if not self._secrets:
            raise BadConfiguration(
                "没有设置 ANSWERS_KEY 或 SECRET_KEY，部门答复不能加密保存；请设置后再启动。"
            )
        return tuple(AESSIV(_derived(secret)) for secret in self._secrets)

    def seal(self, text: str, about: str) -> bytes:
        """The text encrypted, bound to what it is about. Raises BadConfiguration where there is no secret."""
        return self._ciphers[0].encrypt(text.encode(), [about.encode()])

    def open(self, sealed: bytes, about: str) -> str:
        """The text again. Raises BadConfiguration where no secret opens it."""
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(sealed, [about.encode()]).decode()
            except InvalidTag:
                continue
        raise BadConfiguration("现有的 ANSWERS_KEY 打不开这份答复；请补上它入库时用的密钥。")


def _derived(secret: str) -> bytes:
    return HKDF(SHA512(), _LENGTH, salt=None, info=_PURPOSE).derive(secret.encode())
