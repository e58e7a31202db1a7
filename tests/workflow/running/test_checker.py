"""The stand-alone checker: it needs nothing of the service, and finds each change, and where it is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.district import District
from workflow import checker, journal
from workflow.running.journal_export import journal_lines

Rows = list[dict]


@pytest.fixture
def exported(quick: District, tmp_path: Path) -> Path:
    """Three cases over three days with a checkpoint each, and something after the last."""
    first = quick.application()
    for day, stage in enumerate(("submitted", "accepted", "investigating")):
        quick.bring(first, stage)
        quick.application()
        with quick.database.acting() as conn:
            assert journal.checkpoint(conn, quick.today)
        quick.days(1)
        assert day < 3
    quick.check(first)
    path = tmp_path / "journal.jsonl"
    with quick.database.snapshot() as conn:
        path.write_text("".join(journal_lines(conn, quick.now)), encoding="utf-8")
    return path


def rows(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def put(path: Path, found: Rows) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found), encoding="utf-8")
    return path


def problems(path: Path, **known: str) -> list[str]:
    return checker.check(path, known)[1]


def place(found: Rows, number: str, seq: int) -> int:
    return next(
        n
        for n, row in enumerate(found)
        if row["kind"] == "entry" and (row["number"], row["seq"]) == (number, seq)
    )


def first_case(found: Rows) -> str:
    return next(row["number"] for row in found if row["kind"] == "case")


def test_a_whole_export_is_whole_for_the_program_alone(exported: Path, tmp_path: Path) -> None:
    program = tmp_path / "checker.py"
    program.write_text(Path(checker.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(program), str(exported)],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert (ran.returncode, ran.stdout[:3]) == (0, "完整："), ran.stderr
    assert len(Path(checker.__file__).read_text(encoding="utf-8").splitlines()) <= 200
    assert checker.COVERED == journal.COVERED


@pytest.mark.parametrize("field, value", [
    ("says", "改了"), ("actor_name", "别人"), ("at", "2016-09-05T02:00:01Z"), ("to_stage", "decision"), ("reason", "另一个理由"),
    ("form_digest", "0" * 64), ("actor_id", 999), ("hash", "0" * 64), ("prev_hash", "0" * 64),
])  # fmt: skip
def test_each_field_that_is_changed_is_found_at_its_place(exported: Path, field: str, value: object) -> None:
    found = rows(exported)
    number = first_case(found)
    at = place(found, number, 3)
    found[at][field] = value
    first = problems(put(exported, found))[0]
    assert first.startswith(f"{number} 第 3 条")
    assert f"文件第 {at + 1} 行" in first


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_a_removed_entry_is_found(exported: Path, seq: int) -> None:
    found = rows(exported)
    number = first_case(found)
    del found[place(found, number, seq)]
    assert problems(put(exported, found))[0].startswith(f"{number} 第 {seq} 条：缺失")


def test_two_entries_in_the_wrong_order_are_found(exported: Path) -> None:
    found = rows(exported)
    number = first_case(found)
    at = place(found, number, 2)
    found[at], found[at + 1] = found[at + 1], found[at]
    assert problems(put(exported, found))[0].startswith(f"{number} 第 2 条：缺失或调换")


def test_a_cut_tail_is_found_even_where_the_rest_was_made_to_fit(exported: Path) -> None:
    found = rows(exported)
    assert any("被截断" in one for one in problems(put(exported, found[:-3])))
    number = first_case(found)
    head = next(row for row in found if row["kind"] == "case" and row["number"] == number)
    cut = place(found, number, 3)
    kept = [
        row for row in found if not (row["kind"] == "entry" and row["number"] == number and row["seq"] >= 3)
    ]
    head["seq"], head["head_hash"] = 2, found[cut]["prev_hash"]
    kept[-1]["entries"] -= len(found) - len(kept)
    assert any("检查点里有，日志里没有" in one for one in problems(put(exported, kept)))


def test_a_chain_that_was_forged_anew_contradicts_the_checkpoints_and_those_the_ones_noted(
    exported: Path,
) -> None:
    found = rows(exported)
    number, known = (
        first_case(found),
        {row["day"]: row["hash"] for row in found if row["kind"] == "checkpoint"},
    )
    assert problems(exported, **known) == []
    previous, forged = "", {}
    for row in found:
        if row["kind"] == "entry" and row["number"] == number:
            if row["seq"] == 2:
                row["says"] = "从来没有退回过"
            row["prev_hash"] = previous
            forged[row["seq"]] = previous = row["hash"] = checker.entry_hash(row)
    head = next(row for row in found if row["kind"] == "case" and row["number"] == number)
    head["head_hash"] = previous
    assert any("检查点不符" in one for one in problems(put(exported, found)))
    chain = ""
    for row in found:
        if row["kind"] == "checkpoint":
            row["heads"] = [[c, s, forged[s] if c == head["id"] else h] for c, s, h in row["heads"]]
            row["prev_hash"] = chain
            chain = row["hash"] = checker.checkpoint_hash(row)
    put(exported, found)
    assert problems(exported) == []
    assert "与您记下的哈希不符" in problems(exported, **known)[0]


@pytest.mark.parametrize("text", ["", "hello\n", "{}\n", '{"kind":"journal","format":"other","version":1}\n'])
def test_what_is_no_journal_is_said_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.txt"
    path.write_text(text, encoding="utf-8")
    assert checker.main([str(path)]) == checker.UNREADABLE
