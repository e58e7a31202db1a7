"""Field work handed in from a phone: kept first, tried then, and never twice.

A package that has arrived is safe whatever comes of it. Three transactions: `receive` keeps it, `perform` does the act
with its papers, `hold` leaves it to its sender where the act is refused. A repeated package finds the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.acts import act
from workflow.documents import add_document, check_file, keep_content
from workflow.errors import FormRefused, NotFound, NotNow, Refused
from workflow.inserting import add_once, insert_into
from workflow.models import Case, DocumentContent, FieldPackage, FieldPaper, PhoneBox, canonical
from workflow.office import Office
from workflow.periods import local_date
from workflow.policy import may_read

MOST_PAPERS = 30
TWINS_WITHIN = timedelta(days=3)
"""Two packages about the same thing, filled in so close to each other, are shown to their senders as one too many."""


@dataclass(frozen=True)
class Paper:
    """A photograph or signature as it was sent."""

    kind: str
    name: str
    body: bytes


@dataclass(frozen=True)
class Sent:
    """A package as it was sent. `typed` are the pairs of the form, `seen` the version of the case on the phone."""

    client_id: str
    case_id: int
    action: str
    seen: int
    typed: Sequence[tuple[str, str]]
    filled_at: datetime
    papers: Sequence[Paper]

    @property
    def digest(self) -> str:
        """What makes two sendings the same package."""
        said = [self.case_id, self.action, self.seen, [list(pair) for pair in self.typed]]
        papers = [[paper.kind, paper.name, _sha256(paper.body)] for paper in self.papers]
        return hashlib.sha256(canonical([said, papers]).encode()).hexdigest()


def receipt_of(package: FieldPackage) -> str:
    """The number its sender is told: it exists only once the package is committed."""
    return f"WY-{local_date(package.received_at):%Y%m%d}-{package.id:06d}"


def receive(session: Session, sent: Sent, *, actor: Actor, now: datetime) -> FieldPackage:
    """Keep the package, or find it where it came before; the caller commits.

    Raises NotFound where he neither sees the case nor ever had it on a phone, FormRefused for a file that is no
    photograph, NotNow where the phone's number was used for something else.
    """
    case = session.get(Case, sent.case_id)
    if case is None or not (may_read(actor, case) or _carried(session, actor, case)):
        raise NotFound
    if len(sent.papers) > MOST_PAPERS:
        raise FormRefused({"file": f"一次最多交 {MOST_PAPERS} 份照片和签名"})
    kinds = [check_file(paper.name, paper.body) for paper in sent.papers]
    row = {
        "user_id": actor.id, "client_id": sent.client_id, "digest": sent.digest, "case_id": case.id,
        "action": sent.action, "visit": case.visit, "seen": sent.seen, "typed": [list(pair) for pair in sent.typed],
        "filled_at": sent.filled_at, "received_at": now,
    }  # fmt: skip
    made = session.execute(
        insert_into(session, FieldPackage).values(row).on_conflict_do_nothing().returning(FieldPackage.id)
    ).scalar()
    if made is None:
        return _again(session, sent, actor)
    for number, (paper, media_type) in enumerate(zip(sent.papers, kinds, strict=True), 1):
        sha256 = keep_content(session, paper.body)
        session.add(FieldPaper(package_id=made, number=number, kind=paper.kind, name=paper.name[-120:],
                               media_type=media_type, size=len(paper.body), sha256=sha256))  # fmt: skip
    package = session.get_one(FieldPackage, made)
    package.twin_id = _twin(session, package)
    session.flush()
    return package


def perform(
    office: Office,
    conn: Connection,
    package: FieldPackage,
    form: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Do the act of a package that was just kept, with its papers; the caller commits, or rolls all of it back.

    Done once: whoever comes second finds it done. Raises what `act` raises, and NotNow for one that has a twin.
    """
    if not _settle(conn, package.id, "received", "done", now):
        return
    if package.twin_id is not None:
        session = office.session(conn)
        twin = session.get_one(FieldPackage, package.twin_id)
        raise NotNow(
            f"可能重复：同一件事已有一份走访资料送达（{receipt_of(twin)}），请核对后决定要不要再办。"
        )
    attach(office, conn, package, actor=actor, now=now)
    act(office, conn, package.case_id, package.action, actor=actor, form=form, seen=package.seen, now=now)


def attach(office: Office, conn: Connection, package: FieldPackage, *, actor: Actor, now: datetime) -> None:
    """Put the papers of a package into its case."""
    session = office.session(conn)
    case = session.get_one(Case, package.case_id)
    for paper in papers_of(session, package.id):
        body = session.get_one(DocumentContent, paper.sha256).body
        add_document(session, case, kind=paper.kind, name=paper.name, body=body, actor=actor, now=now)
    session.flush()


def hold(conn: Connection, package_id: int, refused: Refused) -> None:
    """The act was refused: the package waits for its sender."""
    conn.execute(
        update(FieldPackage)
        .where(FieldPackage.id == package_id, FieldPackage.state == "received")
        .values(state="held", message=refused.message)
    )


def resume(office: Office, conn: Connection, package: FieldPackage, *, actor: Actor, now: datetime) -> None:
    """The sender goes on with it in the case: its papers are put there. Raises NotNow where he has done so already."""
    if not _settle(conn, package.id, "held", "resumed", now):
        raise NotNow("这份资料已经处理过了。")
    attach(office, conn, package, actor=actor, now=now)


def drop(conn: Connection, package: FieldPackage, *, now: datetime) -> None:
    """The sender lets it be: what it says is done already, or was wrong. It stays on record. Raises NotNow."""
    if not _settle(conn, package.id, "held", "dropped", now):
        raise NotNow("这份资料已经处理过了。")


def papers_of(session: Session, package_id: int) -> Sequence[FieldPaper]:
    """Its photographs and signatures in their order."""
    return session.scalars(
        select(FieldPaper).where(FieldPaper.package_id == package_id).order_by(FieldPaper.number)
    ).all()


# The box on the phone


def open_box(
    session: Session, box_id: str, *, actor: Actor, device: str, secret: str, now: datetime
) -> PhoneBox:
    """His box, made at the first asking; it may have been ended since. Raises NotFound for another's."""
    add_once(
        session,
        PhoneBox,
        id=box_id,
        user_id=actor.id,
        secret=secret,
        device=device[:200],
        told=[],
        made_at=now,
    )
    return box_of(session, box_id, actor)


def box_of(session: Session, box_id: str, actor: Actor) -> PhoneBox:
    """A box of his, open or ended. Raises NotFound."""
    found = session.get(PhoneBox, box_id, populate_existing=True)
    if found is None or found.user_id != actor.id:
        raise NotFound("这部手机上的资料不是您带出的，请由带出的人登录。")
    return found


def put_in(box: PhoneBox, cases: Sequence[int]) -> None:
    """Write down what was put into the box. Raises NotNow where it has been ended."""
    if box.ended_at is not None:
        raise NotNow("这部手机上的资料已经作废，请重新带上今天的走访。")
    box.told = sorted({*box.told, *cases})


def end_box(conn: Connection, box_id: str, *, actor: Actor, now: datetime) -> None:
    """Throw the server's half away: handed in, signed out, or the phone is lost."""
    conn.execute(
        update(PhoneBox)
        .where(PhoneBox.id == box_id, PhoneBox.user_id == actor.id, PhoneBox.ended_at.is_(None))
        .values(secret="", ended_at=now)
    )


def _carried(session: Session, actor: Actor, case: Case) -> bool:
    """Whether he had the case on a phone while he might: what he wrote there must not be lost."""
    boxes = session.scalars(select(PhoneBox.told).where(PhoneBox.user_id == actor.id))
    return any(case.id in told for told in boxes)


def _again(session: Session, sent: Sent, actor: Actor) -> FieldPackage:
    found = session.scalars(
        select(FieldPackage).where(FieldPackage.user_id == actor.id, FieldPackage.client_id == sent.client_id)
    ).one()
    if found.digest != sent.digest:
        raise NotNow("这个编号的走访资料已送达，内容与这一份不同。请重新保存后再送。")
    return found


def _twin(session: Session, package: FieldPackage) -> int | None:
    """The earliest other package about the same act in the same stay of the case, filled in close to it."""
    return session.scalars(
        select(FieldPackage.id).where(
            FieldPackage.case_id == package.case_id, FieldPackage.action == package.action,
            FieldPackage.visit == package.visit, FieldPackage.id < package.id, FieldPackage.state != "dropped",
            FieldPackage.filled_at.between(package.filled_at - TWINS_WITHIN, package.filled_at + TWINS_WITHIN),
        ).order_by(FieldPackage.id).limit(1)
    ).first()  # fmt: skip


def _settle(conn: Connection, package_id: int, before: str, after: str, now: datetime) -> bool:
    """Move a package on; False where somebody has done it before. The row stays locked until the end."""
    moved = (
        update(FieldPackage)
        .where(FieldPackage.id == package_id, FieldPackage.state == before)
        .values(state=after, settled_at=now)
    )
    return conn.execute(moved).rowcount == 1


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
