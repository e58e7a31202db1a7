"""委托代理 and leave: who stands in for whom, from a day to a day. What a stand-in then may do is read in `lending`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select
from sqlalchemy.orm import Session

from workflow.actors import Actor
from workflow.areas import covers
from workflow.desk.lending import LONGEST_CHAIN, NOT_LENT, posts_of
from workflow.errors import FormRefused, NotFound, NotPermitted, Unmet
from workflow.models import Leave, OutboxMessage, RoleAssignment, Substitution, User
from workflow.office import Office
from workflow.periods import local_date
from workflow.roles import ADMINISTRATOR, HEAD, ROLES, SUPERVISOR

RULES: tuple[str, ...] = (
    "委托有起止日期，到日自动终止，也可以随时终止，终止后立即失效。",
    "可以委托全部岗位和事项，也可以只委托一个岗位或一类办件；系统管理员和审计岗位不能委托。",
    "委托由本人、管辖其岗位的督办或部门负责人、系统管理员设定；不能给自己设定代理别人。",
    "同一人在同一时间，同一岗位和事项只能有一个代理人。",
    f"代理人不在岗时可以再委托，连续委托不超过 {LONGEST_CHAIN} 层，不能绕回本人。",
    "代理人可以办理委托人已签收的待办、新到的待办和岗位待领的待办；委托人本人仍可办理。",
    "回避和经办分离对委托人和代理人都要核对，经手记录记在两人名下。",
    "日志写明“某某 代 某某（委托第几号）”。",
    "委托终止后，没有办完的待办留在委托人名下。",
)
"""The governing rules, printed on the pages."""
SHORTEST_REASON = 2
LENDERS = (SUPERVISOR, HEAD)


def may_arrange(session: Session, actor: Actor, user_id: int, today: date) -> bool:
    """Whether he may set a stand-in or leave for this person: himself, who supervises one of his posts, administrators."""
    if actor.id == user_id or any(role == ADMINISTRATOR.code for role, _ in actor.grants):
        return True
    led = [scope for role, scope in actor.grants if role in {one.code for one in LENDERS}]
    return any(covers(scope, post.area_code) for post in posts_of(session, user_id, today) for scope in led)


def substitute(
    office: Office,
    conn: Connection,
    *,
    principal: int,
    stand_in: int,
    from_date: date,
    to_date: date,
    role: str = "",
    definition: str = "",
    reason: str,
    actor: Actor,
    now: datetime,
) -> Substitution:
    """Let somebody stand in for somebody else. The stand-in is told once. Raises FormRefused by field, NotPermitted."""
    if conn.dialect.name != "sqlite":
        conn.exec_driver_sql("LOCK TABLE substitution IN SHARE ROW EXCLUSIVE MODE")
    session, today = office.session(conn), local_date(now)
    people = {
        user.id: user for user in session.scalars(select(User).where(User.id.in_((principal, stand_in))))
    }
    if principal not in people:
        raise NotFound("没有这个委托人。")
    if not may_arrange(session, actor, principal, today):
        raise NotPermitted("委托由本人、管辖其岗位的督办或部门负责人、系统管理员设定。")
    if actor.id == stand_in and actor.id != principal:
        raise NotPermitted("不能给自己设定代理别人，请由委托人本人或其他负责人设定。")
    errors = _wrong(people, principal, stand_in, from_date, to_date, today, reason)
    if (role and role not in ROLES) or role in NOT_LENT:
        errors["role"] = "这个岗位不能委托"
    if definition and definition not in office.catalogue.codes:
        errors["definition"] = "没有这类办件"
    posts = {post.role for post in posts_of(session, principal, max(from_date, today))} - NOT_LENT
    if "role" not in errors and not posts & ({role} if role else posts):
        errors["role"] = f"{people[principal].name}没有可以委托的岗位" if not role else "委托人没有这个岗位"
    if errors:
        raise FormRefused(errors)
    _check_graph(session, principal, stand_in, from_date, to_date, role, definition)
    row = Substitution(
        principal_id=principal, stand_in_id=stand_in, from_date=from_date, to_date=to_date, role=role,
        definition=definition, reason=reason.strip(), made_by=actor.id, made_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _tell(conn, row, people[principal].name, now)
    return row


def revoke(
    office: Office, conn: Connection, substitution_id: int, *, reason: str, actor: Actor, now: datetime
) -> Substitution:
    """End a substitution at once. Its stand-in may give up, too. Raises NotFound, NotPermitted, Unmet."""
    session = office.session(conn)
    row = session.get(Substitution, substitution_id, with_for_update=True)
    if row is None:
        raise NotFound
    if actor.id != row.stand_in_id and not may_arrange(session, actor, row.principal_id, local_date(now)):
        raise NotPermitted("委托由本人、代理人、管辖其岗位的督办或部门负责人、系统管理员终止。")
    if row.revoked_at is not None or row.to_date < local_date(now):
        raise Unmet("这项委托已经终止。")
    row.revoked_at, row.revoked_by, row.revoked_why = now, actor.id, reason.strip()
    session.flush()
    return row


def take_leave(
    office: Office,
    conn: Connection,
    *,
    user: int,
    from_date: date,
    to_date: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Leave:
    """Enter leave: policies assign nothing to him then. Raises FormRefused, NotPermitted, NotFound."""
    session, today = office.session(conn), local_date(now)
    if session.get(User, user) is None:
        raise NotFound
    if not may_arrange(session, actor, user, today):
        raise NotPermitted("请假由本人、管辖其岗位的督办或部门负责人、系统管理员登记。")
    if to_date < from_date or to_date < today:
        raise FormRefused({"to_date": "截止日期不能早于开始日期和今天"})
    row = Leave(
        user_id=user,
        from_date=from_date,
        to_date=to_date,
        reason=reason.strip()[:200],
        made_by=actor.id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row


def cancel_leave(office: Office, conn: Connection, leave_id: int, *, actor: Actor, now: datetime) -> None:
    """Back sooner, or not away at all. Raises NotFound, NotPermitted."""
    session = office.session(conn)
    row = session.get(Leave, leave_id)
    if row is None:
        raise NotFound
    if not may_arrange(session, actor, row.user_id, local_date(now)):
        raise NotPermitted("请假由本人、管辖其岗位的督办或部门负责人、系统管理员登记。")
    row.cancelled_at = row.cancelled_at or now
    session.flush()


def substitutions(
    session: Session, today: date, *, of: int | None = None, ended: bool = False
) -> Sequence[Any]:
    """Rows (substitution, principal, stand-in): those in force or to come, or the latest that ended; `of` one person."""
    over = or_(Substitution.to_date < today, Substitution.revoked_at.is_not(None))
    principal, stand_in = _name(Substitution.principal_id), _name(Substitution.stand_in_id)
    wanted = select(Substitution, principal.label("principal"), stand_in.label("stand_in"))
    wanted = wanted.where(over if ended else ~over)
    if of is not None:
        wanted = wanted.where((Substitution.principal_id == of) | (Substitution.stand_in_id == of))
    order = Substitution.id.desc() if ended else Substitution.from_date
    return session.execute(wanted.order_by(order).limit(200)).all()


def leaves(session: Session, today: date, *, of: int | None = None) -> Sequence[Any]:
    """Rows (leave, name) that are not over, the next first."""
    wanted = (
        select(Leave, User.name)
        .join(User, User.id == Leave.user_id)
        .where(Leave.to_date >= today, Leave.cancelled_at.is_(None))
    )
    if of is not None:
        wanted = wanted.where(Leave.user_id == of)
    return session.execute(wanted.order_by(Leave.from_date, Leave.id).limit(200)).all()


def arrangeable(session: Session, actor: Actor, today: date) -> list[User]:
    """The people he may set a stand-in or leave for, himself first."""
    active = select(User).where(User.disabled_at.is_(None)).order_by(User.id)
    everything = any(role == ADMINISTRATOR.code for role, _ in actor.grants)
    led = [scope for role, scope in actor.grants if role in {one.code for one in LENDERS}]
    if not everything:
        codes = select(RoleAssignment.user_id, RoleAssignment.area_code)
        theirs = {
            row.user_id
            for row in (session.execute(codes) if led else ())
            if any(covers(scope, row.area_code) for scope in led)
        }
        active = active.where(User.id.in_({*theirs, actor.id}))
    return sorted(session.scalars(active), key=lambda user: user.id != actor.id)


def _wrong(
    people: dict[int, User],
    principal: int,
    stand_in: int,
    from_date: date,
    to_date: date,
    today: date,
    reason: str,
) -> dict[str, str]:
    errors = {}
    if stand_in == principal:
        errors["stand_in"] = "不能委托给自己"
    elif stand_in not in people or people[stand_in].disabled_at is not None:
        errors["stand_in"] = "请选一位在用的人员"
    if from_date < today:
        errors["from_date"] = "开始日期不能早于今天"
    if to_date < from_date:
        errors["to_date"] = "截止日期不能早于开始日期"
    if len(reason.strip()) < SHORTEST_REASON:
        errors["reason"] = "请写明委托的理由"
    return errors


def _check_graph(
    session: Session, principal: int, stand_in: int, first: date, last: date, role: str, definition: str
) -> None:
    """Raise Unmet for two stand-ins for one thing, a circle, or too long a chain on some day."""
    rows = session.scalars(
        select(Substitution).where(
            Substitution.revoked_at.is_(None), Substitution.from_date <= last, Substitution.to_date >= first
        )
    ).all()
    for row in rows:
        same = (not role or not row.role or role == row.role) and (
            not definition or not row.definition or definition == row.definition
        )
        if row.principal_id == principal and same:
            raise Unmet(
                f"这段时间已有委托第 {row.id} 号（{row.from_date} 至 {row.to_date}），同一岗位和事项不能重复委托。"
            )
    after, before = _steps(rows, stand_in, forward=True), _steps(rows, principal, forward=False)
    if principal in after:
        raise Unmet("这样会绕成一圈：代理人在这段时间直接或间接由委托人代理。")
    if max(before.values()) + 1 + max(after.values()) > LONGEST_CHAIN:
        raise Unmet(f"连续委托不能超过 {LONGEST_CHAIN} 层，请另选一位代理人。")


def _steps(rows: Sequence[Substitution], start: int, *, forward: bool) -> dict[int, int]:
    """Everybody reached along substitutions that share a day, and in how many steps at most."""
    found = {start: 0}
    front: list[tuple[int, date | None, date | None, int]] = [(start, None, None, 0)]
    while front:
        at, first, last, steps = front.pop()
        for row in rows:
            here, there = (
                (row.principal_id, row.stand_in_id) if forward else (row.stand_in_id, row.principal_id)
            )
            begin, end = max(first or row.from_date, row.from_date), min(last or row.to_date, row.to_date)
            if here != at or begin > end or steps > LONGEST_CHAIN:
                continue
            found[there] = max(found.get(there, 0), steps + 1)
            front.append((there, begin, end, steps + 1))
    return found


def _tell(conn: Connection, row: Substitution, principal: str, now: datetime) -> None:
    facts = {
        "principal": principal, "no": row.id, "from_day": row.from_date.isoformat(), "to_day": row.to_date.isoformat(),
        "reason": row.reason,
    }  # fmt: skip
    conn.execute(
        insert(OutboxMessage).values(
            key=f"substitution:{row.id}", topic="stand_in", case_id=None, user_id=row.stand_in_id, role="", scope="",
            facts=facts, state="waiting", created_at=now,
        )
    )  # fmt: skip


def _name(column: Any) -> Any:
    return select(User.name).where(User.id == column).scalar_subquery()
