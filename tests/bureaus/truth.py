"""What each bureau knows of a person: always the same for a seed, a source and a number."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

KNOWS = {
    "civil_affairs": (("other_aid", "yuan_year", 600, 3000),),
}
"""Source -> what it may know: item, unit, least and most."""
NOTHING = 3
"""One person in so many is known to a source by no data."""
AS_OF = date(2016, 8, 31)


@dataclass(frozen=True)
class Truth:
    """Chance that can be repeated: the same question always finds the same number."""

    seed: int

    def number(self, *about: object) -> int:
        """A whole number for this matter."""
        text = ":".join(map(str, (self.seed, *about)))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")

    def answer(self, source: str, id_number: str, name: str) -> dict[str, object]:
        """The answer to a question about this person."""
        items = []
        for kind, unit, least, most in KNOWS[source]:
            found = self.number(source, id_number, kind)
            if found % NOTHING:
                value = least + found // NOTHING % (most - least + 1)
                text = f"{value}.00" if unit.startswith("yuan") else str(value)
                items.append({"kind": kind, "value": text, "unit": unit, "detail": ""})
        return {
            "outcome": "data" if items else "no_data",
            "as_of": AS_OF.isoformat(),
            "person": {"id_number": id_number, "name": name},
            "items": items,
        }
