"""Questions that go out in a batch file: one a source and day, unless a person asks for another.

The file is filled in short transactions, closed, written to the folder and marked as written. Whoever comes after a kill
goes on from where it stands; a file written twice is the same file.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, select, update
from sqlalchemy.exc import IntegrityError

from notifications.bureaus.folders import MANIFEST, OUT, folder_of, write_whole
from notifications.bureaus.sheets import manifest_of, write_questions
from workflow.errors import Unmet
from workflow.imports.tables import MOST_ROWS
from workflow.models import BureauFile, BureauFileQuery, Query, VerificationSource
from workflow.periods import local_date
from workflow.running.job import Run
from workflow.verification.queries import due, mark_sent, wanted

CHUNK = 200
"""Questions a transaction."""


def export_batch(run: Run, source: VerificationSource, *, another: bool = False) -> BureauFile | None:
    """The file of today, written; None where there is nothing to ask or today's is out. `another`: one more today."""
    file_id = _begun(run, source) or _begin(run, source, another=another)
    if file_id is None:
        return None
    while _fill(run, source, file_id):
        pass
    return _write(run, source, file_id)


def _begun(run: Run, source: VerificationSource) -> int | None:
    """A file that was begun and not finished."""
    with run.database.reading() as session:
        return session.scalar(
            select(BureauFile.id)
            .where(
                BureauFile.source == source.code,
                BureauFile.direction == "out",
                BureauFile.state.in_(("claimed", "closed")),
            )
            .order_by(BureauFile.id)
            .limit(1)
        )


def _begin(run: Run, source: VerificationSource, *, another: bool) -> int | None:
    """A new file for today. None where there is no reason for one, or another process begins it this moment."""
    day = local_date(run.now)
    try:
        with run.database.acting() as conn:
            last = last_number(conn, source.code, "out", day)
            if (last and not another) or not due(
                run.office.session(conn), run.now, limit=1, sources=[source.code]
            ):
                return None
            row = BureauFile(
                source=source.code, direction="out", state="claimed", day=day, number=last + 1, at=run.now
            )
            session = run.office.session(conn)
            session.add(row)
            session.flush()
            return row.id
    except IntegrityError:
        return None


def last_number(conn: Connection, source: str, direction: str, day: date) -> int:
    """The number of the last file of a day, 0 where there is none."""
    found = select(func.max(BureauFile.number)).where(
        BureauFile.source == source, BureauFile.direction == direction, BureauFile.day == day
    )
    return int(conn.execute(found).scalar() or 0)


def _fill(run: Run, source: VerificationSource, file_id: int) -> bool:
    """Add questions that are due; whether there may be more. The last call closes the file."""
    with run.database.acting() as conn:
        session = run.office.session(conn)
        file = session.get_one(BureauFile, file_id, with_for_update=True)
        if file.state != "claimed":
            return False
        found = due(session, run.now, limit=min(CHUNK, MOST_ROWS - file.rows), sources=[source.code])
        for query in found:
            try:
                mark_sent(session, query, run.now)
            except Unmet:
                continue  # withdrawn this moment: it has ended as superseded
            session.add(BureauFileQuery(file_id=file_id, query_id=query.id))
            file.rows += 1
        if not found:
            file.state = "closed"
        session.flush()
        return bool(found)


def _write(run: Run, source: VerificationSource, file_id: int) -> BureauFile:
    folder = folder_of(run.config, source, OUT)
    with run.database.reading() as session:
        file = session.get_one(BureauFile, file_id)
        asked = session.scalars(
            select(Query)
            .join(BureauFileQuery, BureauFileQuery.query_id == Query.id)
            .where(BureauFileQuery.file_id == file_id)
            .order_by(Query.id)
        )
        content = write_questions([wanted(session, query) for query in asked], source.encoding)
        name = f"queries-{source.code}-{file.day:%Y%m%d}-{file.number}.csv"
        manifest = manifest_of(name, source.code, file.day, file.rows, content)
    write_whole(folder / name, content)
    write_whole(folder / (name + MANIFEST), manifest.text().encode())
    with run.database.acting() as conn:
        conn.execute(
            update(BureauFile)
            .where(BureauFile.id == file_id, BureauFile.state == "closed")
            .values(state="written", name=name, sha256=manifest.sha256)
        )
    with run.database.reading() as session:
        return session.get_one(BureauFile, file_id)
