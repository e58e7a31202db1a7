"""`calc`: rules on JSON and the counting of periods."""

import json

import pytest

REVIEW = {"edition": "NB2016", "as_of": "2016-09-19", "class": "A", "setting": "urban", "last": "2016-09-19"}
ALONE = {
    "edition": "NB2016", "as_of": "2016-10-01", "setting": "urban", "rounding": "fen",
    "members": [{"id": "m1", "birth": "1970-01-01", "incomes": []}],
}  # fmt: skip


@pytest.mark.parametrize("start, rule, due", [
    ("2016-09-05", "5wd", "2016-09-12"), ("2016-09-30", "7d", "2016-10-08"), ("2017-01-31", "1m", "2017-02-28"),
])  # fmt: skip
@pytest.mark.parametrize("fixture", ["bare", "jiuzhu"])
def test_a_deadline_is_printed_alone_with_and_without_a_database(
    request, fixture, start, rule, due, tmp_path
):
    said = request.getfixturevalue(fixture)("calc", "deadline", start, rule)
    assert (said.code, said.out, said.err) == (0, f"{due}\n", "")


@pytest.mark.parametrize("start, rule, due", [
    ("2016-09-30T14:30", "24h", "2016-10-01T14:30"), ("2016-12-31T23:30", "1h", "2017-01-01T00:30"),
    ("2016-09-30T06:30+00:00", "24h", "2016-10-01T14:30"),
])  # fmt: skip
def test_hours_are_counted_to_the_minute_over_rest_days(bare, start, rule, due):
    assert bare("calc", "deadline", start, rule).out == f"{due}\n"
    document = bare("calc", "deadline", start, rule, "--json").document
    assert (document["due"], document["rule"], document["skipped"], document["provisional"]) == (
        due,
        rule,
        [],
        False,
    )
    assert document["steps"][-1]["day"] == due[:10]


@pytest.mark.parametrize("start", ["2016-09-30", "half past two", "2016-09-31T14:30"])
def test_hours_without_their_moment_are_refused(bare, start):
    said = bare("calc", "deadline", start, "24h")
    assert said.code == 1
    assert "时刻" in said.err


def test_the_days_skipped_are_named(bare):
    document = bare("calc", "deadline", "2016-09-14", "2wd", "--json").document
    assert document["due"] == "2016-09-19"
    assert document["skipped"] == [
        {"day": "2016-09-15", "why": "中秋节"}, {"day": "2016-09-16", "why": "中秋节"}, {"day": "2016-09-17", "why": "中秋节"},
    ]  # fmt: skip


def test_a_year_without_holidays_is_marked_until_they_are_imported(jiuzhu, tmp_path):
    said = jiuzhu("calc", "deadline", "2027-09-30", "3wd")
    assert (said.out, "暂定" in said.err) == ("2027-10-05\n", True)
    rows = [f"2027-10-0{n},放假,国庆节" for n in range(1, 8)]
    (tmp_path / "h.csv").write_text("\n".join(["日期,类型,节日", *rows]))
    assert jiuzhu("import", "holidays", "h.csv").code == 0
    said = jiuzhu("calc", "deadline", "2027-09-30", "3wd")
    assert (said.out, said.err) == ("2027-10-12\n", "")


def test_a_rule_reads_a_file_or_standard_input(bare, tmp_path):
    (tmp_path / "r.json").write_text(json.dumps(REVIEW), encoding="utf-8-sig")
    from_file = bare("calc", "review", "r.json", "--json").document
    assert from_file == bare("calc", "review", "-", "--json", stdin=json.dumps(REVIEW)).document
    assert from_file["due"] == "2017-09-19"
    assert all(step["source"] for step in from_file["steps"])


def test_in_words_the_result_stands_with_its_steps_and_sources(bare):
    said = bare("calc", "review", "-", stdin=json.dumps(REVIEW))
    assert "due: 2017-09-19" in said.out
    assert "M220-33" in said.out


def test_the_standard_is_the_databases_where_there_is_one(bare, jiuzhu, tmp_path):
    assert bare("calc", "benefit", "-", "--json", stdin=json.dumps(ALONE)).document["total"] == "744.00"
    rows = (
        "项目,城乡,起始日期,截止日期,标准,文件依据\n低保标准,城镇,2016-01-01,2016-12-31,800,区政府 1 号文\n"
    )
    (tmp_path / "s.csv").write_text(rows)
    assert jiuzhu("import", "standards", "s.csv").code == 0
    assert jiuzhu("calc", "benefit", "-", "--json", stdin=json.dumps(ALONE)).document["total"] == "800.00"


@pytest.mark.parametrize(
    "amount, setting, says", [("930.01", "城镇", "50%"), ("743", "城镇", "40%"), ("520", "农村", "70%")]
)
def test_a_standard_outside_the_lawful_band_is_not_imported(jiuzhu, tmp_path, amount, setting, says):
    rows = f"项目,城乡,起始日期,截止日期,标准,文件依据\n低保标准,{setting},2016-01-01,2016-12-31,{amount},区政府 1 号文\n"
    (tmp_path / "s.csv").write_text(rows)
    said = jiuzhu("import", "standards", "s.csv")
    assert said.code == 1
    assert "第 2 行“标准”" in said.out
    assert says in said.out


TIERS = {
    "第一档：人均月收入低于": "800",
    "第一档：每人每月金额": "1100",
    "第二档：人均月收入低于": "1250",
    "第二档：每人每月金额": "400",
}


@pytest.mark.parametrize(
    "changed, says",
    [
        ({}, ""),
        ({"第二档：人均月收入低于": "800"}, "逐档提高"),
        ({"第二档：每人每月金额": "1100.01"}, "不能随收入提高"),
        ({"第二档：人均月收入低于": "1249.99"}, "没有到低保标准"),
        ({"第二档：每人每月金额": None}, "缺少"),
    ],
)
def test_amounts_by_tiers_are_imported_together_or_not_at_all(jiuzhu, tmp_path, changed, says):
    rows = [
        f"分档救助{kind},城镇,2026-01-01,2026-12-31,{amount},区政府 1 号文"
        for kind, amount in (TIERS | changed).items()
        if amount
    ]
    (tmp_path / "s.csv").write_text("\n".join(["项目,城乡,起始日期,截止日期,标准,文件依据", *rows]))
    said = jiuzhu("import", "standards", "s.csv")
    assert said.code == bool(says)
    assert says in said.out
    alone = ALONE | {"edition": "NAT2021", "as_of": "2026-03-02"}
    total = jiuzhu("calc", "benefit", "-", "--json", stdin=json.dumps(alone)).document["total"]
    assert total == ("1250.00" if says else "1100.00")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"edition": NaN}', '{"a": 1, "a": 2}', "[" * 100_000]
)
def test_what_is_no_document_is_refused(bare, text):
    said = bare("calc", "benefit", "-", stdin=text)
    assert (said.code, said.out) == (1, "")
    assert said.err


def test_a_key_written_twice_is_refused_by_name(bare):
    twice = json.dumps(REVIEW)[:-1] + ', "last": "2017-01-01"}'
    assert "last" in bare("calc", "review", "-", stdin=twice).err
