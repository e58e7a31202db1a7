"""`verification`: sources listed and set up, batch files out and in."""

import json

import pytest

from tests.verification.conftest import Order, prepared_sqlite, quick, sqlite_url

__all__ = ["prepared_sqlite", "quick", "sqlite_url"]


@pytest.fixture
def district(request):
    """The small district, whose database the commands are then told of."""
    return request.getfixturevalue("quick")


def test_sources_are_listed_and_set_up(jiuzhu):
    listed = jiuzhu("verification", "sources", "--json").document
    assert len(listed) == 9
    assert {one["transport"] for one in listed} == {"发函"}
    said = jiuzhu("verification", "set", "all", "--transport", "http", "--address", "http://127.0.0.1:9/{source}",
                  "--secret", "TRY", "--retry", "10 20")  # fmt: skip
    assert (said.code, said.err) == (0, "")
    listed = jiuzhu("verification", "sources", "--json").document
    assert {(one["address"], one["lacks"]) for one in listed if one["code"] == "tax"} == {
        ("http://127.0.0.1:9/tax", "没有设置环境变量 BUREAU_SECRET_TRY")
    }


def test_settings_that_cannot_work_are_refused_and_change_nothing(jiuzhu):
    said = jiuzhu("verification", "set", "all", "--transport", "http", "--address", "tax")
    assert said.code == 1
    assert "接口地址应写成" in said.err
    assert {one["transport"] for one in jiuzhu("verification", "sources", "--json").document} == {"发函"}
    assert "没有“moon”这个来源" in jiuzhu("verification", "set", "moon").err
    assert "没有用批量文件的来源" in jiuzhu("verification", "export-batch").err


def test_questions_are_written_and_a_damaged_answer_is_refused_with_its_line(
    jiuzhu, tmp_path, monkeypatch, district
):
    Order(district, members=2)
    monkeypatch.setenv("DATABASE_URL", district.url)
    monkeypatch.setenv("EXCHANGE_FOLDER", str(tmp_path / "exchange"))
    now = district.now
    assert jiuzhu("verification", "set", "tax", "--transport", "files", now=now).code == 0
    made = jiuzhu("verification", "export-batch", "tax", "--json", now=now).document
    assert made == [{"source": "tax", "file": "queries-tax-20160905-1.csv", "rows": 2}]
    assert "没有要发出的" in jiuzhu("verification", "export-batch", now=now).out
    place = tmp_path / "exchange" / "tax" / "in"
    place.mkdir()
    (place / "answers.csv").write_text("查询编号,证件号码\nx,y")
    manifest = {"name": "answers.csv", "source": "tax", "rows": 9, "sha256": "0" * 64}
    (place / "answers.csv.manifest.json").write_text(json.dumps(manifest))
    said = jiuzhu("verification", "import-batch", now=now)
    assert said.code == 1
    assert "整份退回" in said.out
    assert "文件到第 2 行为止" in said.out
    assert jiuzhu("verification", "import-batch", now=now).out == "没有新的答复文件。\n"
