"""The bureaus on the file exchange: each table of questions that appears is answered by a table of answers."""

import csv
import hashlib
import io
import json
import threading
from pathlib import Path

from tests.bureaus.server import Bureaus
from tests.bureaus.truth import KNOWS

COLUMNS = ("查询编号", "证件号码", "姓名", "结果", "数据时点", "项目", "数值", "单位", "说明")
OUTCOMES = {"data": "有数据", "no_data": "无数据"}
MANIFEST = ".manifest.json"
LOOKS = 0.1
"""Seconds between two looks into the folder."""


class Exchange:
    """Watches one exchange folder until it is told to stop."""

    def __init__(self, root: Path, bureaus: Bureaus) -> None:
        self._root, self._bureaus = root, bureaus
        self._seen: set[Path] = set()
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.wait(LOOKS):
            for path in sorted(self._root.glob(f"*/out/*{MANIFEST}")):
                if path not in self._seen:
                    self._seen.add(path)
                    self._answer(path)

    def _answer(self, path: Path) -> None:
        manifest = json.loads(path.read_bytes())
        raw = path.with_name(manifest["name"]).read_bytes()
        assert hashlib.sha256(raw).hexdigest() == manifest["sha256"], "the questions are damaged"
        source = manifest["source"]
        rows = list(csv.DictReader(io.StringIO(_text(raw), newline="")))
        assert len(rows) == manifest["rows"], "questions are missing"
        assert source in KNOWS
        told = [line for row in rows for line in self._lines(source, row)]
        faults, place = self._bureaus.faults, path.parents[1] / "in"
        table = io.StringIO(newline="")
        csv.writer(table, lineterminator="\r\n").writerows([COLUMNS, *told])
        content = table.getvalue().encode("gb18030" if "gbk" in faults.files else "utf-8-sig")
        name = manifest["name"].replace("queries", "answers")
        place.mkdir(parents=True, exist_ok=True)
        if "half" in faults.files:
            _write(place, f"half-{name}", source, len(told), content, cut=True)
        _write(place, name, source, len(told), content)
        if any(faults.of(source, row["证件号码"]) == "double" for row in rows):
            _write(place, f"again-{name}", source, len(told), content)

    def _lines(self, source: str, row: dict[str, str]) -> list[list[str]]:
        key, number, name = row["查询编号"], row["证件号码"], row["姓名"]
        person = {"id_number": number, "name": name}
        question = self._bureaus.put(source, {"key": key, "source": source, "person": person})
        if question.fault == "silent":
            return []
        answer = self._bureaus.answer(question)
        about = answer["person"]
        head = [key, about["id_number"], about["name"], OUTCOMES[answer["outcome"]], answer["as_of"]]
        items = answer["items"] or [{"kind": "", "value": "", "unit": "", "detail": ""}]
        return [[*head, item["kind"], item["value"], item["unit"], item["detail"]] for item in items]


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _write(place: Path, name: str, source: str, rows: int, content: bytes, *, cut: bool = False) -> None:
    """The file, then its manifest; `cut`: half of what the manifest says."""
    (place / name).write_bytes(content[: len(content) // 2] if cut else content)
    manifest = {"name": name, "source": source, "rows": rows, "sha256": hashlib.sha256(content).hexdigest()}
    part = place / f"{name}{MANIFEST}.part"
    part.write_text(json.dumps(manifest))
    part.replace(place / f"{name}{MANIFEST}")
