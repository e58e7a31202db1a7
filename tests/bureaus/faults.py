"""Which fault a bureau has with which question: half of all questions fare well, the rest share the faults asked for."""

from tests.bureaus.truth import Truth

FAULTS = ("latency", "late", "wrong", "silent", "double", "identity", "half", "gbk")
WRONG_TIMES = 2
"""So often a wrong answer is given before the right one."""
SOMEBODY = {"id_number": "330212197001010027", "name": "另有其人"}


class Faults:
    """The faults of a run. `half` and `gbk` are of files and strike them all; the rest are of questions."""

    def __init__(self, truth: Truth, wanted: list[str]) -> None:
        if strange := set(wanted) - set(FAULTS):
            raise SystemExit(f"unknown faults {', '.join(sorted(strange))}; there are {', '.join(FAULTS)}")
        self._truth, self.files = truth, {"half", "gbk"} & set(wanted)
        self._of_questions = [fault for fault in FAULTS if fault in wanted and fault not in self.files]

    def of(self, source: str, id_number: str) -> str:
        """The fault of a question; "" for none. It hangs on the person, so that it can be foretold."""
        turn = self._truth.number("fault", source, id_number) % (2 * len(self._of_questions) or 1)
        return self._of_questions[turn] if turn < len(self._of_questions) else ""

    def spoil(self, fault: str, answer: dict[str, object], asked: int) -> dict[str, object]:
        """The answer as this fault makes it, the question being put for the `asked`-th time."""
        if fault == "identity":
            return answer | {"person": SOMEBODY}
        if fault == "wrong" and asked <= WRONG_TIMES:
            item = {"kind": "no such thing", "value": "12.345", "unit": "pound", "detail": ""}
            return answer | {"outcome": "data", "items": [item]}
        return answer
