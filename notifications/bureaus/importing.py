"""Answers that come in batch files: a file is used as a whole or not at all where it is damaged; in a whole one each
answer is taken or refused with all its rows, and every refused row is listed.

A file is known by its content. One that was begun by a process that died is read again: answers it had stored already
are known for what they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from definitions.verification.absorbing import absorb_all
from notifications.bureaus import circuit
from notifications.bureaus.asking import moment
from notifications.bureaus.exporting import last_number
from notifications.bureaus.folders import DONE, IN, MANIFEST, REFUSED, folder_of, write_whole
from notifications.bureaus.sheets import (
    KEY,
    FileRefused,
    Manifest,
    Told,
    check_own,
    read_answers,
    read_manifest,
)
from workflow.imports.tables import MOST_BYTES, Fault, csv_bytes
from workflow.models import BureauFile, Query, VerificationSource
from workflow.periods import local_date
from workflow.running.job import Run
from workflow.verification.answers import Reply
from workflow.verification.queries import give_up, try_again

CHUNK = 200
"""Answers a transaction."""
MOST_FAULTS = 500
"""So many are kept in the database; all stand in the file beside."""
BAD = "文件里的答复有误，没有收下"
_TAKEN = ("stored", "doubled", "late")


@dataclass
class Imported:
    """How a file fared: `rows` came in, each was stored or refused. `known`: the same content was taken before."""

    name: str
    rows: int = 0
    stored: int = 0
    faults: Sequence[Fault] = field(default_factory=tuple)
    whole: bool = True
    known: bool = False

    @property
    def refused(self) -> int:
        """Rows that were not taken."""
        return self.rows - self.stored


def import_batches(run: Run, source: VerificationSource) -> Iterator[Imported]:
    """Read every finished file that has come in, the oldest name first."""
    for path in sorted(folder_of(run.config, source, IN).glob(f"*{MANIFEST}")):
        if run.stopped():
            return
        if (found := import_batch(run, source, path)) is not None:
            yield found


def import_batch(run: Run, source: VerificationSource, path: Path) -> Imported | None:
    """Read one file by its manifest and put both away; None where another process has done so this moment."""
    name, raw = path.name.removesuffix(MANIFEST), b""
    try:
        manifest = read_manifest(_bytes(path))
        check_own(manifest, name, source.code)
        raw = _bytes(path.with_name(name))
        outcome = _take(run, source, manifest, raw)
    except FileNotFoundError:
        if not path.exists():
            return None
        outcome = Imported(name, faults=[Fault(1, "", "", f"有清单而没有文件 {name}")], whole=False)
    except IntegrityError:
        return None
    except FileRefused as error:
        outcome = Imported(name, faults=error.faults, whole=False)
        _note(run, source, hashlib.sha256(raw).hexdigest(), outcome)
    _put_away(run, source, path, outcome)
    return outcome


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise FileRefused(Fault(1, "", "", f"{path.name} 超过 {MOST_BYTES // 1_000_000} MB，请分成几个文件"))
    return raw


def _take(run: Run, source: VerificationSource, manifest: Manifest, raw: bytes) -> Imported:
    """Store the answers of a whole file. Raises FileRefused."""
    sha256 = hashlib.sha256(raw).hexdigest()
    with run.database.reading() as session:
        before = session.scalar(
            select(BureauFile).where(
                BureauFile.source == source.code, BureauFile.direction == "in", BureauFile.sha256 == sha256,
                BureauFile.state == "taken",
            )
        )  # fmt: skip
        if before is not None:
            return Imported(manifest.name, before.rows, before.stored, known=True)
    told = read_answers(manifest, raw)
    _note(run, source, sha256, Imported(manifest.name, told.rows), state="reading")
    for start in range(0, len(told.replies), CHUNK):
        _store(run, source, told, told.replies[start : start + CHUNK])
    _ask_again(run, source, [key for key in told.lines if key in told.bad])
    told.faults.sort(key=lambda fault: fault.line)
    outcome = Imported(manifest.name, told.rows, told.rows - told.refused, told.faults)
    _note(run, source, sha256, outcome)
    return outcome


def _store(run: Run, source: VerificationSource, told: Told, replies: Sequence[tuple[str, Reply]]) -> None:
    """One transaction of answers; those not taken are refused with all their rows."""
    now = moment(run)
    with run.database.acting() as conn:
        session = run.office.session(conn)
        ours = set(own_keys(session, source.code, [key for key, _ in replies]))
        taken = absorb_all(run.office, conn, [one for one in replies if one[0] in ours], now)
        why = {key: f"不是向{source.title}发出的查询" for key, _ in replies if key not in ours}
        for (key, _), one in zip([one for one in replies if one[0] in ours], taken, strict=True):
            if one.status not in _TAKEN:
                why[key] = one.why or "没有收下"
    for key, reason in why.items():
        rows = told.lines[key]
        told.refuse(rows, *(row.fault(KEY, reason) for row in rows))


def _ask_again(run: Run, source: VerificationSource, keys: Sequence[str]) -> None:
    """What is still open after an answer that could not be taken goes into the next file, or to the verifier."""
    for start in range(0, len(keys), CHUNK):
        with run.database.acting() as conn:
            session = run.office.session(conn)
            wanted = select(Query).where(
                Query.source == source.code, Query.state == "sent", Query.key.in_(keys[start : start + CHUNK])
            )
            for query in session.scalars(wanted.with_for_update()).all():
                if query.attempts <= len(source.retry_seconds):
                    try_again(session, query, moment(run), at=moment(run), why=BAD)
                else:
                    give_up(session, query, moment(run), why=BAD)


def own_keys(session: Session, source: str, keys: Sequence[str]) -> Sequence[str]:
    """Which of these questions were put to this source."""
    return session.scalars(select(Query.key).where(Query.source == source, Query.key.in_(keys))).all()


def _note(run: Run, source: VerificationSource, sha256: str, outcome: Imported, *, state: str = "") -> None:
    """Write down what became of a file, under its content."""
    now = moment(run)
    with run.database.acting() as conn:
        session = run.office.session(conn)
        row = session.scalar(
            select(BureauFile).where(
                BureauFile.source == source.code, BureauFile.direction == "in", BureauFile.sha256 == sha256
            )
        )
        if row is None:
            day = local_date(now)
            number = last_number(conn, source.code, "in", day) + 1
            row = BureauFile(
                source=source.code, direction="in", sha256=sha256, day=day, number=number, at=now
            )
            session.add(row)
        row.name, row.state = outcome.name, state or ("taken" if outcome.whole else "refused")
        row.rows, row.stored, row.refused = outcome.rows, outcome.stored, outcome.refused
        row.faults = [fault.as_json() for fault in outcome.faults[:MOST_FAULTS]]
        if state == "" and outcome.whole:
            circuit.succeeded(conn, source.code, now)
        session.flush()


def _put_away(run: Run, source: VerificationSource, path: Path, outcome: Imported) -> None:
    """The manifest goes first: without it nobody takes the file for one to be read. What was taken is kept sealed in the
    database and erased here; what was refused stays for the bureau to look at.
    """
    folder = folder_of(run.config, source, IN, DONE if outcome.whole else REFUSED)
    mark = moment(run).strftime("%Y%m%dT%H%M%S")
    if outcome.faults:
        rows = [(fault.line, fault.column, fault.value, fault.reason) for fault in outcome.faults]
        write_whole(
            folder / f"{mark}-{outcome.name}.faults.csv", csv_bytes([("行", "栏目", "原值", "原因"), *rows])
        )
    with suppress(FileNotFoundError):
        path.replace(folder / f"{mark}-{path.name}")
        content = path.with_name(outcome.name)
        if outcome.whole:
            content.unlink()
        else:
            content.replace(folder / f"{mark}-{content.name}")
