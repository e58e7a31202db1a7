"""From the inbox to e-mail, outside every act's transaction.

A letter is claimed in one short transaction, sent in none, and marked in another. A process that dies after sending
and before marking leaves a claim that runs out: the letter then goes once more under the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, or_, select, update
from sqlalchemy.orm import Session

from notifications.channels import Channel, ChannelDown, DeliveryFailed, Mail, Outcome
from notifications.channels.email import Email
from notifications.channels.outbox import VisibleOutbox
from notifications.digests import told_with
from workflow.config import Config
from workflow.db import Database
from workflow.models import Case, InboxMessage, Setting, User
from workflow.running.incidents import record
from workflow.running.job import Mend, Run
from workflow.sweeps import never

BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=4))
"""How long after each failed try the next one comes; after the last the letter has failed."""
CLAIM = timedelta(minutes=30)
"""How long a claim stands: longer than the slowest server can make one round of letters last."""
ROUND = 20
DELIVER, LETTERS = "deliver_mail", 1
"""This room's job, and what its incident is about: all letters that were given up, together."""
RESTORED = "restored_at"
"""The setting of a database that was restored: its letters may have gone out before, so a person looks first."""


def channel_of(config: Config) -> Channel:
    """The configured way out. Raises BadConfiguration for an SMTP_URL that cannot be read."""
    return Email(config.smtp_url, config.mail_from) if config.smtp_url else VisibleOutbox()


def deliver_mail(
    database: Database,
    config: Config,
    now: datetime,
    *,
    limit: int = ROUND,
    channel: Channel | None = None,
    stopped: Callable[[], bool] = never,
) -> tuple[int, int]:
    """Send up to `limit` e-mails that are due; (done, failed), where held in the visible outbox counts as done.

    A letter that is not taken comes again by `BACKOFF`, then is marked failed. A server that is down ends the round.
    `stopped` is asked before each letter.
    """
    with database.reading() as session:
        restored = session.get(Setting, RESTORED)
    way = VisibleOutbox() if restored is not None and restored.value else channel or channel_of(config)
    done = failed = 0
    try:
        for _ in range(limit):
            if stopped():
                break
            with database.acting() as conn:
                claimed = _claim(conn, config, now)
            if claimed is None:
                break
            row_id, tries, mail = claimed
            try:
                outcome = way.deliver(mail)
            except DeliveryFailed as failure:
                failed += 1
                _mark(database, row_id, tries, now, error=str(failure))
                if isinstance(failure, ChannelDown):
                    break
            else:
                done += 1
                _mark(database, row_id, tries, now, outcome=outcome)
    finally:
        way.close()
    return done, failed


def release(conn: Connection, ids: Iterable[int] | None = None) -> int:
    """Send held or failed e-mails after all (all held ones, or these), after a person has looked at them."""
    which: ColumnElement[bool] = InboxMessage.mail_state == "held"
    if ids is not None:
        which = InboxMessage.mail_state.in_(("held", "failed")) & InboxMessage.id.in_(list(ids))
    return conn.execute(
        update(InboxMessage)
        .where(which)
        .values(mail_state="queued", mail_tries=0, mail_next_at=None, mail_error="")
    ).rowcount


def message_id(outbox_id: int, user_id: int, sender: str) -> str:
    """The identity of a letter, the same at every try."""
    domain = sender.rpartition("@")[2].strip(" <>") or "localhost"
    return f"<{outbox_id}.{user_id}@{domain}>"


def _claim(conn: Connection, config: Config, now: datetime) -> tuple[int, int, Mail] | None:
    """Take the next due letter, or one whose claim ran out, for `CLAIM`."""
    due = or_(InboxMessage.mail_next_at.is_(None), InboxMessage.mail_next_at <= now)
    row = conn.execute(
        select(
            InboxMessage.id, InboxMessage.mail_tries, InboxMessage.outbox_id, InboxMessage.user_id, InboxMessage.subject,
            InboxMessage.body, InboxMessage.created_at, User.email, User.disabled_at, Case.number,
        )
        .join(User, User.id == InboxMessage.user_id)
        .outerjoin(Case, Case.id == InboxMessage.case_id)
        .where(InboxMessage.mail_state.in_(("queued", "sending")), due)
        .order_by(InboxMessage.id)
        .limit(1)
        .with_for_update(of=InboxMessage, skip_locked=True)
    ).first()  # fmt: skip
    if row is None:
        return None
    tries = row.mail_tries + 1
    conn.execute(
        update(InboxMessage)
        .where(InboxMessage.id == row.id)
        .values(mail_state="sending", mail_tries=tries, mail_next_at=now + CLAIM)
    )
    subject, text = told_with(conn, row.id, row.subject, row.body)
    place = f"cases/{row.number}" if text == row.body and row.number else "inbox"
    body = f"{text}\n\n{config.public_url}/{place}\n\n这封邮件由系统自动发出，请不要回复。"
    to = row.email if row.disabled_at is None else ""
    mail = Mail(to, subject, body, message_id(row.outbox_id, row.user_id, config.mail_from), row.created_at)
    return row.id, tries, mail


def _mark(
    database: Database,
    row_id: int,
    tries: int,
    now: datetime,
    *,
    outcome: Outcome | None = None,
    error: str = "",
) -> None:
    """Write down how a claimed letter fared, unless the claim ran out and another process has it."""
    state: str = outcome or "failed"
    next_at = None
    if outcome is None and tries <= len(BACKOFF):
        state, next_at = "queued", now + BACKOFF[tries - 1]
    with database.acting() as conn:
        if state == "failed":
            record(
                conn,
                DELIVER,
                LETTERS,
                case_id=None,
                cause=f"有邮件多次没有送出：{error}",
                payload="",
                now=now,
                at_once=True,
            )
        conn.execute(
            update(InboxMessage)
            .where(
                InboxMessage.id == row_id,
                InboxMessage.mail_state == "sending",
                InboxMessage.mail_tries == tries,
            )
            .values(mail_state=state, mail_next_at=next_at, mail_error=error)
        )


def _again(run: Run, _ref: int) -> None:
    """The letters that were given up, once more."""
    with run.database.acting() as conn:
        given_up = select(InboxMessage.id).where(InboxMessage.mail_state == "failed").limit(ROUND)
        release(conn, conn.execute(given_up).scalars().all())
    deliver_mail(run.database, run.config, run.now, stopped=run.stopped)


def _all_gone(session: Session, _run: Run, _ref: int) -> bool:
    return session.scalar(select(InboxMessage.id).where(InboxMessage.mail_state == "failed").limit(1)) is None


def _lay_down(conn: Connection, _run: Run, _ref: int) -> None:
    """They stay in the visible outbox; their readers have them in the inbox."""
    conn.execute(update(InboxMessage).where(InboxMessage.mail_state == "failed").values(mail_state="held"))


MEND = Mend(_again, _all_gone, _lay_down)
"""How letters that were given up are settled."""
