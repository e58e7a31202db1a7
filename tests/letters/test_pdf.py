import io
import re

import pytest
from pypdf import PdfReader

from definitions.letters import LETTERS, letter
from notifications import fonts
from notifications.fonts import NoFont, find_font
from notifications.letters import GlyphMissing, pictures, qr_svg, render
from tests.letters.sample import STEPS, facts_for
from workflow.config import Config

CONFIG = Config()
HOSTILE = [
    "{{7*7}}", "{% for x in y %}", "${7*7}", '#eval("1+1")', '#read("/etc/passwd")', "*粗*", "_斜_", "$x^2$", "@ref", "<label>",
    "\\u{41}", "`code`", "= 标题", "//注释", "/*注*/", "#[content]", "%(number)s", "'; DROP TABLE case;--", "]#text(red)[", "<script>alert(1)</script>",
]  # fmt: skip


def _words(pdf):
    return "".join(re.sub(r"\s+", "", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("kind", LETTERS)
def test_every_text_of_a_letter_is_in_its_pdf(kind):
    written = letter(kind, facts_for(kind))
    pdf = render(written, CONFIG)
    printed = _words(pdf)
    parts = [
        written.title, written.number, written.addressee, *written.paragraphs, *written.after, written.remedy, written.basis,
        written.contact, written.office, *(value for _, value in written.rows),
    ]  # fmt: skip
    parts += [cell for row in written.table.body for cell in row] if written.table else []
    for part in parts:
        assert re.sub(r"\s+", "", part) in printed


def test_a_page_is_a4_and_the_pdf_is_tagged_and_chinese():
    reader = PdfReader(io.BytesIO(render(letter("approval", facts_for("approval")), CONFIG)))
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert reader.root_object["/Lang"].startswith("zh")


def test_the_same_letter_is_the_same_file():
    written = letter("stop", facts_for("stop"))
    assert render(written, CONFIG) == render(written, CONFIG)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_never_read_as_markup(text):
    facts = facts_for(
        "refusal", reasons=[text, text], applicant=text, derivation=[STEPS[0] | {"formula": text}]
    )
    printed = _words(render(letter("refusal", facts), CONFIG))
    assert printed.count(re.sub(r"\s+", "", text)) == 4


def test_the_seal_never_stands_alone_on_a_page():
    for steps in range(1, 16):
        pdf = render(letter("approval", facts_for("approval", derivation=STEPS[:1] * steps)), CONFIG)
        last = PdfReader(io.BytesIO(pdf)).pages[-1].extract_text()
        assert ("盖章" in last, "行政复议" in last) == (True, True)


@pytest.mark.parametrize(
    "character, code", [("\U0001f600", "U+1F600"), ("\ue000", "U+E000"), ("\U00020bb7", "U+20BB7")]
)
def test_a_character_without_glyph_is_named(character, code):
    with pytest.raises(GlyphMissing, match=rf"没有这个字：{character}（{re.escape(code)}）"):
        render(letter("stop", facts_for("stop", applicant=f"王{character}明")), CONFIG)


@pytest.mark.parametrize("name", ["䶮", "喆", "堃", "龘", "·"])
def test_rare_names_are_set(name):
    assert name in _words(render(letter("stop", facts_for("stop", applicant=f"王{name}")), CONFIG))


def test_a_letter_can_be_looked_at_as_pictures():
    assert pictures(letter("stop", facts_for("stop")), CONFIG, ppi=30)[0].startswith(b"\x89PNG")


def test_a_qr_code_is_a_picture_in_the_letter_or_nothing():
    assert qr_svg("https://jiuzhu.example/").startswith("<svg")
    assert qr_svg("") == ""


def test_the_brought_font_is_found_and_a_file_or_folder_may_be_named():
    found = find_font(CONFIG)
    assert find_font(Config(font_path=found.path)).family == found.family
    assert find_font(Config(font_path=f"{found.path}/NotoSansSC-Regular.ttf")).family == found.family


@pytest.mark.parametrize("path", ["/nowhere", "/nowhere/font.ttf"])
def test_a_named_font_that_is_not_there_is_refused(path):
    with pytest.raises(NoFont, match="FONT_PATH=/nowhere"):
        find_font(Config(font_path=path))


def test_a_folder_without_chinese_font_is_refused(tmp_path):
    with pytest.raises(NoFont, match="没有可用的中文字体"):
        find_font(Config(font_path=str(tmp_path)))


def test_without_any_chinese_font_the_refusal_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "BROUGHT", tmp_path)
    monkeypatch.setattr(fonts, "SYSTEM", ("No Such Family",))
    with pytest.raises(NoFont, match="apt install fonts-noto-cjk"):
        find_font(CONFIG)
