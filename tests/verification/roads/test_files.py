"""Batch files: out once a day, in row by row, and what is damaged, wrong, double or in another encoding."""

import csv
import hashlib
import io
import itertools
import json
from decimal import Decimal

import pytest

from notifications.bureaus.exporting import export_batch
from notifications.bureaus.importing import import_batches
from notifications.bureaus.sheets import COLUMNS
from tests.faults.processes.rig import wait_until
from tests.verification.conftest import Order
from workflow.models import Answer, BureauFile, Finding

TAX = "tax"


@pytest.fixture
def roads(quick_roads):
    quick_roads.join("files")
    return quick_roads


def test_questions_go_out_once_a_day_and_answers_come_in_on_both_databases(
    district, order, tmp_path, bureaus
):
    from tests.verification.roads.conftest import Roads

    roads = Roads(district, tmp_path / "exchange")
    roads.join("files", only=(TAX,))
    check = order(members=3)
    bureaus(folder=roads.folder)
    made = export_batch(roads.run(), roads.source(TAX))
    assert (made.state, made.rows, made.name) == ("written", 3, "queries-tax-20160905-1.csv")
    assert export_batch(roads.run(), roads.source(TAX)) is None
    wait_until(lambda: list((roads.folder / TAX / "in").glob("*.manifest.json")), "the bureau to answer")
    (outcome,) = import_batches(roads.run(), roads.source(TAX))
    assert (outcome.stored, outcome.refused, list(outcome.faults)) == (outcome.rows, 0, [])
    assert check.states()[TAX] <= {"answered", "no_data"}
    assert len(district.rows(Answer)) == 3
    assert list(import_batches(roads.run(), roads.source(TAX))) == []
    assert [path.suffix for path in (roads.folder / TAX / "in" / "done").iterdir()] == [".json"], (
        "erased once it is sealed"
    )


def test_what_is_asked_later_the_same_day_waits_for_tomorrow_unless_somebody_asks_for_another_file(roads):
    Order(roads.district, members=1)
    assert export_batch(roads.run(), roads.source(TAX)).rows == 1
    Order(roads.district, members=2)
    assert export_batch(roads.run(), roads.source(TAX)) is None
    assert export_batch(roads.run(), roads.source(TAX), another=True).number == 2
    Order(roads.district, members=1)
    roads.district.days(1)
    assert export_batch(roads.run(), roads.source(TAX)).number == 1


def bring(roads, rows, *, name="answers.csv", encoding="utf-8-sig", cut=False, said=None):
    """A file of a bureau with these rows (dicts by column)."""
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    content = table.getvalue().encode(encoding)
    place = roads.folder / TAX / "in"
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(content[: len(content) // 2] if cut else content)
    manifest = {"name": name, "source": TAX, "rows": len(rows), "sha256": hashlib.sha256(content).hexdigest()}
    (place / f"{name}.manifest.json").write_text(json.dumps(manifest | (said or {})))
    found = list(import_batches(roads.run(), roads.source(TAX)))
    assert len(found) == 1
    assert found[0].rows == found[0].stored + found[0].refused
    return found[0]


def asked(roads, members=2):
    """An order whose questions to the tax bureau are out."""
    check = Order(roads.district, members=members)
    export_batch(roads.run(), roads.source(TAX))
    return check


def row(check, person=0, item="wage", value="12000.00", unit="元/年", **more):
    """A row about a member."""
    reply = check.reply(person)
    return {
        "查询编号": check.query(TAX, person).key, "证件号码": reply.about_number, "姓名": reply.about_name, "结果": "有数据",
        "数据时点": "2016-08-31", "项目": item, "数值": value, "单位": unit,
    } | more  # fmt: skip


def test_an_answer_of_several_rows_is_one_answer(roads):
    check = asked(roads)
    found = bring(roads, [row(check), row(check, item="business", value="300")])
    assert (found.rows, found.stored) == (2, 2)
    assert len(roads.district.rows(Answer)) == 1
    assert {one.item: one.value for one in roads.district.rows(Finding)} == {
        "wage": "12000.00",
        "business": "300.00",
    }


@pytest.mark.parametrize(
    ("unit", "value"),
    [("元/年", "12000.50"), ("分/年", "1200050"), ("万元/年", "1.20005"), ("yuan_year", "12000.5")],
)
def test_an_amount_is_taken_in_the_unit_it_is_declared_in(roads, unit, value):
    check = asked(roads)
    assert list(bring(roads, [row(check, value=value, unit=unit)]).faults) == []
    (finding,) = roads.district.rows(Finding)
    assert Decimal(finding.value) == Decimal("12000.5")


@pytest.mark.parametrize(
    ("more", "column", "reason"),
    [
        ({"单位": "元"}, "单位", "单位应是元／年"),
        ({"单位": "斤"}, "单位", "单位应是元／年"),
        ({"单位": "分/年", "数值": "12000.50"}, "数值", "小数位数不对"),
        ({"数值": "12,000"}, "数值", "无法识别"),
        ({"数值": "-5"}, "数值", "不合常理"),
        ({"项目": "hens"}, "项目", "没有这种核对项目"),
        ({"结果": "也许"}, "结果", "应是"),
        ({"数据时点": "2016年8月"}, "数据时点", "应是 2016-09-01 这样的日期"),
        ({"查询编号": "no-such"}, "查询编号", "不是向税务发出的查询"),
    ],
)
def test_a_bad_row_is_listed_by_line_column_value_and_reason_and_the_good_ones_are_stored(
    roads, more, column, reason
):
    check = asked(roads)
    found = bring(roads, [row(check, 0, **more), row(check, 1)])
    assert (found.stored, found.refused) == (1, 1)
    (fault,) = found.faults
    assert (fault.line, fault.column, fault.value) == (2, column, more[column])
    assert reason in fault.reason
    assert check.query(TAX, 1).state == "answered"
    (kept,) = (roads.folder / TAX / "in" / "done").glob("*.faults.csv")
    assert reason in kept.read_text("utf-8-sig")
    assert roads.district.rows(BureauFile, direction="in")[0].faults == [fault.as_json()]


def test_an_answer_is_taken_with_all_its_rows_or_with_none(roads):
    check = asked(roads)
    found = bring(roads, [row(check), row(check, item="business", unit="kg"), row(check, 1)])
    assert (found.stored, found.refused) == (1, 2)
    assert [fault.line for fault in found.faults] == [2, 3]
    assert check.query(TAX, 0).state == "sent"


def test_what_could_not_be_taken_is_asked_again_with_the_next_file(roads):
    check = asked(roads)
    bring(roads, [row(check, 0, unit="kg"), row(check, 1)])
    roads.district.days(1)
    again = export_batch(roads.run(), roads.source(TAX))
    assert again.rows == 1
    assert check.query(TAX, 0).attempts == 2


def test_an_answer_about_somebody_else_is_listed_and_marked(roads):
    check = asked(roads)
    found = bring(roads, [row(check, 0, 姓名="另有其人"), row(check, 1)])
    assert found.refused == 1
    assert "不是被查询的人" in found.faults[0].reason
    assert check.query(TAX, 0).state == "mismatch"


def test_an_answer_for_which_the_leave_was_withdrawn_is_not_taken(roads):
    from workflow.verification.authorisations import withdraw

    check = asked(roads)
    held = next(one for one in check.authorisations() if one.person_id == check.people[0])
    check.works(lambda session: withdraw(session, held.id, "本人书面撤回", now=roads.district.now))
    found = bring(roads, [row(check, 0), row(check, 1)])
    assert (found.stored, found.refused) == (1, 1)
    assert "授权已撤回" in found.faults[0].reason
    assert check.query(TAX, 0).state == "superseded"


def test_a_file_cut_in_half_is_refused_whole_with_its_last_line_and_the_whole_one_is_taken(roads):
    check = asked(roads)
    rows = [row(check, 0), row(check, 1)]
    found = bring(roads, rows, cut=True)
    assert not found.whole
    assert "文件到第" in found.faults[0].reason
    assert roads.district.rows(Answer) == []
    assert [path.suffix for path in sorted((roads.folder / TAX / "in" / "refused").iterdir())] == [
        ".csv",
        ".csv",
        ".json",
    ]
    assert bring(roads, rows).stored == 2


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"rows": 3}, "清单写 3 行"),
        ({"source": "land"}, "清单说的是 land"),
        ({"sha256": "0" * 64}, "校验值与清单不符"),
    ],
)
def test_a_file_that_is_not_what_its_manifest_says_is_refused_whole(roads, said, reason):
    check = asked(roads)
    found = bring(roads, [row(check, 0), row(check, 1)], said=said)
    assert not found.whole
    assert reason in found.faults[0].reason
    assert roads.district.rows(Answer) == []


def test_a_manifest_with_a_path_in_its_name_is_refused(roads):
    check = asked(roads)
    found = bring(roads, [row(check)], said={"name": "../../answers.csv"})
    assert "文件名只能用" in found.faults[0].reason


def test_gbk_is_read_and_a_rare_character_survives(roads):
    check = asked(roads)
    assert bring(roads, [row(check, 0), row(check, 1)], encoding="gb18030").stored == 2


def test_a_file_is_taken_once_whatever_it_is_called(roads):
    check = asked(roads)
    rows = [row(check, 0), row(check, 1)]
    bring(roads, rows)
    again = bring(roads, rows, name="other.csv")
    assert again.known
    assert len(roads.district.rows(Answer)) == 2
    assert len(roads.district.rows(BureauFile, direction="in")) == 1


def test_the_same_answer_in_another_file_is_stored_once(roads):
    check = asked(roads)
    bring(roads, [row(check, 0)])
    assert bring(roads, [row(check, 0), row(check, 1)], name="other.csv").stored == 2
    assert len(roads.district.rows(Answer)) == 2


def test_an_export_that_died_is_finished_as_the_same_file(roads, monkeypatch):
    from notifications.bureaus import exporting

    Order(roads.district, members=2)
    with monkeypatch.context() as broken:
        broken.setattr(exporting, "write_whole", _dies)
        with pytest.raises(OSError, match="died"):
            export_batch(roads.run(), roads.source(TAX))
    made = export_batch(roads.run(), roads.source(TAX))
    assert (made.state, made.rows, made.number) == ("written", 2, 1)


def test_an_import_that_died_is_read_again_and_nothing_is_double(roads, monkeypatch):
    from notifications.bureaus import importing

    check = asked(roads, members=3)
    rows = [row(check, person) for person in range(3)]
    store, calls = importing._store, itertools.count()
    with monkeypatch.context() as broken:
        broken.setattr(importing, "CHUNK", 1)
        broken.setattr(importing, "_store", lambda *given: _dies() if next(calls) == 2 else store(*given))
        with pytest.raises(OSError, match="died"):
            bring(roads, rows)
    assert (len(roads.district.rows(Answer)), roads.district.rows(BureauFile, direction="in")[0].state) == (
        2,
        "reading",
    )
    (outcome,) = import_batches(roads.run(), roads.source(TAX))
    assert (outcome.rows, outcome.stored, outcome.refused) == (3, 3, 0)
    assert len(roads.district.rows(Answer)) == 3


def _dies(*_args):
    raise OSError("died")
