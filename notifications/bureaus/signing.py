"""The signature of every call between us and a bureau: HMAC-SHA-256 with the secret both hold, over what is called, when,
with which nonce, and the body. An answer is signed over the nonce of the call it answers.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from workflow.errors import Refused
from workflow.models import moment_text

SOURCE, MOMENT, NONCE, SIGNATURE = "Jiuzhu-Source", "Jiuzhu-Timestamp", "Jiuzhu-Nonce", "Jiuzhu-Signature"
TOLERANCE = timedelta(minutes=5)
"""How far the clocks of the two sides may be apart; for twice as long a nonce is remembered."""
_NONCE = re.compile(r"[0-9A-Za-z_-]{16,64}")


class NotSigned(Refused):
    """签名不对：请核对密钥、时间和签名的算法。"""


def signature(secret: str, *parts: str) -> str:
    """HMAC-SHA-256 over the parts, a line each, in hexadecimal digits."""
    return hmac.new(secret.encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def signed_call(
    secret: str, source: str, method: str, path: str, body: bytes, *, nonce: str, now: datetime
) -> dict[str, str]:
    """The headers of a call."""
    moment = moment_text(now)
    return {
        SOURCE: source,
        MOMENT: moment,
        NONCE: nonce,
        SIGNATURE: signature(secret, method, path, moment, nonce, _digest(body)),
    }


def check_call(
    secret: str, method: str, path: str, body: bytes, headers: Mapping[str, str], now: datetime
) -> str:
    """The nonce of a call whose signature is right and whose moment is near. Raises NotSigned, which says what is wrong.

    Whether the nonce was heard before is for the caller to see.
    """
    moment, nonce = headers.get(MOMENT, ""), headers.get(NONCE, "")
    if not secret:
        raise NotSigned("这个部门没有配置密钥，不能验签。")
    if not _NONCE.fullmatch(nonce):
        raise NotSigned(f"{NONCE} 应是 16 到 64 个字母或数字。")
    try:
        near = abs(datetime.fromisoformat(moment) - now) <= TOLERANCE
    except (ValueError, TypeError):
        raise NotSigned(f"{MOMENT} 应是 2016-09-05T01:00:00Z 这样的时刻。") from None
    expected = signature(secret, method, path, moment, nonce, _digest(body))
    if not hmac.compare_digest(expected.encode(), headers.get(SIGNATURE, "").encode()):
        raise NotSigned
    if not near:
        raise NotSigned(f"{MOMENT} 与本系统时间相差超过 {TOLERANCE.seconds // 60} 分钟，请校准时钟。")
    return nonce


def signed_answer(secret: str, nonce: str, status: int, body: bytes) -> dict[str, str]:
    """The header of an answer to the call that had this nonce."""
    return {SIGNATURE: signature(secret, "ANSWER", nonce, str(status), _digest(body))}


def check_answer(secret: str, nonce: str, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    """Raise NotSigned where the answer is not the bureau's, or to another call."""
    expected = signed_answer(secret, nonce, status, body)[SIGNATURE]
    if not hmac.compare_digest(expected.encode(), headers.get(SIGNATURE, "").encode()):
        raise NotSigned("对方的答复没有正确的签名，不予采用。")


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
