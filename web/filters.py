"""Filters stand in the address; one that is not known is refused by name, never passed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request

from web.problems import UnknownFilter

KEY_DIGITS = 18
"""A row's number has no more in any database."""

Choices = Mapping[str, Sequence[tuple[str, str]]]


def given_filters(names: Mapping[str, str], choices: Choices, *also: str) -> dict[str, str]:
    """The filters of this request that are set. `also` are further words the address may hold. Raises UnknownFilter."""
    strange = [name for name in request.args if name not in {*names, *also}]
    if strange:
        raise UnknownFilter(
            f"没有“{'、'.join(strange)}”这个筛选条件，可以用的是：{'、'.join(names) or '没有'}。"
        )
    given = {name: value for name in names if (value := request.args.get(name, ""))}
    for name, value in given.items():
        if value not in {code for code, _label in choices[name]}:
            raise UnknownFilter(f"“{names[name]}”里没有“{value}”，请从列表里选。")
    return given


def key(text: str) -> int | None:
    """The number of a row as a page sends it, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= KEY_DIGITS else None


def cursor() -> int | None:
    """The place of a further page. Raises UnknownFilter for what is no place."""
    text = request.args.get("cursor", "")
    if text and key(text) is None:
        raise UnknownFilter("翻页位置无法识别，请从第一页开始。")
    return key(text)
