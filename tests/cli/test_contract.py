"""Exit codes, help and JSON, the same for every command."""

import click
import pytest

from web.cli import main


def every(group=main, path=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every(command, (*path, name))
        else:
            yield (*path, name)


COMMANDS = sorted(every())


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_help_in_words_and_json(bare, words):
    said = bare(*words, "--help")
    assert said.code == 0
    assert "--json" in said.out
    assert any("\u4e00" <= c <= "\u9fff" for c in said.out)


@pytest.mark.parametrize("words", [
    ("nonsense",), ("db", "nonsense"), ("user", "list", "--nonsense"), ("calc",), ("user", "token"), ("user", "list", "more"),
    ("calc", "benefit"), ("calc", "benefit", "a", "b"), ("calc", "deadline", "2016-09-05"), ("db",),
])  # fmt: skip
def test_what_is_no_command_or_option_exits_2(jiuzhu, words):
    said = jiuzhu(*words)
    assert said.code == 2
    assert said.out == ""
    assert said.err


@pytest.mark.parametrize("words", [
    ("user", "token", "nobody"), ("user", "disable", "nobody"), ("user", "reset", "nobody"),
    ("user", "add", "张", "--name", "张三"), ("user", "add", "zhang", "--name", "张三", "--role", "king=330212000000"),
    ("user", "add", "zhang", "--name", "张三", "--role", "window_clerk"),
    ("calc", "nonsense", "-"), ("calc", "benefit", "no-such-file"), ("calc", "deadline", "2016-09-05", "5xx"),
    ("calc", "deadline", "2016-02-30", "5wd"), ("calc", "deadline", "2016-09-05", "5wd", "--edition", "X"),
    ("import", "nonsense", "f.csv"), ("import", "areas", "no-such-file.csv"), ("import", "grants", "f.csv"),
    ("export", "nonsense", "f.csv"), ("export", "cases", "f.pdf"), ("export", "cases", "no/such/folder/f.csv"),
    ("definitions", "show", "nonsense"), ("definitions", "show", "dibao", "--edition", "X"),
    ("definitions", "show", "dibao", "--format", "X"), ("backup", "no/such/folder/b.zip"), ("restore", "no-such-file"),
    ("serve", "--workers", "0"), ("serve", "--port", "99999"), ("serve", "--port", "x"), ("serve", "--host", "no.such.host.invalid"),
])  # fmt: skip
def test_what_cannot_be_used_exits_1_with_one_reason(jiuzhu, words):
    said = jiuzhu(*words)
    assert said.code == 1
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert "Traceback" not in said.err


@pytest.mark.parametrize("words", [
    ("user", "list"), ("user", "token", "x"), ("db", "check"), ("journal", "verify"), ("verify",), ("backup", "b.zip"),
    ("import", "areas", "a.csv"), ("serve",), ("scheduler",),
])  # fmt: skip
def test_before_the_database_is_there_every_command_says_what_to_run(bare, tmp_path, words):
    (tmp_path / "a.csv").write_text("代码,名称\n330212001005,东兴\n")
    said = bare(*words)
    assert said.code == 1
    assert "jiuzhu db upgrade" in said.err
    assert not (tmp_path / "district.db").exists()


@pytest.mark.parametrize("url, says", [
    ("mysql://x", "DATABASE_URL"), ("postgresql+psycopg://x@127.0.0.1:1/x", "连接不上"),
])  # fmt: skip
def test_a_database_that_cannot_be_reached_is_told_in_one_line(bare, monkeypatch, url, says):
    monkeypatch.setenv("DATABASE_URL", url)
    said = bare("user", "list")
    assert said.code == 1
    assert says in said.err
    assert len(said.err.strip().splitlines()) == 1


@pytest.mark.parametrize("words", [
    ("db", "upgrade"), ("db", "check"), ("user", "list"), ("definitions", "list"), ("definitions", "check"),
    ("definitions", "show", "dibao"), ("journal", "verify"), ("verify",), ("backup", "b.zip"), ("export", "cases", "c.csv"),
    ("calc", "deadline", "2016-09-05", "5wd"),
])  # fmt: skip
def test_json_is_one_document(jiuzhu, words):
    said = jiuzhu(*words, "--json")
    assert (said.code, said.err) == (0, "")
    assert said.document is not None
