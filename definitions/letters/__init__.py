"""The letters of a case: what each says, in words a villager understands, with its articles and the remedy.

`letter("refusal", facts)` gives a `Letter`: plain data. PDF and print page are made of it elsewhere; the layouts
(`*.typ`) stand beside the texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from definitions.letters import changes, decision, departments, intake, publicity, window
from definitions.letters.sheet import Letter, LetterIncomplete
from workflow.errors import NotFound

LAYOUTS = Path(__file__).parent
"""Where the typst layouts are: a file for each `Letter.sheet`."""


@dataclass(frozen=True, slots=True)
class LetterKind:
    """A kind of letter. `mark` ends its number (DB-2016-000001-受); `refuses` says it must carry reasons and remedy."""

    code: str
    title: str
    mark: str
    write: Callable[[Mapping[str, Any]], Letter]
    refuses: bool = False


LETTERS: dict[str, LetterKind] = {
    kind.code: kind
    for kind in (
        LetterKind("receipt", "收件凭证", "收", intake.receipt),
        LetterKind("intake_receipt", "综合受理收件凭证", "综收", window.intake_receipt),
        LetterKind("acceptance", "受理通知书", "受", intake.acceptance),
        LetterKind("correction", "补正材料一次性告知书", "补", intake.correction),
        LetterKind("not_accepted", "不予受理通知书", "不受", intake.not_accepted, refuses=True),
        LetterKind("check_result", "核对结果告知书", "核", decision.check_result),
        LetterKind("publicity", "公示", "示", publicity.poster),
        LetterKind("approval", "审批（确认）通知书", "批", decision.approval),
        LetterKind("refusal", "不予批准（确认）通知书", "不批", decision.refusal, refuses=True),
        LetterKind("certificate", "低保证", "证", decision.certificate),
        LetterKind("adjustment", "增发（减发）通知书", "调", changes.adjustment, refuses=True),
        LetterKind("stop", "停发通知书", "停", changes.stop, refuses=True),
        LetterKind("gradual_exit", "渐退通知书", "渐", changes.gradual_exit, refuses=True),
        LetterKind("suspension", "暂停发放通知书", "暂", changes.suspension, refuses=True),
        LetterKind("terminated", "终止审核通知书", "终", decision.terminated, refuses=True),
        LetterKind("withdrawn", "按撤回申请处理通知书", "撤", decision.withdrawn),
        LetterKind("aid_granted", "救助决定通知书", "助", departments.aid_granted),
        LetterKind("aid_refused", "不予救助通知书", "不助", departments.aid_refused, refuses=True),
    )
}


def letter(kind: str, facts: Mapping[str, Any]) -> Letter:
    """The letter of this kind. Raises NotFound, LetterIncomplete, LetterNotForEdition, NotPublishable."""
    if kind not in LETTERS:
        raise NotFound(f"没有“{kind}”这种文书，可用的有：{'、'.join(LETTERS)}。", kind=kind)
    return LETTERS[kind].write(facts)


def number_of(kind: str, case_number: str) -> str:
    """The number a letter of this kind has in a case: the case's number and the letter's mark."""
    return f"{case_number}-{LETTERS[kind].mark}"


__all__ = ["LAYOUTS", "LETTERS", "Letter", "LetterIncomplete", "LetterKind", "letter", "number_of"]
