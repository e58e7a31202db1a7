from datetime import date

import pytest

from workflow.errors import Refused
from workflow.identity import (
    birth_of,
    check_id_number,
    id_number_warning,
    make_id_number,
    mask_bank,
    mask_id,
    mask_name,
    mask_phone,
    sex_of,
)

TODAY = date(2016, 9, 5)
GOOD = "330212199001011232"
WITH_X = "33021219860321039X"


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_digit_by_the_weights_of_the_standard(number):
    return "10X98765432"[sum(int(c) * w for c, w in zip(number[:17], WEIGHTS, strict=True)) % 11]


def test_the_samples_are_what_the_tests_need():
    assert check_digit_by_the_weights_of_the_standard(GOOD) == GOOD[17]
    assert check_digit_by_the_weights_of_the_standard(WITH_X) == WITH_X[17] == "X"


@pytest.mark.parametrize(
    "text, number",
    [
        (GOOD, GOOD),
        (f" {GOOD[:6]} {GOOD[6:14]}\u3000{GOOD[14:]}\n", GOOD),
        (WITH_X.lower(), WITH_X),
        ("３３０２１２１９８６０３２１０３９ｘ", WITH_X),
    ],
)
def test_a_number_is_brought_to_its_plain_form(text, number):
    assert check_id_number(text, today=TODAY) == number


@pytest.mark.parametrize(
    "text, reason, message",
    [
        ("", "empty", "请填写"),
        ("  ", "empty", "请填写"),
        ("330212900101123", "old", "15 位"),
        (GOOD[:-1], "length", "现在是 17 位"),
        (GOOD + "1", "length", "现在是 19 位"),
        ("33021X199001011232", "format", "只能是数字"),
        (GOOD[:-1] + "A", "format", "数字或 X"),
        (GOOD[:-1] + "٣", "format", "数字或 X"),
        ("330212199002301232", "birth", "1990 年 02 月 30 日"),
        ("330212000001011232", "birth", "不存在"),
        (make_id_number("330212", date(2016, 9, 6), 1), "future", "今天以后"),
        (make_id_number("330212", date(1850, 1, 1), 1), "birth", "太早"),
        (GOOD[:-1] + "3", "checksum", "校验位"),
        ("330212199001012132", "checksum", "校验位"),
    ],
)
def test_a_bad_number_is_refused_with_its_reason(text, reason, message):
    with pytest.raises(Refused, match=message) as refusal:
        check_id_number(text, today=TODAY)
    assert refusal.value.facts["reason"] == reason


def test_every_slip_of_one_digit_and_every_swap_of_neighbours_is_seen():
    slips = {GOOD[:i] + d + GOOD[i + 1 :] for i in range(18) for d in "0123456789X"} - {GOOD}
    swaps = {GOOD[:i] + GOOD[i + 1] + GOOD[i] + GOOD[i + 2 :] for i in range(17)} - {GOOD}
    for text in slips | swaps:
        with pytest.raises(Refused):
            check_id_number(text)


def test_a_child_born_today_has_a_number():
    assert birth_of(check_id_number(make_id_number("330212", TODAY, 2), today=TODAY)) == TODAY


@pytest.mark.parametrize("area", ["330212", "330227", "330226", "810000", "830000", "110105"])
def test_listed_and_abolished_counties_pass_without_warning(area):
    number = make_id_number(area, date(1975, 5, 5), 10)
    assert check_id_number(number) == number
    assert id_number_warning(number) == ""


def test_an_unknown_county_is_no_error_but_is_pointed_out():
    number = make_id_number("330299", date(1975, 5, 5), 10)
    assert check_id_number(number) == number
    assert "330299" in id_number_warning(number)


@pytest.mark.parametrize("order, sex", [(0, "F"), (1, "M"), (998, "F"), (999, "M")])
def test_a_made_number_is_valid_and_tells_birth_and_sex(order, sex):
    number = make_id_number("330212", date(1988, 2, 29), order)
    assert number[17] == check_digit_by_the_weights_of_the_standard(number)
    assert check_id_number(number) == number
    assert (birth_of(number), sex_of(number)) == (date(1988, 2, 29), sex)


@pytest.mark.parametrize(
    "area, order", [("33021", 1), ("3302120", 1), ("33021X", 1), ("330212", 1000), ("330212", -1)]
)
def test_a_number_that_cannot_be_is_not_made(area, order):
    with pytest.raises(ValueError):
        make_id_number(area, date(1988, 2, 29), order)


@pytest.mark.parametrize(
    "mask, text, shown",
    [
        (mask_id, GOOD, "330212********1232"),
        (mask_id, "E12345678", "*****5678"),
        (mask_id, "1234", "****"),
        (mask_id, "", ""),
        (mask_phone, "13800001234", "138****1234"),
        (mask_phone, "0574-87654321", "*********4321"),
        (mask_phone, "110", "***"),
        (mask_bank, "6217 0012 3456 7890 123", "****0123"),
        (mask_bank, "123", "***"),
        (mask_name, "王小明", "王*"),
        (mask_name, "欧阳娜娜", "欧*"),
        (mask_name, "买买提·吐尔逊", "买*"),
        (mask_name, "𠮷田", "𠮷*"),
        (mask_name, "  ", ""),
    ],
)
def test_masks_show_no_more_than_they_should(mask, text, shown):
    assert mask(text) == shown
