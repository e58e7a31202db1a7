"""A case sealed in one zip: journal, forms, papers, letters, and a page to read them by. Readable without the service, and
verified without it by `workflow/checker.py`.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.catalogue import Blueprint, Catalogue
from workflow.checker import JOURNAL, MANIFEST
from workflow.models import Case, CaseForm, Document, DocumentContent, JournalEntry, moment_text
from workflow.periods import CHINA
from workflow.running.journal_export import journal_lines

FORMAT, VERSION = "jiuzhu-case", 1
_STYLE = (
    "body{font:15px/1.6 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #ccc;padding:.3em .5em;text-align:left;vertical-align:top}h2{margin-top:2em}"
)
_UNSAFE = re.compile(r"[^\w.\-]+")


def seal(
    session: Session,
    catalogue: Catalogue,
    case: Case,
    now: datetime,
    letters: Mapping[str, tuple[str, bytes]],
) -> bytes:
    """The zip of a case. `letters` gives the title and the PDF by name. The same rows and letters give the same files."""
    files: dict[str, bytes] = {JOURNAL: "".join(journal_lines(session.connection(), now, [case.id])).encode()}
    forms = {row.seq: row for row in session.scalars(select(CaseForm).where(CaseForm.case_id == case.id))}
    for seq, form in forms.items():
        files[f"forms/{seq:04d}.json"] = json.dumps(
            form.body, ensure_ascii=False, indent=1, sort_keys=True
        ).encode()
    papers = list(session.scalars(select(Document).where(Document.case_id == case.id).order_by(Document.id)))
    for paper in papers:
        files[name_of(paper)] = session.get_one(DocumentContent, paper.sha256).body
    for name, (_title, body) in letters.items():
        files[f"letters/{name}.pdf"] = body
    entries = list(
        session.scalars(
            select(JournalEntry).where(JournalEntry.case_id == case.id).order_by(JournalEntry.seq)
        )
    )
    page = "".join(_page(case, catalogue.of(case), catalogue, entries, forms, papers, letters))
    files["index.html"] = page.encode()
    manifest = {
        "format": FORMAT, "version": VERSION, "number": case.number, "sealed_at": moment_text(now), "journal_head": case.head_hash,
        "files": {name: hashlib.sha256(body).hexdigest() for name, body in sorted(files.items())},
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in sorted(files.items()):
            packed.writestr(name, body)
        packed.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return out.getvalue()


def name_of(paper: Document) -> str:
    """Where a paper lies in the zip: its number first, so that no two have one name."""
    return f"documents/{paper.id}-{_UNSAFE.sub('_', paper.name)}"


def _page(
    case: Case, blueprint: Blueprint, catalogue: Catalogue, entries: list[JournalEntry], forms: Mapping[int, CaseForm],
    papers: list[Document], letters: Mapping[str, tuple[str, bytes]],
) -> Iterator[str]:  # fmt: skip
    yield f'<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>{escape(case.number)}</title><style>{_STYLE}</style>'
    yield f"<h1>{escape(case.number)}　{escape(case.title)}</h1><table>"
    told = {
        "项目": blueprint.title, "规则版本": case.edition, "环节": blueprint.stages[case.stage].label, "开办": _when(case.opened_at),
        "办结": _when(case.closed_at) if case.closed_at else "在办", "区划": case.area_code, "日志": f"{case.seq} 条，末条哈希 {case.head_hash}",
    }  # fmt: skip
    yield from (f"<tr><th>{name}</th><td>{escape(value)}</td></tr>" for name, value in told.items())
    yield "</table><h2>文书</h2><ul>"
    yield from (
        f'<li><a href="letters/{name}.pdf">{escape(title)}</a></li>'
        for name, (title, _body) in letters.items()
    )
    yield "</ul><h2>材料</h2><ul>"
    for paper in papers:
        yield f'<li><a href="{escape(name_of(paper))}">{escape(paper.name)}</a>（{_when(paper.uploaded_at)}，SHA-256 {paper.sha256}）</li>'
    yield "</ul><h2>办理日志</h2><table><tr><th>序号</th><th>时间</th><th>办理人</th><th>内容</th><th>理由和填报内容</th></tr>"
    for entry in entries:
        form = forms.get(entry.seq)
        filled = _form(catalogue, case, entry, form.body) if form else ""
        yield (
            f'<tr id="e{entry.seq}"><td>{entry.seq}</td><td>{_when(entry.at)}</td><td>{escape(entry.actor_name)}</td>'
            f"<td>{escape(entry.says)}{_cited(entry)}</td><td>{escape(entry.reason)}{filled}</td></tr>"
        )
    yield "</table><p>核对：python checker.py 本文件（zip）。</p></html>\n"


def _cited(entry: JournalEntry) -> str:
    return f"<br><small>{escape(entry.source)}</small>" if entry.source else ""


def _form(catalogue: Catalogue, case: Case, entry: JournalEntry, body: Mapping[str, Any]) -> str:
    """The answers under their labels; a field the definition no longer names under its own name."""
    word = catalogue.get(case.definition, entry.edition).actions.get(entry.action)
    labels = {name: field.label for name, field in word.form.fields().items()} if word else {}
    shown = (
        (labels.get(name, name), value)
        for name, value in body.items()
        if name != "reason" and value not in (None, "", [])
    )
    return (
        "<ul>"
        + "".join(f"<li>{escape(label)}：{escape(_text(value))}</li>" for label, value in shown)
        + "</ul>"
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _when(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
