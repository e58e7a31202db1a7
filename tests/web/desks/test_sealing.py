"""`export case`, `export journal` and `journal checker` on the office's own cases."""

import subprocess
import sys
import zipfile

from click.testing import CliRunner

from web.cli import main
from workflow.models import AccessLog


def jiuzhu(desks, *words: str):
    return CliRunner().invoke(main, list(words), env={"DATABASE_URL": desks.url, "SECRET_KEY": "x" * 40})


def test_a_case_is_sealed_with_its_letters_and_verified_by_the_printed_program(desks, tmp_path):
    bundle, program, log = tmp_path / "case.zip", tmp_path / "checker.py", tmp_path / "journal.jsonl"
    number = desks.numbers["late"]
    assert jiuzhu(desks, "export", "case", number, str(bundle)).exit_code == 0
    assert jiuzhu(desks, "export", "journal", str(log)).exit_code == 0
    program.write_text(jiuzhu(desks, "journal", "checker").stdout, encoding="utf-8")
    for file in (bundle, log):
        ran = subprocess.run(
            [sys.executable, "-I", str(program), str(file)], capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
    with zipfile.ZipFile(bundle) as packed:
        letters = [name for name in packed.namelist() if name.startswith("letters/")]
        assert letters
        assert all(packed.read(name).startswith(b"%PDF-") for name in letters)
    assert [row.what for row in desks.rows(AccessLog)][-1] == "case_sealed"


def test_what_cannot_be_sealed_is_refused(desks, tmp_path):
    assert jiuzhu(desks, "export", "case", "DB-2016-999999", str(tmp_path / "x.zip")).exit_code == 1
    assert jiuzhu(desks, "export", "case", desks.numbers["late"]).exit_code == 1
    assert not list(tmp_path.glob("*.zip"))
