"""Checks an exported journal, or a sealed case, without the service: `python checker.py FILE [--known 2016-09-05=HASH ...]`.

This file and Python's standard library are all it needs. The export is JSON lines: a head line, the daily checkpoints, the
entries case by case, a last line that counts them. Each entry's hash covers its fields and the hash before it; each checkpoint
the last hashes of the cases that moved, and the checkpoint before it. Whoever has noted a checkpoint's hash (`--known`) sees a
journal rewritten as a whole, too. A sealed case is a zip with its journal. Exit 0: whole. 1: changed, each place. 2: neither.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

FORMAT, VERSION = "jiuzhu-journal", 1
MANIFEST, JOURNAL = "manifest.json", "journal.jsonl"
COVERED = (
    "seq", "at", "actor_id", "actor_name", "action", "from_stage", "to_stage", "visit", "version", "edition",
    "says", "reason", "source", "origin", "form_digest", "state_digest", "prev_hash",
)  # fmt: skip
"""What an entry's hash covers, in this order, after the case number."""
MOST_SHOWN = 20
WHOLE, CHANGED, UNREADABLE = 0, 1, 2
Row = dict[str, Any]


class NotAJournalError(Exception):
    """The file is no export of a journal."""


def digest(value: Any) -> str:
    """SHA-256 of the one text of a JSON value: sorted keys, no blanks, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def entry_hash(row: Row) -> str:
    """The hash an entry should have."""
    return digest([row["number"], *(row[name] for name in COVERED)])


def checkpoint_hash(row: Row) -> str:
    """The hash a checkpoint should have."""
    return digest([row["day"], row["cases"], row["entries"], row["heads"], row["prev_hash"]])


class Walk:
    """One pass over the lines; `problems` in the order of the file."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known = known
        self.entries = self.cases = self.checkpoints = self.case_id = self.seq = 0
        self.heads: dict[tuple[int, int], tuple[str, str]] = {}
        self.checkpoint = self.number = self.hash = ""
        self.days: dict[str, str] = {}
        self.seen: set[str] = set()
        self.ended = False

    def problems(self, lines: Iterable[str]) -> Iterator[str]:
        """Everything that does not fit, each with its place."""
        place = 0
        for place, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
                kind = row["kind"]
            except (ValueError, KeyError, TypeError):
                if place == 1:
                    raise NotAJournalError from None
                yield f"第 {place} 行：不是一条完整的记录"
                continue
            if place == 1 and (kind, row.get("format"), row.get("version")) != ("journal", FORMAT, VERSION):
                raise NotAJournalError
            where = f"（文件第 {place} 行）"
            if self.ended:
                yield f"结束行之后还有内容{where}"
            try:
                for problem in self._take(kind, row):
                    yield problem + where
            except KeyError as missing:
                yield f"记录缺少 {missing}{where}"
        if place == 0:
            raise NotAJournalError
        yield from self._rest(place)

    def _take(self, kind: str, row: Row) -> Iterator[str]:
        if kind == "checkpoint":
            yield from self._checkpoint(row)
        elif kind == "case":
            yield from self._case(row)
        elif kind == "entry":
            yield from self._entry(row)
        elif kind == "end":
            yield from self._case_ends()
            self.ended, self.number = True, ""
            if (row["cases"], row["entries"]) != (self.cases, self.entries):
                yield f"结束行说有 {row['cases']} 个案件 {row['entries']} 条，实际 {self.cases} 个 {self.entries} 条"

    def _checkpoint(self, row: Row) -> Iterator[str]:
        self.checkpoints += 1
        if row["prev_hash"] != self.checkpoint:
            yield f"{row['day']} 的检查点：前面的检查点缺失、被改或调换"
        if checkpoint_hash(row) != row["hash"]:
            yield f"{row['day']} 的检查点：内容与哈希不符"
        self.checkpoint = self.days[row["day"]] = row["hash"]
        for case_id, seq, value in row["heads"]:
            self.heads[case_id, seq] = (row["day"], value)

    def _case(self, row: Row) -> Iterator[str]:
        yield from self._case_ends()
        self.cases += 1
        if row["number"] in self.seen:
            yield f"{row['number']}：重复出现"
        self.seen.add(row["number"])
        self.number, self.case_id, self.seq, self.hash = row["number"], row["id"], 0, ""
        self.last, self.head = row["seq"], row["head_hash"]

    def _case_ends(self) -> Iterator[str]:
        if not self.number:
            return
        if self.seq < self.last:
            yield f"{self.number} 第 {self.seq + 1} 条：缺失（应有 {self.last} 条）"
        elif (self.seq, self.hash) != (self.last, self.head):
            yield f"{self.number} 第 {self.seq} 条：日志末条与案件不符"

    def _entry(self, row: Row) -> Iterator[str]:
        self.entries += 1
        if row["number"] != self.number:
            yield f"{row['number']} 第 {row['seq']} 条：不在自己的案件里"
            return
        place = f"{self.number} 第 {row['seq']} 条"
        if row["seq"] != self.seq + 1:
            yield f"{self.number} 第 {self.seq + 1} 条：缺失或调换，接着的是第 {row['seq']} 条"
        elif row["prev_hash"] != self.hash:
            yield f"{place}：与前一条接不上"
        if entry_hash(row) != row["hash"]:
            yield f"{place}：内容与哈希不符"
        day, value = self.heads.pop((self.case_id, row["seq"]), ("", row["hash"]))
        if value != row["hash"]:
            yield f"{place}：与 {day} 的检查点不符"
        self.seq, self.hash = row["seq"], row["hash"]

    def _rest(self, place: int) -> Iterator[str]:
        if not self.ended:
            yield f"文件在第 {place} 行以后被截断：没有结束行"
        for (case_id, seq), (day, _value) in self.heads.items():
            yield f"案件编号 {case_id} 第 {seq} 条：{day} 的检查点里有，日志里没有"
        for day, value in self.known.items():
            if self.days.get(day) != value:
                yield f"{day} 的检查点：与您记下的哈希不符，或者没有这一天"


def check(path: Path, known: dict[str, str] | None = None) -> tuple[Walk, list[str]]:
    """Walk a file; what was found and all that does not fit. Raises NotAJournalError, OSError."""
    walk = Walk(known or {})
    if not zipfile.is_zipfile(path):
        with path.open(encoding="utf-8") as lines:
            return walk, list(walk.problems(lines))
    with zipfile.ZipFile(path) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    if MANIFEST not in files or JOURNAL not in files:
        raise NotAJournalError
    listed = json.loads(files.pop(MANIFEST))["files"]
    odd = [f"{name}：缺失" for name in listed if name not in files]
    hashes = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
    odd += [f"{name}：与清单的哈希不符" for name, found in hashes.items() if found != listed.get(name)]
    journal = files[JOURNAL].decode().splitlines()
    for row in (row for row in map(json.loads, journal) if row["kind"] == "entry" and row["form_digest"]):
        form = files.get(f"forms/{row['seq']:04d}.json")  # one destroyed when its time was over is not there
        if form is not None and digest(json.loads(form)) != row["form_digest"]:
            odd.append(f"{row['number']} 第 {row['seq']} 条：表单内容与摘要不符")
    return walk, odd + list(walk.problems(journal))


def main(words: list[str]) -> int:
    """The command."""
    files = [word for word in words if "=" not in word and word != "--known"]
    known = dict(word.split("=", 1) for word in words if "=" in word)
    if len(files) != 1:
        sys.stderr.write("用法：python checker.py 文件 [--known 日期=哈希 ...]\n")
        return UNREADABLE
    try:
        walk, problems = check(Path(files[0]), known)
    except (NotAJournalError, OSError, UnicodeDecodeError):
        sys.stderr.write(f"{files[0]} 读不出，或者不是导出的办理日志。\n")
        return UNREADABLE
    counted = f"{walk.cases} 个案件，{walk.entries} 条日志，{walk.checkpoints} 个检查点"
    if not problems:
        sys.stdout.write(f"完整：{counted}。最后一个检查点 {walk.checkpoint or '（还没有）'}\n")
        return WHOLE
    sys.stdout.write("".join(f"{line}\n" for line in problems[:MOST_SHOWN]))
    sys.stdout.write(f"不完整：{len(problems)} 处，{counted}。\n")
    return CHANGED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
