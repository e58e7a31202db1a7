"""The district with what the processes need: personal tokens, tasks to fight over, and deadlines long due."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, extract, func, select

from definitions import CATALOGUE
from tests.district import EACH, VILLAGE
from workflow import staff, verify
from workflow.actors import SYSTEM_ACTOR
from workflow.acts import open_case
from workflow.clock import SystemClock
from workflow.db import Database
from workflow.entropy import SystemEntropy
from workflow.models import (
    CalendarDay,
    CalendarYear,
    Case,
    Deadline,
    Document,
    Household,
    IdempotencyKey,
    InboxMessage,
    JournalEntry,
    OutboxMessage,
    Task,
    Tick,
)
from workflow.office import Office
from workflow.roles import INVESTIGATOR, TOWN_REVIEWER, VERIFIER, WINDOW

AGES_AGO = timedelta(days=60)
"""Before today: long enough for every rung of a limit of working days to have come due since."""
RUNGS = ("remind", "overdue", "head")
FOUGHT_OVER = 3


@dataclass
class Scene:
    """The database from outside: furnished at the start, looked into while processes run on it, checked at the end."""

    url: str
    database: Database
    tokens: dict[str, str]
    office: Office
    late: list[int] = field(default_factory=list)
    free: list[int] = field(default_factory=list)

    @classmethod
    def furnish(cls, url: str, *, late: int, published: bool = True) -> "Scene":
        """Tokens for the staff, and so many cases each with one deadline of which all rungs are due.

        Where the holidays of the years in which these fall are not `published` their limits are provisional.
        """
        office, now = Office(CATALOGUE, SystemEntropy()), SystemClock().now()
        scene = cls(url, Database(url), {}, office)
        years = () if published else {now.year, (now - AGES_AGO).year}
        with scene.database.acting() as conn:
            conn.execute(delete(CalendarYear).where(CalendarYear.year.in_(years)))
            conn.execute(delete(CalendarDay).where(extract("year", CalendarDay.day).in_(years)))
        with scene.database.reading() as session:
            office.refresh(session)
        scene.more_late(late)
        with scene.database.acting() as conn:
            session = office.session(conn)
            for role in (WINDOW, VERIFIER, INVESTIGATOR, TOWN_REVIEWER):
                for number in range(1, EACH + 1):
                    login = f"{role.code}{number}"
                    user = staff.find_user(session, login)
                    scene.tokens[login] = staff.issue_token(session, user, office.entropy, now)
            household = Household(area_code=VILLAGE, setting="rural", address="和平路", created_at=now)
            session.add(household)
            session.flush()
            subject = ("household", household.id)
            for _ in range(FOUGHT_OVER):
                case = open_case(
                    office, conn, "dibao", subject=subject, area_code=VILLAGE, actor=SYSTEM_ACTOR, now=now
                )
                scene.free += conn.scalars(select(Task.id).where(Task.case_id == case.id))
        return scene

    def more_late(self, count: int) -> None:
        """So many more cases of a family each with one deadline of which all rungs are due."""
        opened, now = [], SystemClock().now()
        with self.database.acting() as conn:
            session = self.office.session(conn)
            household = Household(area_code=VILLAGE, setting="rural", address="幸福路", created_at=now)
            session.add(household)
            session.flush()
            for _ in range(count):
                case = open_case(
                    self.office, conn, "verification", subject=("household", household.id), area_code=VILLAGE,
                    actor=SYSTEM_ACTOR, now=now - AGES_AGO,
                )  # fmt: skip
                opened.append(case.id)
        self.late += opened

    def count(self, table: type, *where: object) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table).where(*where)) or 0

    def due(self) -> int:
        """Deadlines of which a rung is due and has not taken effect."""
        return self.count(Deadline, Deadline.next_at <= SystemClock().now())

    def rungs(self) -> int:
        """Effects of deadlines so far."""
        return self.count(JournalEntry, JournalEntry.action.in_(RUNGS))

    def undelivered(self) -> int:
        """Messages that nobody has in his inbox yet."""
        return self.count(OutboxMessage, OutboxMessage.state == "waiting")

    # What must hold

    def acts_not_once(self, acts: list[tuple[str, int, str]]) -> list[str]:
        """Acknowledged acts (number, version, action) that stand in the journal not at all or twice, and acts there that nobody asked for."""
        wanted = select(Case.number, JournalEntry.version, JournalEntry.action).join(
            Case, Case.id == JournalEntry.case_id
        )
        with self.database.reading() as session:
            rows = session.execute(
                wanted.where(JournalEntry.actor_id.is_not(None), JournalEntry.origin == "")
            )
            journal = Counter((row.number, row.version, row.action) for row in rows)
        asked = Counter(acts)
        return [
            f"acknowledged {asked[act]}, in the journal {journal[act]}: {act}"
            for act in asked | journal
            if asked[act] != journal[act]
        ]

    def keys_not_once(self, keys: dict[str, int]) -> list[str]:
        """Keys that were acknowledged with a status and are not kept with that answer, and keys kept with another."""
        with self.database.reading() as session:
            kept = dict(session.execute(select(IdempotencyKey.key, IdempotencyKey.status)).all())
        return [
            f"{key}: acknowledged {keys.get(key)}, kept {kept.get(key)}"
            for key in keys | kept
            if keys.get(key) != kept.get(key)
        ]

    def things_not_once(self, households: list[int], documents: list[int]) -> list[str]:
        """Households and papers, acknowledged by their ids."""
        with self.database.reading() as session:
            kept = {
                "households": sorted(
                    session.scalars(select(Household.id).where(Household.address.startswith("key ")))
                ),
                "documents": sorted(session.scalars(select(Document.id))),
            }
        asked = {"households": sorted(households), "documents": sorted(documents)}
        return [
            f"{name}: {len(asked[name])} acknowledged, {len(kept[name])} there"
            for name in kept
            if asked[name] != kept[name]
        ]

    def effects_not_once(self) -> list[str]:
        """Late cases whose rungs did not each take effect once: in the journal, in the outbox, as one escalation."""
        wanted = Counter(RUNGS)
        entries, messages, escalations = {}, {}, Counter[int]()
        with self.database.reading() as session:
            for case, action in session.execute(
                select(JournalEntry.case_id, JournalEntry.action).where(JournalEntry.action.in_(RUNGS))
            ):
                entries.setdefault(case, Counter())[action] += 1
            for case, topic in session.execute(
                select(OutboxMessage.case_id, OutboxMessage.topic).where(OutboxMessage.topic.in_(RUNGS))
            ):
                messages.setdefault(case, Counter())[topic] += 1
            escalations.update(session.scalars(select(Case.parent_id).where(Case.definition == "escalation")))
        return [
            f"case {case}: journal {entries.get(case)}, outbox {messages.get(case)}, {escalations[case]} escalations"
            for case in self.late
            if (entries.get(case), messages.get(case), escalations[case]) != (wanted, wanted, 1)
        ]

    def doubled_messages(self) -> list[str]:
        """Messages that are twice with the same person."""
        pair = (InboxMessage.outbox_id, InboxMessage.user_id)
        with self.database.reading() as session:
            return [
                str(row) for row in session.execute(select(*pair).group_by(*pair).having(func.count() > 1))
            ]

    def broken(self) -> dict[str, list[str]]:
        """The invariants that do not hold, and the sweeps that met an error other than a busy database."""
        with self.database.reading() as session:
            found = verify.invariants(session.connection(), CATALOGUE)
            ticks = session.scalars(select(Tick).where(Tick.failed > 0, ~Tick.error.startswith("Busy")))
            failed = [f"{tick.name}: {tick.error}" for tick in ticks]
        return {name: rows for name, rows in (found | {"sweeps": failed}).items() if rows}
