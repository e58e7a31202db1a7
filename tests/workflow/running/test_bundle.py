"""A case sealed in one file: readable and verified without the service."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from tests.district import District
from workflow import checker
from workflow.models import Case, CaseForm, Document
from workflow.running.bundle import seal


@pytest.fixture
def sealed(quick: District, tmp_path: Path) -> Path:
    case = quick.on_benefit()
    path = tmp_path / "case.zip"
    with quick.database.reading() as session:
        path.write_bytes(
            seal(
                session,
                quick.office.catalogue,
                session.get_one(Case, case),
                quick.now,
                {"approval": ("批准决定", b"%PDF-1.7")},
            )
        )
    return path


def changed(path: Path, name: str, body: bytes | None) -> list[str]:
    """The problems after one file of the zip was changed, removed (None) or added."""
    with zipfile.ZipFile(path) as packed:
        files = {one: packed.read(one) for one in packed.namelist()}
    files.pop(name, None)
    with zipfile.ZipFile(path, "w") as packed:
        for one, content in (files | ({name: body} if body is not None else {})).items():
            packed.writestr(one, content)
    return checker.check(path)[1]


def test_a_sealed_case_is_whole_and_holds_all_of_it(sealed: Path, quick: District) -> None:
    walk, problems = checker.check(sealed)
    assert problems == []
    (case,) = (row for row in quick.rows(Case) if row.definition == "dibao")
    assert (walk.cases, walk.entries) == (1, case.seq)
    with zipfile.ZipFile(sealed) as packed:
        names = set(packed.namelist())
        page = packed.read("index.html").decode()
    assert len([one for one in names if one.startswith("forms/")]) == len(quick.rows(CaseForm, case.id))
    assert len([one for one in names if one.startswith("documents/")]) == len(quick.rows(Document, case.id))
    assert "letters/approval.pdf" in names
    for entry in quick.journal(case.id):
        assert entry.says in page
    assert case.number in page
    assert "批准决定" in page


def test_each_changed_removed_or_added_file_is_named(sealed: Path) -> None:
    body = sealed.read_bytes()
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        names = [one for one in packed.namelist() if one != "manifest.json"]
    for name in names:
        sealed.write_bytes(body)
        assert any(
            name in one
            for one in changed(sealed, name, b'{"kind":"journal","format":"jiuzhu-journal","version":1}')
        ), name
    for name in (one for one in names if one != "journal.jsonl"):
        sealed.write_bytes(body)
        assert changed(sealed, name, None) == [f"{name}：缺失"]
    sealed.write_bytes(body)
    assert changed(sealed, "more.txt", b"x") == ["more.txt：与清单的哈希不符"]


def test_a_form_that_was_changed_with_its_manifest_contradicts_the_journal(sealed: Path) -> None:
    import hashlib

    with zipfile.ZipFile(sealed) as packed:
        name = next(one for one in packed.namelist() if one.startswith("forms/"))
        form, manifest = json.loads(packed.read(name)), json.loads(packed.read("manifest.json"))
    forged = json.dumps(form | {"forged": True}).encode()
    manifest["files"][name] = hashlib.sha256(forged).hexdigest()
    changed(sealed, name, forged)
    assert any(
        "表单内容与摘要不符" in one for one in changed(sealed, "manifest.json", json.dumps(manifest).encode())
    )
