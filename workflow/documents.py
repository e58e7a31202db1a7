"""Papers and photographs of a case: checked by content, stored once under their hash."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.errors import FormRefused
from workflow.facts import CaseState
from workflow.inserting import add_once
from workflow.models import Case, Document, DocumentContent, JournalEntry
from workflow.periods import local_date

MAX_BYTES = 10 * 1024 * 1024
SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
"""What the first bytes of an accepted file are; the name it comes under proves nothing."""
_CAMERA_DAY = re.compile(rb"(\d{4}):(\d\d):(\d\d) \d\d:\d\d:\d\d\0")
ENDINGS = {"image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",), "application/pdf": (".pdf",)}


def add_document(
    session: Session, case: Case | CaseState, *, kind: str, name: str, body: bytes, actor: Actor, now: datetime,
    person_id: int | None = None,
) -> Document:  # fmt: skip
    """Attach a file to a case. Raises FormRefused for an empty, too large, unknown or renamed one."""
    media_type = check_file(name, body)
    taken = taken_on(body) if media_type == "image/jpeg" else None
    if taken is not None and taken > local_date(now):
        raise FormRefused(
            {"file": f"“{name}”的拍摄日期 {taken.isoformat()} 在今天以后，请核对相机日期，重新拍照"}
        )
    sha256 = keep_content(session, body)
    document = Document(
        case_id=case.id, kind=kind, name=name[-120:], media_type=media_type, size=len(body), sha256=sha256,
        person_id=person_id, uploaded_by=actor.id, uploaded_at=now,
    )  # fmt: skip
    session.add(document)
    session.flush()
    from workflow.flow.papers import settle

    settle(session, case, now)
    return document


def keep_content(session: Session, body: bytes) -> str:
    """Store the bytes once, under their hash: somebody else may be storing the same paper at this moment."""
    sha256 = hashlib.sha256(body).hexdigest()
    add_once(session, DocumentContent, sha256=sha256, body=body)
    return sha256


def check_file(name: str, body: bytes) -> str:
    """The media type told by the content. Raises FormRefused."""
    if not body:
        raise FormRefused({"file": f"“{name}”是空文件，请重新拍照或扫描"})
    if len(body) > MAX_BYTES:
        size = len(body) // (1024 * 1024)
        raise FormRefused({"file": f"“{name}”有 {size} MB，超过 10 MB，请压缩或分开上传"})
    media_type = next((kind for start, kind in SIGNATURES if body.startswith(start)), None)
    if media_type is None:
        raise FormRefused({"file": f"“{name}”不是照片（JPG、PNG）或 PDF，不能上传"})
    if not name.lower().endswith(ENDINGS[media_type]):
        raise FormRefused({"file": f"“{name}”的内容与扩展名不符，可能改过名，请上传原件"})
    return media_type


def taken_on(photograph: bytes) -> date | None:
    """The day a photograph was taken as its camera has written it into the head of the file; None where it has not."""
    head = photograph[: photograph.find(b"\xff\xdb")]
    if b"Exif\0\0" not in head or not (days := _CAMERA_DAY.findall(head)):
        return None
    try:
        return max(date(*(int(part) for part in day)) for day in days)
    except ValueError:
        return None


def kinds_present(session: Session, case: Case | CaseState, *, this_visit: bool = False) -> set[str]:
    """The kinds of documents the case has, or only those that came since it entered its present stage."""
    kinds = select(Document.kind).where(Document.case_id == case.id).distinct()
    if this_visit:
        entered = select(func.min(JournalEntry.at)).where(
            JournalEntry.case_id == case.id, JournalEntry.visit == case.visit
        )
        kinds = kinds.where(Document.uploaded_at >= entered.scalar_subquery())
    return set(session.scalars(kinds))
