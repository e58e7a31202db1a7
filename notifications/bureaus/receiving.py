"""What a bureau brings by itself: a signed call with the answer to one question, heard once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from definitions.verification.absorbing import absorb
from notifications.bureaus import circuit
from notifications.bureaus.importing import own_keys
from notifications.bureaus.protocol import BadAnswer, read_answer, read_json
from notifications.bureaus.signing import SOURCE, NotSigned, check_call
from workflow.config import Config
from workflow.errors import FormRefused, NotFound, Refused
from workflow.inserting import add_once
from workflow.models import BureauNonce, VerificationSource
from workflow.office import Office
from workflow.verification.answers import Absorbed


class Replayed(Refused):
    """这次回调已经收到过（Jiuzhu-Nonce 相同），不再受理；要重发请换一个 Nonce。"""


def receive(
    office: Office, conn: Connection, config: Config, path: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> Absorbed:  # fmt: skip
    """Take in an answer that a bureau calls back with.

    Raises NotSigned, Replayed, NotFound for a question that was not put to it, FormRefused for an answer not as agreed.
    """
    session = office.session(conn)
    source = session.get(VerificationSource, headers.get(SOURCE, ""))
    if source is None or source.transport != "http":
        raise NotSigned(f"{SOURCE} 应写明已经联网的来源部门的代码。")
    nonce = check_call(config.bureau_secrets.get(source.secret_name, ""), "POST", path, body, headers, now)
    if not add_once(conn, BureauNonce, source=source.code, nonce=nonce, at=now):
        raise Replayed
    try:
        told = read_json(body)
        key, reply = str(told.get("key", "")), read_answer(told.get("answer"), "http")
    except BadAnswer as error:
        raise FormRefused({error.column or "answer": str(error)}) from None
    if not own_keys(session, source.code, [key]):
        raise NotFound("没有这个查询编号，或者不是向贵单位提出的查询。")
    taken = absorb(office, conn, key, reply, now)
    if taken.status == "unfit":
        raise FormRefused({"items": taken.why})
    circuit.succeeded(conn, source.code, now)
    return taken
