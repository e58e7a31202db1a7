"""The start of a new definition: a small commented file that passes the check, and its line in the catalogue."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from workflow.catalogue import Catalogue
from workflow.errors import Refused

_START = '''"""{title}：先照实写清每个环节由谁办、多少天、依据哪一条，再一步一步加细。"""

from workflow.forms import Choice, Form, Reason
from workflow.periods import Workdays
from workflow.roles import TOWN_REVIEWER, WINDOW
from workflow.vocabulary import Definition, Limit, Stage, action


class Wish(Form):
    """What the window asks."""

    kind = Choice("事项", {{"first": "第一种", "second": "第二种"}})


class Refusal(Form):
    """A refusal needs a written reason."""

    reason = Reason("不同意的理由", sample="本户不符合规定的条件")


class {name}(Definition):
    """{title}。"""

    # code 是流程代码；editions 是它适用的规则版本；prefix 是受理号的字头。
    code, editions, title, prefix = "{code}", ("{editions}"), "{title}", "{prefix}"
    opened_by = (WINDOW,)
    steps = ("asked", "checked", "given")

    # 环节：谁办（held_by）、办什么（todo）、多少天、依据哪一条（limit）。时限只提醒和督办，到期不会自动决定。
    asked = Stage("已登记", held_by=WINDOW, todo="登记事项", limit=Limit(Workdays(2), "请写依据"), initial=True)
    checked = Stage("待审核", held_by=TOWN_REVIEWER, todo="审核并决定", limit=Limit(Workdays(5), "请写依据"))
    given = Stage("已同意", final=True, result="approved")
    refused = Stage("不同意", final=True, result="refused", refusal=True)

    # 操作：从哪个环节到哪个环节、谁可以办、填什么表、日志怎样写；apart_from 写明不能由同一人经手。
    ask = action("登记事项", asked.to(checked), by=WINDOW, form=Wish, says="登记了事项", source="请写依据", hand="intake", primary=True)
    give = action("同意", checked.to(given), by=TOWN_REVIEWER, says="同意", source="请写依据", apart_from=("intake",), decides=True,
                  hand="decision", primary=True)
    refuse = action("不同意", checked.to(refused), by=TOWN_REVIEWER, form=Refusal, says="不同意", source="请写依据",
                    apart_from=("intake",), decides=True, hand="decision")
'''
_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST = 40


def begin(code: str, title: str, folder: Path, catalogue: Catalogue) -> tuple[Path, Path]:
    """Write `folder/code.py` and name it in `folder/__init__.py`; gives both paths. Raises Refused, changing nothing."""
    path, register = folder / f"{code}.py", folder / "__init__.py"
    if not _CODE.fullmatch(code) or keyword.iskeyword(code) or len(code) > LONGEST:
        raise Refused(f"流程代码“{code}”不行：请用小写英文字母、数字和下划线，以字母开头，例如 winter_coat。")
    if code in catalogue.codes or path.exists() or (folder / code).exists():
        raise Refused(f"已经有“{code}”了，请换一个代码。")
    if not register.exists():
        raise Refused(f"{folder} 里没有 __init__.py，请在程序的根目录运行，或用 --folder 指明。")
    if any(sign in title for sign in '"\\\n') or not title.strip():
        raise Refused("流程名称里不能有引号、反斜线和换行，也不能空着。")
    text = register.read_text(encoding="utf-8")
    if "DEFINITIONS = (\n" not in text or "from workflow.catalogue import" not in text:
        raise Refused(f"{register} 不是原来的样子，请自己把新流程加进 DEFINITIONS。")
    name = "".join(part.capitalize() for part in code.split("_"))
    editions = '", "'.join(
        dict.fromkeys(edition for blueprint in catalogue for edition in blueprint.editions)
    )
    path.write_text(
        _START.format(title=title, name=name, code=code, editions=editions, prefix=_prefix(code, catalogue)),
        encoding="utf-8",
    )
    line = f"from definitions.{code} import {name}"
    imports = sorted({line, *re.findall(r"^from definitions\..*$", text, re.MULTILINE)})
    text = re.sub(r"^from definitions\..*\n", "", text, flags=re.MULTILINE)
    text = text.replace(
        "from workflow.catalogue import", "\n".join([*imports, "from workflow.catalogue import"]), 1
    )
    register.write_text(
        text.replace("DEFINITIONS = (\n", f"DEFINITIONS = (\n    {name},\n", 1), encoding="utf-8"
    )
    return path, register


def _prefix(code: str, catalogue: Catalogue) -> str:
    """The initials of the code as the prefix of case numbers, with a letter more where another programme has them."""
    taken = {blueprint.prefix for blueprint in catalogue}
    wanted = "".join(part[0] for part in code.split("_")).upper()
    wanted = wanted if len(wanted) > 1 else code[:2].upper()
    return next(
        prefix
        for prefix in (wanted, *(wanted + letter for letter in "XYZABCDEFGHIJKLMNOPQRSTUVW"))
        if prefix not in taken
    )
