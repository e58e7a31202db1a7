"""The written catalogue: one page and one drawing for each definition, and the fingerprints of all."""

from __future__ import annotations

import json
from pathlib import Path

from workflow.catalogue import Blueprint, Catalogue
from workflow.pictures.drawing import svg
from workflow.pictures.record import fingerprint
from workflow.pictures.tables import md

MARK = "<!-- 由 jiuzhu definitions 生成，请勿手改 -->"
FINGERPRINTS = "fingerprints.json"


def docs_of(catalogue: Catalogue) -> dict[str, str]:
    """Every file of the written catalogue, by name."""
    files, index = (
        {},
        [MARK, "# 流程目录", "", "| 流程 | 代码 | 规则版本 | 表格 | 图 |", "| --- | --- | --- | --- | --- |"],
    )
    prints: dict[str, dict[str, str]] = {}
    for blueprint in catalogue:
        name = _name(catalogue, blueprint)
        files[f"{name}.svg"] = f"{MARK}\n{svg(blueprint)}\n"
        heading, _, rest = md(blueprint).partition("\n")
        files[f"{name}.md"] = f"{MARK}\n{heading}\n\n![{blueprint.title}的环节图]({name}.svg)\n{rest}"
        editions = "、".join(blueprint.editions)
        index.append(
            f"| {blueprint.title} | `{blueprint.code}` | {editions} | [表格]({name}.md) | [图]({name}.svg) |"
        )
        prints.setdefault(blueprint.code, {}).update(
            dict.fromkeys(blueprint.editions, fingerprint(blueprint))
        )
    files["README.md"] = "\n".join(index) + "\n"
    files[FINGERPRINTS] = json.dumps(prints, indent=2, sort_keys=True) + "\n"
    return files


def write_docs(catalogue: Catalogue, folder: Path) -> list[Path]:
    """Bring the folder up to date; return what was written or, of earlier generated files, removed."""
    files = docs_of(catalogue)
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, content in files.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
            changed.append(path)
    for path in sorted(folder.iterdir()):
        if (
            path.name not in files
            and path.suffix in {".md", ".svg"}
            and path.read_text(encoding="utf-8").startswith(MARK)
        ):
            path.unlink()
            changed.append(path)
    return changed


def _name(catalogue: Catalogue, blueprint: Blueprint) -> str:
    """The definition's code, with its edition where there are several."""
    several = len(catalogue.editions(blueprint.code)) > 1
    return f"{blueprint.code}-{blueprint.editions[0].lower()}" if several else blueprint.code
