"""Which stages and actions of the definitions the journeys go through, read from the journals they leave behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.district import District
from workflow.catalogue import Blueprint, Catalogue
from workflow.models import Case, JournalEntry

HERE = Path(__file__).parent
MOST_NAMED = 12


@dataclass
class Coverage:
    """What was done and where cases stood, by definition and edition."""

    acts: set[tuple[str, str, str]] = field(default_factory=set)
    stands: set[tuple[str, str, str]] = field(default_factory=set)

    def note(self, district: District) -> None:
        """Read the journals of a district at the end of its story."""
        entry = JournalEntry
        wanted = select(Case.definition, entry.edition, entry.action, entry.from_stage, entry.to_stage)
        with district.database.reading() as session:
            for definition, edition, action, *stages in session.execute(wanted.join(Case).distinct()):
                self.acts.add((definition, edition, action))
                self.stands |= {(definition, edition, stage) for stage in stages}

    def packed(self) -> list[list[tuple[str, str, str]]]:
        """As another process takes it in."""
        return [sorted(self.acts), sorted(self.stands)]

    def add(self, packed: list[list[tuple[str, str, str]]]) -> None:
        """What the journeys of another process went through."""
        for mine, theirs in zip((self.acts, self.stands), packed, strict=True):
            mine |= {(definition, edition, code) for definition, edition, code in theirs}

    def left(self, blueprint: Blueprint) -> tuple[list[str], list[str]]:
        """The actions never done and the stages never stood in, in any edition of this definition."""

        def seen(what: set[tuple[str, str, str]], code: str) -> bool:
            return any((blueprint.code, edition, code) in what for edition in blueprint.editions)

        actions = [code for code in blueprint.actions if not seen(self.acts, code)]
        return actions, [code for code in blueprint.stages if not seen(self.stands, code)]

    def missing(self, catalogue: Catalogue) -> list[str]:
        """Everything no journey has gone through: definition, edition, code."""
        return [
            f"{one.code}:{one.editions[0]}.{code}"
            for one in catalogue
            for found in self.left(one)
            for code in found
        ]

    def lines(self, catalogue: Catalogue) -> Iterator[str]:
        """A line for each definition that was gone through: how much of it, and what not where that is little."""
        for one in catalogue:
            actions, stages = self.left(one)
            if len(actions) == len(one.actions):
                continue
            done, stood = len(one.actions) - len(actions), len(one.stages) - len(stages)
            left = [*actions, *stages]
            told = (
                f"  not: {', '.join(left[:MOST_NAMED])}{' ...' if left[MOST_NAMED:] else ''}" if left else ""
            )
            yield (
                f"{one.code + ' ' + '/'.join(one.editions):<48} actions {done}/{len(one.actions)}"
                f"  stages {stood}/{len(one.stages)}{told}"
            )


def has_all(session: pytest.Session) -> bool:
    """Whether the session runs every journey: only then something left out is a fault."""
    asked = session.config.option
    narrowed = (
        asked.keyword or asked.lf or asked.collectonly or asked.deselect or asked.markexpr != "not soak"
    )
    one_by_one = any("::" in word for word in session.config.args)
    files = {item.path for item in session.items}
    return not (narrowed or one_by_one) and set(HERE.glob("test_*.py")) <= files
