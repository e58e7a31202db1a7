"""Citizen identity numbers (公民身份号码, GB 11643-1999) and how personal data is masked on pages and letters."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Literal

from stdnum import numdb
from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

from workflow.errors import Refused

Sex = Literal["M", "F"]

_LENGTH = 18
_SHOWN = 4
_OLDEST = 130
"""No living person is older, in years."""
_TAIWAN = "830000"
"""On residence permits of people from Taiwan; missing in the list."""


def check_id_number(text: str, *, today: date | None = None) -> str:
    """The number in its plain form: 18 characters, ASCII digits, capital X.

    Spaces, full-width characters and a small x are accepted. Six leading digits that are in no list are no error
    (see `id_number_warning`): real cards carry codes of counties long abolished. With `today`, a birth in the future
    or too long ago is refused. Raises Refused with the exact reason.
    """
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not number:
        raise Refused("请填写公民身份号码。", reason="empty")
    if re.fullmatch("[0-9]{15}", number):
        raise Refused("这是 15 位的旧号码，请按现在的身份证填写 18 位号码。", reason="old")
    if len(number) != _LENGTH:
        raise Refused(f"公民身份号码应为 18 位，现在是 {len(number)} 位。", reason="length")
    if not re.fullmatch("[0-9]{17}", number[:-1]):
        raise Refused("公民身份号码前 17 位只能是数字，请核对。", reason="format")
    if number[-1] not in "0123456789X":
        raise Refused("公民身份号码最后一位只能是数字或 X，请核对。", reason="format")
    try:
        birth = ric.get_birth_date(number)
    except InvalidComponent:
        born = f"{number[6:10]} 年 {number[10:12]} 月 {number[12:14]} 日"
        raise Refused(
            f"公民身份号码中的出生日期 {born}不存在，请核对第 7 至 14 位。", reason="birth"
        ) from None
    if today is not None and birth > today:
        raise Refused(f"公民身份号码中的出生日期 {birth} 在今天以后，请核对。", reason="future")
    if today is not None and today.year - birth.year > _OLDEST:
        raise Refused(f"公民身份号码中的出生日期 {birth} 太早，请核对。", reason="birth")
    if ric.calc_check_digit(number) != number[-1]:
        raise Refused("公民身份号码的校验位不对，至少有一位写错，请对照证件逐位核对。", reason="checksum")
    return number


def id_number_warning(number: str) -> str:
    """What a clerk should look at though the number is not wrong: an area code in no list. "" where nothing."""
    found = numdb.get("cn/loc").info(number[:6])
    if any("county" in facts for _, facts in found) or number.startswith(_TAIWAN):
        return ""
    return f"号码前六位 {number[:6]} 不在行政区划代码表中，请对照证件核对。"


def birth_of(number: str) -> date:
    """The date of birth in a checked number."""
    return ric.get_birth_date(number)


def sex_of(number: str) -> Sex:
    """The sex in a checked number: odd order numbers are men's."""
    return "M" if int(number[16]) % 2 else "F"


def make_id_number(area: str, birth: date, order: int) -> str:
    """The number of this six-digit area, birth and order (0 to 999; odd for men), with its check digit."""
    body = f"{area}{birth:%Y%m%d}{order:03d}"
    if not re.fullmatch("[0-9]{17}", body):
        raise ValueError(f"no such number: {area} {birth} {order}")
    return body + ric.calc_check_digit(body + "0")


def mask_id(number: str) -> str:
    """First six and last four of a citizen number; of any other paper the last four, of a short one nothing."""
    if len(number) == _LENGTH:
        return f"{number[:6]}********{number[-4:]}"
    return _last_four(number)


def mask_phone(number: str) -> str:
    """First three and last four of a mobile number; of any other the last four, of a short one nothing."""
    if re.fullmatch("1[0-9]{10}", number):
        return f"{number[:3]}****{number[-4:]}"
    return _last_four(number)


def mask_bank(account: str) -> str:
    """The last four digits; the length is not shown."""
    plain = "".join(account.split())
    return f"****{plain[-_SHOWN:]}" if len(plain) > _SHOWN else "*" * len(plain)


def mask_name(name: str) -> str:
    """The first character and a star, however long the name is."""
    return f"{name.strip()[0]}*" if name.strip() else ""


def _last_four(text: str) -> str:
    return "*" * (len(text) - _SHOWN) + text[-_SHOWN:] if len(text) > _SHOWN else "*" * len(text)
