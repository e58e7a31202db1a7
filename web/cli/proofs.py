"""`export journal FILE`, `export case NUMBER FILE`, `journal checker`: what others verify without the service."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.cli.base import Answer, Tool
from web.cli.keeping import journal_group
from workflow.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from workflow.models import Case


def write_journal(tool: Tool, file: Path) -> Answer:
    """The whole journal as JSON lines, whole or not at all. Raises Refused."""
    from workflow.running.journal_export import journal_lines

    part, lines = file.with_name(f"{file.name}.part"), 0
    try:
        with tool.database.snapshot() as conn, part.open("w", encoding="utf-8") as stream:
            for line in journal_lines(conn, tool.now()):
                stream.write(line)
                lines += 1
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refused(f"写不进 {file}：{error.strerror}。") from None
    return Answer(
        {"file": str(file), "lines": lines, "bytes": file.stat().st_size},
        [f"已导出 {lines} 行到 {file}。", "用 jiuzhu journal checker 得到核对程序：python checker.py 文件。"],
    )


@journal_group.command("checker")
def checker() -> None:
    """打印独立的核对程序（一个文件，只用 Python 标准库）：jiuzhu journal checker > checker.py。"""
    from workflow import checker as program

    click.echo(Path(program.__file__).read_text(encoding="utf-8"), nl=False)


def write_case(tool: Tool, number: str, file: Path) -> Answer:
    """A case sealed in one zip with its letters. Raises Refused."""
    import hashlib

    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from web.cli.base import write_file
    from workflow.models import AccessLog, Case
    from workflow.running.bundle import seal

    edge = tool.edge
    with tool.database.reading() as session:
        case = session.scalar(select(Case).where(Case.number == number))
        if case is None:
            raise Refused(f"没有受理号为“{number}”的办件。")
        body = seal(session, edge.office.catalogue, case, tool.now(), _letters(tool, session, case))
        case_id = case.id
    write_file(file, body)
    seal_hash = hashlib.sha256(body).hexdigest()
    with tool.database.acting() as conn:
        writing = Session(conn)
        writing.add(
            AccessLog(at=tool.now(), user_id=None, what="case_sealed", case_id=case_id, reason=seal_hash)
        )
        writing.flush()
    return Answer(
        {"file": str(file), "number": number, "bytes": len(body), "sha256": seal_hash},
        [f"已封存 {number} 到 {file}（含个人信息，请妥善保管）。", f"SHA-256 {seal_hash}"],
    )


def _letters(tool: Tool, session: Session, case: Case) -> dict[str, tuple[str, bytes]]:
    """The case's letters as PDF, by kind; the posters of its publicity are on the board and not here."""
    from notifications.letters import render
    from web import create_app
    from web.notices.letters import letters_for, write_letter

    app = create_app(tool.config, tool.edge)
    with app.test_request_context(base_url=tool.config.public_url):
        papers = [paper for paper in letters_for(case, session) if paper.kind != "publicity"]
        return {
            paper.kind: (paper.title, render(write_letter(case, paper.kind, session), tool.config))
            for paper in papers
        }
