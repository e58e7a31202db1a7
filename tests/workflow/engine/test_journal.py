"""The journal: a changed byte is found and named, a cut tail is seen, and it tells the same story as the rows."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from migrations import append_only
from tests.district import District
from workflow import journal
from workflow.journal import Verdict
from workflow.models import Case, CaseForm, CheckpointHead, JournalEntry
from workflow.periods import local_date


def verdict(district: District) -> Verdict:
    with district.database.reading() as session:
        return journal.verify(session.connection())


def tamper(district: District, statement: str, **values: object) -> None:
    """Change the database behind the triggers' back, as somebody with its password could."""
    with district.database.acting() as conn:
        append_only.remove(conn)
    with district.database.acting() as conn:
        conn.execute(text(statement), values)


def test_a_sound_journal_is_found_sound_and_counted(district: District) -> None:
    district.bring(district.application(), "opinion")
    district.application()
    found = verdict(district)
    assert found == Verdict(len(district.rows(JournalEntry)), ok=True)
    assert found.entries > 10


@pytest.mark.parametrize(
    "column", ["says", "reason", "actor_name", "action", "at", "form_digest", "to_stage", "edition"]
)
def test_one_changed_byte_is_found_and_its_entry_named(district: District, column: str) -> None:
    case = district.bring(district.application(), "accepted")
    value = "2016-09-05T02:00:01Z" if column == "at" else "x"
    tamper(
        district,
        f"UPDATE journal_entry SET {column} = :value WHERE case_id = :case AND seq = 2",
        value=value,
        case=case,
    )
    found = verdict(district)
    assert (found.ok, found.first_broken) == (False, f"{district.case(case).number} 第 2 条：内容与哈希不符")


def test_an_entry_rehashed_to_look_right_breaks_the_next_one(district: District) -> None:
    case = district.bring(district.application(), "accepted")
    entry = district.journal(case)[1]
    forged = {name: getattr(entry, name) for name in journal.COVERED} | {"says": "另一种说法"}
    new = journal.entry_hash(district.case(case).number, forged)
    tamper(
        district,
        "UPDATE journal_entry SET says = '另一种说法', hash = :new WHERE case_id = :case AND seq = 2",
        new=new,
        case=case,
    )
    assert verdict(district).first_broken == f"{district.case(case).number} 第 3 条：内容与哈希不符"


def test_a_removed_entry_is_missed(district: District) -> None:
    case = district.bring(district.application(), "accepted")
    tamper(district, "DELETE FROM case_form WHERE case_id = :case AND seq = 2", case=case)
    tamper_again(district, "DELETE FROM journal_entry WHERE case_id = :case AND seq = 2", case=case)
    assert verdict(district).first_broken == f"{district.case(case).number} 第 2 条：缺失"


def tamper_again(district: District, statement: str, **values: object) -> None:
    with district.database.acting() as conn:
        conn.execute(text(statement), values)


def test_a_changed_form_is_found_a_destroyed_one_is_not_held_against_the_chain(district: District) -> None:
    case = district.bring(district.application(), "accepted")
    seq = next(row.seq for row in district.rows(CaseForm, case) if row.action == "submit")
    with district.database.acting() as conn:
        conn.execute(
            text("UPDATE case_form SET body = '{}' WHERE case_id = :case AND seq = :seq"),
            {"case": case, "seq": seq},
        )
    assert verdict(district).first_broken == f"{district.case(case).number} 第 {seq} 条：表单内容与摘要不符"
    with district.database.acting() as conn:
        conn.execute(
            text("DELETE FROM case_form WHERE case_id = :case AND seq = :seq"), {"case": case, "seq": seq}
        )
    assert verdict(district).ok


@pytest.mark.parametrize("table", [name for name in append_only.TABLES if name != "deadline_past"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET hash = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove_what_is_recorded(
    district: District, table: str, verb: str
) -> None:
    district.bring(district.application(), "accepted")
    with district.database.acting() as conn:
        journal.checkpoint(conn, district.today)
    statement = verb.format(table)
    with pytest.raises(DBAPIError, match="append-only"), district.database.acting() as conn:
        conn.execute(text(statement))
    assert verdict(district).ok


@pytest.mark.parametrize("verb", ["UPDATE deadline_past SET label = 'x'", "DELETE FROM deadline_past"])
def test_a_limit_as_it_once_was_stays_so(district: District, verb: str) -> None:
    case = district.bring(district.application(), "accepted")
    with district.database.acting() as conn:
        conn.execute(text("UPDATE deadline SET due_on = '2030-01-01' WHERE case_id = :case"), {"case": case})
    with pytest.raises(DBAPIError, match="append-only"), district.database.acting() as conn:
        conn.execute(text(verb))


def test_postgresql_refuses_to_empty_the_journal_too(fresh_postgres) -> None:
    from tests.district import prepare

    district = District(fresh_postgres(prepare))
    district.application()
    with pytest.raises(DBAPIError, match="append-only"), district.database.acting() as conn:
        conn.execute(text("TRUNCATE journal_entry CASCADE"))
    district.close()


def test_a_cut_tail_with_a_mended_head_is_seen_by_the_checkpoint(district: District) -> None:
    case = district.bring(district.application(), "investigating")
    with district.database.acting() as conn:
        assert journal.checkpoint(conn, district.today) is True
    last, before = district.journal(case)[-1], district.journal(case)[-2]
    tamper(district, "DELETE FROM case_form WHERE case_id = :case AND seq = :seq", case=case, seq=last.seq)
    tamper_again(
        district, "DELETE FROM journal_entry WHERE case_id = :case AND seq = :seq", case=case, seq=last.seq
    )
    tamper_again(
        district,
        'UPDATE "case" SET seq = :seq, head_hash = :hash WHERE id = :case',
        case=case,
        seq=before.seq,
        hash=before.hash,
    )
    assert verdict(district).first_broken == f"案件 {case} 第 {last.seq} 条：与 2016-09-05 的检查点不符"


def test_a_cut_tail_without_a_checkpoint_is_seen_by_the_head_on_the_case(district: District) -> None:
    case = district.bring(district.application(), "accepted")
    last = district.journal(case)[-1]
    tamper(district, "DELETE FROM case_form WHERE case_id = :case AND seq = :seq", case=case, seq=last.seq)
    tamper_again(
        district, "DELETE FROM journal_entry WHERE case_id = :case AND seq = :seq", case=case, seq=last.seq
    )
    assert verdict(district).first_broken == f"{district.case(case).number}：日志末条与案件不符"


def test_a_changed_checkpoint_is_found(district: District) -> None:
    case = district.application()
    for day in ("2016-09-05", "2016-09-06"):
        district.day(day)
        with district.database.acting() as conn:
            journal.checkpoint(conn, district.today)
        district.do(district.application(), "submit")
    tamper(district, "UPDATE checkpoint_head SET seq = seq + 1 WHERE case_id = :case", case=case)
    assert verdict(district).first_broken == "2016-09-05 的检查点：内容与哈希不符"


def test_a_checkpoint_is_made_once_a_day_and_holds_only_what_moved(district: District) -> None:
    first = district.application()
    with district.database.acting() as conn:
        assert [journal.checkpoint(conn, district.today) for _ in range(2)] == [True, False]
    second = district.application()
    district.day("2016-09-06")
    with district.database.acting() as conn:
        assert journal.checkpoint(conn, local_date(district.now)) is True
    heads = [(row.day.day, row.case_id) for row in district.rows(CheckpointHead)]
    assert heads == [(5, first), (6, second)]
    assert verdict(district).ok


def test_the_journal_tells_the_same_story_as_the_rows(district: District) -> None:
    case = district.bring(district.application(), "county_review")
    assert district.broken() == {}
    with district.database.acting() as conn:
        conn.execute(Case.__table__.update().where(Case.id == case).values(facts={"amount": "9999.00"}))
    assert district.broken().keys() == {"replay_gives_state"}


@pytest.mark.parametrize(
    "change, told",
    [({"stage": "decision"}, "replay_gives_state"), ({"version": 99}, "replay_gives_state"), ({"seq": 3}, "journal_whole"),
     ({"barred": [1]}, "replay_gives_state"), ({"hands": {}}, "four_eyes")],
)  # fmt: skip
def test_a_row_changed_behind_the_journals_back_is_found(
    district: District, change: dict[str, object], told: str
) -> None:
    case = district.bring(district.application(), "opinion")
    with district.database.acting() as conn:
        conn.execute(Case.__table__.update().where(Case.id == case).values(**change))
    assert told in district.broken()


def test_acts_of_the_same_second_have_their_order_and_no_wall_clock(district: District) -> None:
    case = district.bring(district.application(), "accepted")
    entries = district.journal(case)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert {entry.at for entry in entries} == {district.now}
