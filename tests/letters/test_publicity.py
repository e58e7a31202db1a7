import io
import re
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from definitions.letters import letter
from definitions.letters.publicity import (
    MINOR,
    WHITELIST,
    NotPublishable,
    Posting,
    PublicityContent,
    Resident,
    publicity_content,
)
from notifications.letters import render
from tests.letters.sample import FACTS, HEAD, POSTING, second
from workflow.config import Config
from workflow.entropy import SeededEntropy
from workflow.forms import is_adult
from workflow.identity import mask_name
from workflow.models.base import canonical
from workflow.simulation.people import make_family

VALUES = {
    "visit": "match", "appraisal": "true", "opinion": "approve", "members": (HEAD,), "persons": 1, "amount": Decimal("1.00"),
}  # fmt: skip
COMMON = {"board", "edition", "posting", "applicant"}


@pytest.mark.parametrize("board, edition", WHITELIST)
@pytest.mark.parametrize("field", [*VALUES, "id_number", "phone", "reason", "illness"])
def test_a_board_takes_its_own_fields_and_no_other(board, edition, field):
    allowed = {name: VALUES[name] for name in WHITELIST[board, edition]}
    if field in allowed:
        content = publicity_content(board, edition, posting=POSTING, applicant=HEAD, **allowed)
        assert set(content.as_json()) <= COMMON | set(allowed) | {"minors"}
        with pytest.raises(NotPublishable, match="还缺"):
            publicity_content(
                board,
                edition,
                posting=POSTING,
                applicant=HEAD,
                **{k: v for k, v in allowed.items() if k != field},
            )
    else:
        with pytest.raises(NotPublishable, match="不得公示"):
            publicity_content(
                board, edition, posting=POSTING, applicant=HEAD, **allowed, **{field: VALUES.get(field, "x")}
            )


@pytest.mark.parametrize(
    "board, edition",
    [("second", "NAT2021"), ("second", "NAT2021-DELEGATED"), ("result", "NB2016"), ("wall", "NB2016")],
)
def test_an_edition_has_only_its_own_boards(board, edition):
    with pytest.raises(NotPublishable, match="不能公示"):
        publicity_content(board, edition, posting=POSTING, applicant=HEAD)


@pytest.mark.parametrize(
    "name",
    [
        "王秀英（尿毒症）",
        "王秀英330212196001011234",
        "13812341234",
        "王秀英 残疾",
        "",
        "王" * 41,
        "王秀英\n李明",
        "<b>王</b>",
        "王，患病",
    ],
)
def test_nothing_slips_in_with_a_name(name):
    with pytest.raises(NotPublishable, match="姓名"):
        second(members=(Resident(name, date(1960, 1, 1)),))


@pytest.mark.parametrize("name", ["王秀英", "阿卜杜拉·买买提", "𠮷田", "䶮", "John Smith"])
def test_every_kind_of_name_may_stand_on_a_board(name):
    assert second(members=(Resident(name, date(1960, 1, 1)),)).members == (name,)


@pytest.mark.parametrize("opinion", ["家庭困难，拟同意", "", None, "approve "])
def test_a_result_is_a_word_of_the_law(opinion):
    with pytest.raises(NotPublishable, match="审核意见"):
        publicity_content("first", "NAT2021", posting=POSTING, applicant=HEAD, opinion=opinion)


@pytest.mark.parametrize(
    "birth, shown", [(date(1998, 10, 10), "李小雨"), (date(1998, 10, 11), MINOR), (date(2016, 1, 1), MINOR)]
)
def test_whoever_is_under_eighteen_on_the_first_day_is_not_named(birth, shown):
    child = Resident("李小雨", birth)
    content = publicity_content(
        "second", "NB2016", posting=POSTING, applicant=child, members=(child,), amount=Decimal(100)
    )
    assert content.applicant == shown
    assert ("李小雨" in canonical(content.as_json())) is (shown == "李小雨")


@pytest.mark.parametrize("lacking", ["phone", "address", "office", "village"])
def test_a_board_without_a_way_to_object_is_refused(lacking):
    posting = Posting(**{**{f: getattr(POSTING, f) for f in Posting.__slots__}, lacking: " "})
    with pytest.raises(NotPublishable):
        publicity_content("first", "NAT2021", posting=posting, applicant=HEAD, opinion="approve")


def test_what_a_notice_keeps_comes_back_the_same():
    content = second()
    assert PublicityContent.from_json(content.as_json()) == content
    with pytest.raises(NotPublishable, match="illness"):
        PublicityContent.from_json(content.as_json() | {"illness": "x"})


def test_the_internet_copy_has_no_full_name():
    copy = second().masked()
    assert (copy.applicant, copy.members) == ("王*", ("王*", "李*"))
    assert "秀英" not in canonical(copy.as_json())


@pytest.mark.parametrize("rule, words", [("7d", "7 天"), ("7wd", "7 个工作日")])
def test_the_poster_says_the_rule_and_both_days(rule, words):
    posting = Posting(**{**{f: getattr(POSTING, f) for f in Posting.__slots__}, "rule": rule})
    content = publicity_content("first", "NAT2021", posting=posting, applicant=HEAD, opinion="approve")
    said = "\n".join(_poster([content]).texts())
    for part in (
        words,
        "公示第一天：2016年10月10日",
        "公示最后一天：2016年10月17日",
        "0574-88881234",
        "湖下路1号",
    ):
        assert part in said


def test_one_poster_is_for_one_board_only():
    other = publicity_content("first", "NAT2021", posting=POSTING, applicant=HEAD, opinion="approve")
    with pytest.raises(NotPublishable, match="分开打印"):
        _poster([second(), other])


def test_ten_thousand_families_show_no_more_than_the_law_lists():
    contents, families = _town(10_000, "second")
    for content, family in zip(contents, families, strict=True):
        adults = [m.name for m in family.members if is_adult(m.birth, POSTING.first_day)]
        minors = len(family.members) - len(adults)
        expected = {
            "board": "second", "edition": "NB2016", "posting": content.as_json()["posting"],
            "applicant": family.head.name, "members": adults, "minors": minors, "amount": "744.00",
        }  # fmt: skip
        assert content.as_json() == expected
        said = canonical(content.masked().as_json())
        assert not any(len(m.name) > 2 and m.name in said for m in family.members)
        assert said.count(mask_name(family.head.name)) >= 1


def test_the_printed_poster_holds_nothing_besides():
    contents, _ = _town(1000, "second")
    _check_print(contents)


@pytest.mark.soak
@pytest.mark.parametrize("board", ["second", "result"])
def test_ten_thousand_families_in_print(board):
    contents, _ = _town(10_000, board)
    for start in range(0, len(contents), 500):
        _check_print(contents[start : start + 500])


def _town(count, board):
    entropy, taken = SeededEntropy(f"publicity-{board}"), set()
    contents, families = [], []
    for _ in range(count):
        family = make_family(entropy, "330212101201", POSTING.first_day, taken)
        residents = [Resident(m.name, m.birth) for m in family.members]
        shown = {"members": residents} if board == "second" else {"persons": len(residents)}
        edition = "NB2016" if board == "second" else "NAT2021"
        contents.append(
            publicity_content(
                board, edition, posting=POSTING, applicant=residents[0], amount=Decimal(744), **shown
            )
        )
        families.append(family)
    return contents, families


def _check_print(contents):
    """The words of the PDF, page marks and repeated table heads taken out, are those of the letter in their order."""
    poster = _poster(contents)
    reader = PdfReader(io.BytesIO(render(poster, Config())))
    assert set(reader.metadata) <= {"/Title", "/Creator"}
    assert reader.metadata["/Title"] == poster.title
    head = _bare("".join(poster.table.head))
    printed = ""
    for number, page in enumerate(reader.pages, 1):
        text = _bare(page.extract_text())
        foot = _bare(f"{poster.number}第{number}页共{len(reader.pages)}页")
        text = text.replace(foot, "") if len(reader.pages) > 1 else text
        printed += text if number == 1 else text.replace(head, "", 1)
    rows = [label + value for label, value in poster.rows]
    cells = [cell for row in poster.table.body for cell in row]
    parts = [
        poster.title,
        poster.number,
        *poster.paragraphs,
        *rows,
        *poster.table.head,
        *cells,
        *poster.after,
        poster.contact,
    ]
    parts += [poster.caption, poster.office, "（盖章）", "2016年10月10日"]
    assert printed == _bare("".join(parts))


def _bare(text):
    return re.sub(r"\s+", "", text)


def _poster(contents):
    return letter("publicity", {"contents": contents, "number": "公示-2016-001", "link": FACTS["link"]})
