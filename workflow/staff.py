"""Members of staff: accounts, passwords, one-time links, personal tokens for the API, dated roles.

Passwords are kept as argon2id hashes, tokens and links as SHA-256 of a random secret: neither can be read back.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from workflow import passwords
from workflow.actors import grant
from workflow.areas import level_of
from workflow.entropy import Entropy
from workflow.errors import FormRefused, NotFound, Refused
from workflow.models import ApiToken, Area, RoleAssignment, User, WebSession
from workflow.roles import LIAISON, ROLES

LINK_LASTS = timedelta(hours=24)
TOKEN_PREFIX = "jz_"  # noqa: S105 - the visible beginning, by which a leaked token is recognised
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
_LEVELS = {"village": "村（社区）", "town": "乡镇（街道）", "county": "县（市、区）", "department": "部门"}


def create_user(
    session: Session,
    *,
    login: str,
    name: str,
    now: datetime,
    email: str = "",
    phone: str = "",
    password: str = "",
) -> User:
    """A new account; without a password it can be used through a one-time link or a token only. Raises FormRefused."""
    login, name = login.strip().lower(), name.strip()
    if not _LOGIN.fullmatch(login):
        raise FormRefused({"login": "登录名用小写字母、数字和 . _ -，2 至 60 个字符，以字母或数字开头"})
    if not name:
        raise FormRefused({"name": "请填写姓名"})
    if session.scalar(select(User.id).where(User.login == login)) is not None:
        raise FormRefused({"login": f"登录名 {login} 已有人使用，请换一个"})
    user = User(login=login, name=name, email=email.strip(), phone=phone.strip(), created_at=now)
    session.add(user)
    if password:
        set_password(session, user, password)
    session.flush()
    return user


def find_user(session: Session, login: str) -> User:
    """The account of this login. Raises NotFound."""
    user = session.scalar(select(User).where(User.login == login.strip().lower()))
    if user is None:
        raise NotFound(f"没有登录名为 {login} 的人员，可用 jiuzhu user list 查看。")
    return user


def set_password(session: Session, user: User, password: str) -> None:
    """Set the password; open links and signed-in browsers of the account end. Raises FormRefused."""
    passwords.check_new_password(password, user.login, user.name)
    user.password_hash = passwords.hash_password(password)
    user.reset_hash, user.reset_until = "", None
    _end_sessions(session, user)


def disable(session: Session, user: User, now: datetime) -> None:
    """Close the account at once: browsers, tokens and links end; what he did stays under his name."""
    user.disabled_at = user.disabled_at or now
    user.reset_hash, user.reset_until = "", None
    session.execute(
        update(ApiToken)
        .where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    _end_sessions(session, user)


def start_reset(session: Session, user: User, entropy: Entropy, now: datetime) -> str:
    """The secret of a link by which its holder sets a new password, once, within 24 hours. The old password ends."""
    _check_enabled(user)
    secret = entropy.token()
    user.password_hash = ""
    user.reset_hash, user.reset_until = _digest(secret), now + LINK_LASTS
    _end_sessions(session, user)
    return secret


def reset_user(session: Session, secret: str, now: datetime) -> User:
    """Whose link it is. Raises NotFound for one that was used, replaced or is too old."""
    user = session.scalar(select(User).where(User.reset_hash == _digest(secret)))
    if user is None or user.disabled_at is not None or user.reset_until is None or now > user.reset_until:
        raise NotFound("这个链接已经用过或过期，请让管理员重新发一个。")
    return user


def finish_reset(session: Session, secret: str, password: str, now: datetime) -> User:
    """Set the password through the link, which then is used up. Raises NotFound, FormRefused."""
    user = reset_user(session, secret, now)
    set_password(session, user, password)
    return user


def issue_token(session: Session, user: User, entropy: Entropy, now: datetime, label: str = "") -> str:
    """A new personal token, shown this once. Raises Refused for a closed account."""
    _check_enabled(user)
    secret = TOKEN_PREFIX + entropy.token()
    session.add(ApiToken(user_id=user.id, token_hash=_digest(secret), label=label, created_at=now))
    session.flush()
    return secret


def find_by_token(session: Session, secret: str) -> User | None:
    """The enabled account of a token that is in force, or None."""
    return session.scalar(
        select(User)
        .join(ApiToken, ApiToken.user_id == User.id)
        .where(
            ApiToken.token_hash == _digest(secret), ApiToken.revoked_at.is_(None), User.disabled_at.is_(None)
        )
    )


def revoke_token(session: Session, user: User, token_id: int, now: datetime) -> None:
    """End one of the account's own tokens. Raises NotFound."""
    token = session.get(ApiToken, token_id)
    if token is None or token.user_id != user.id:
        raise NotFound
    token.revoked_at = token.revoked_at or now


def assign(
    session: Session, user: User, role: str, area_code: str, from_date: date, to_date: date | None = None
) -> RoleAssignment:
    """Give a role for an area from a day on. Raises Refused where the role is not held at such an area."""
    if role not in ROLES:
        raise Refused(f"没有“{role}”这个角色；现有：{'、'.join(ROLES)}。")
    if role == LIAISON.code:
        raise Refused("部门联络员一个部门一人、副职一人，请在“部门”页任命。")
    if session.get(Area, area_code) is None:
        raise Refused(f"没有代码为 {area_code} 的区划。")
    if level_of(area_code) not in ROLES[role].levels:
        levels = "或".join(_LEVELS[level] for level in ROLES[role].levels)
        raise Refused(f"{ROLES[role].title}（{role}）设在{levels}一级，{area_code} 不是。")
    if to_date is not None and to_date < from_date:
        raise Refused("任职的截止日期不能早于开始日期。")
    found = grant(session, user, ROLES[role], area_code, from_date)
    found.to_date = to_date
    session.flush()
    return found


def end_assignment(session: Session, assignment: RoleAssignment, last_day: date) -> None:
    """Let a role end with this day. Raises Refused for a day before it began."""
    if last_day < assignment.from_date:
        raise Refused("任职的截止日期不能早于开始日期。")
    assignment.to_date = last_day
    session.flush()


def _check_enabled(user: User) -> None:
    if user.disabled_at is not None:
        raise Refused(f"{user.login} 的账号已停用。")


def _end_sessions(session: Session, user: User) -> None:
    session.execute(delete(WebSession).where(WebSession.user_id == user.id))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
