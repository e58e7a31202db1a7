"""What each bureau knows of a person: always the same for a seed, a source and a number."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

KNOWS = {
    "civil_affairs": (("transfer", "yuan_year", 600, 3000), ("marriage", "text", 0, 0)),
    "social_security": (("transfer", "yuan_year", 1200, 30000), ("insured", "text", 0, 0)),
    "public_security": (("vehicle", "count", 1, 2),),
    "housing": (("dwelling", "count", 1, 2), ("fund", "text", 0, 0)),
    "land": (("dwelling", "count", 1, 2), ("commercial_premises", "count", 1, 1)),
    "market": (("business", "yuan_year", 5000, 60000), ("business_licence", "text", 0, 0)),
    "tax": (("wage", "yuan_year", 8000, 90000), ("business", "yuan_year", 5000, 60000)),
    "finance": (("monetary", "yuan", 100, 200000), ("property", "yuan_year", 10, 4000)),
    "city": (("wage", "yuan_year", 8000, 90000), ("monetary", "yuan", 100, 200000)),
}
"""Source -> what it may know: item, unit, least and most; a text has neither."""
TEXTS = {
    "marriage": "已婚",
    "insured": "城乡居民基本养老保险",
    "fund": "正常缴存",
    "business_licence": "便利店（个体工商户）",
}
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
                text = TEXTS.get(kind) or (f"{value}.00" if unit.startswith("yuan") else str(value))
                items.append({"kind": kind, "value": text, "unit": unit, "detail": ""})
        return {
            "outcome": "data" if items else "no_data",
            "as_of": AS_OF.isoformat(),
            "person": {"id_number": id_number, "name": name},
            "items": items,
        }
