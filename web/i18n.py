"""The catalogue of translations, brought up to date: `python -m web.i18n`.

A message's id is its Chinese text. Pages name theirs in `_("…")`; definitions, roles and forms hold theirs as labels,
which pages translate as they show them. Both are gathered here. Entries that are not translated yet are listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from definitions import CATALOGUE, clue
from definitions import changes as law
from definitions.editions.household import CIRCLES
from definitions.rules import counting
from definitions.shared.materials import MATERIALS
from web.sentences import sentences
from workflow import errors
from workflow.calendar import WEEKDAYS
from workflow.changes import AWAY, EVENT_SOURCES, EVENTS, FORMS
from workflow.definition_checks.words import questions, texts
from workflow.desk.substitutions import RULES
from workflow.households import HouseholdForm, words
from workflow.ladders import CODES
from workflow.policy import HANDS
from workflow.releases import compare
from workflow.releases.signing import SHIPPED
from workflow.roles import ROLES
from workflow.rungs import SAYS
from workflow.timing.standing import STANDINGS
from workflow.vocabulary import WAITS
from workflow.worklist import GROUPS

ROOT = Path(__file__).parent
FOLDER = ROOT / "translations"
METHODS = [("**/translations/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
HEADER = """\
# Made by `python -m web.i18n`; a msgid is the Chinese text of a page.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
"""No dates and names: the same texts give the same file."""
WORDS = (
    words.RELATIONS, words.INCOME_CATEGORIES, words.INCOME_KINDS, words.ASSET_KINDS, words.SOURCES, words.LABOUR,
    words.DISABILITIES, words.GRADES, words.SETTINGS, words.SEXES, words.LEAVINGS, MATERIALS, HANDS, GROUPS,
)  # fmt: skip
NAMED = (
    "FILTERS", "STATES", "CLASSES", "PAGES", "MARKS", "MAIL", "SETTINGS", "AGES", "VERBS", "TABS", "LEVELS",
)  # fmt: skip
"""What modules of pages call their tables of code and label."""


def messages() -> Iterator[tuple[str | tuple[str, str], str]]:
    """Every text to translate, with where it comes from; a text of `_n()` comes as a pair and has a plural."""
    for file, _line, text, _comments, _context in extract_from_dir(
        ROOT, METHODS, OPTIONS, keywords={"_": None, "gettext": None, "_n": (1, 1), "Entry": (1,)}
    ):
        found = [text] if isinstance(text, str) else list(text)
        yield ((found[0], found[1]) if found[1:] else found[0]), f"web/{file}"
    yield from sentences()
    for file, table in _tables():
        yield from ((text, file) for text in table)
    for role in ROLES.values():
        yield role.title, "workflow/roles.py"
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.Refused) and kind.__doc__:
            yield kind.__doc__, "workflow/errors.py"
    for blueprint in CATALOGUE:
        yield from ((text, f"definitions: {blueprint.code}") for _place, text in texts(blueprint))


def _tables() -> Iterator[tuple[str, list[str]]]:
    """Texts that modules of this room and below keep in tables of code and label."""
    from web import cases, problems, worklist
    from web.cases import page, views
    from web.worklist import views as list_views

    yield (
        cases.__name__,
        [*page.SOURCES.values(), *views.FILTERS.values(), *views.STATES.values(), *views.REASONS.values()],
    )
    yield worklist.__name__, list(list_views.FILTERS.values())
    yield problems.__name__, [title for _kind, _status, title in problems.STATUS]
    yield problems.__name__, [text for pair in problems.PLAIN.values() for text in pair]
    for table in WORDS:
        yield "words", list(table.values())
    yield from _desks()


def _desks() -> Iterator[tuple[str, list[str]]]:
    """The tables of the boards, lists, administration and public pages."""
    from definitions.editions.names import NAMES
    from definitions.editions.standards import KINDS
    from definitions.letters import LETTERS
    from definitions.letters.publicity import BOARDS
    from web.admin import base, halts, law, people, places, system
    from web.board import standing
    from web.board import views as board
    from web.desk import choosing
    from web.desk.hand import HANDS as HANDING
    from web.households import changes
    from web.inbox import views as inbox
    from web.incidents import views as incidents
    from web.jobs import JOBS
    from web.mining import views as mining
    from web.notices import views as notices
    from web.payments import views as payments
    from web.public import calculator
    from web.releases import base as releases
    from web.releases import migrations
    from web.reviews import schedule
    from web.reviews import views as reviews

    modules = (
        base, halts, law, people, places, system, board, standing, choosing, inbox, incidents, mining, notices, payments,
        releases, migrations, schedule, reviews,
    )  # fmt: skip
    for module in modules:
        for table in (getattr(module, name) for name in NAMED if hasattr(module, name)):
            yield module.__name__, list(table.values())
    yield reviews.__name__, list(reviews.WEEK)
    yield "workflow", [*RULES, *WEEKDAYS, *CODES.values(), *WAITS.values(), *STANDINGS.values()]
    yield "workflow.rungs", [*SAYS.values(), "提醒：时限过半", "两个工作日"]
    for table in (compare.KINDS, compare.CHANGES, compare.NAMES):
        yield compare.__name__, list(table.values())
    yield "workflow.releases", [SHIPPED]
    for hand in HANDING.values():
        yield "desk", [hand.label, hand.intro, hand.words, hand.done]
    yield inbox.__name__, [label for pairs in inbox.CHOICES.values() for _code, label in pairs]
    yield "definitions.letters", [kind.title for kind in LETTERS.values()]
    yield "definitions.editions", [*NAMES.values(), *KINDS.values(), *BOARDS.values()]
    yield "jobs", [job.title for job in JOBS]
    for form in (
        changes.Earned,
        changes.Owned,
        HouseholdForm,
        calculator.Family,
    ):
        yield "forms", [text for text in questions(form) if text]
    yield changes.__name__, ["登记收入", "登记财产"]
    yield from _events()


def _events() -> Iterator[tuple[str, list[str]]]:
    """What happens in families, what it means, and who of them counts."""
    for form in FORMS.values():
        yield "forms", [text for text in questions(form) if text]
    yield "workflow.changes", [*EVENTS.values(), *AWAY.values(), *EVENT_SOURCES.values()]
    meanings = (*law.MEANINGS.values(), *law.STILL_COUNTED.values())
    yield law.__name__, [*(meaning.says for meaning in meanings), law.EMPTY, law.TOLD]
    yield clue.__name__, [*clue.KINDS.values(), *clue.CHANNELS.values(), *clue.VERDICTS.values()]
    yield counting.__name__, list(counting.VERDICTS.values())
    for circle in CIRCLES.values():
        kinds = (*circle.excluded, *circle.alone)
        yield "definitions.editions", [*circle.basic.values(), circle.duty, *(kind.label for kind in kinds)]


def update(path: Path) -> Catalog:
    """The catalogue in this file with new texts added and forgotten ones removed; written back in a fixed order."""
    with path.open("rb") as file:
        kept = read_po(file)
    catalog = Catalog(locale=kept.locale, fuzzy=False)
    for text, place in messages():
        known: Any = kept.get(text)
        said = forms(known.string) if known is not None else [""]
        catalog.add(text, said[-1] if isinstance(text, str) else (said[0], said[-1]), locations=[(place, 0)])
    with path.open("wb") as out:
        out.write(HEADER.format(language=kept.locale_identifier).encode())
        write_po(out, catalog, sort_output=True, width=0, include_lineno=False, omit_header=True)
    return catalog


def untranslated(catalog: Catalog) -> list[str]:
    """The texts without a translation."""
    return sorted(str(message.id) for message in catalog if message.id and not all(forms(message.string)))


def forms(string: str | Sequence[str] | None) -> list[str]:
    """The singular and the plural of a translation, or its one form."""
    return [string or ""] if string is None or isinstance(string, str) else list(string)


def main() -> None:
    """Bring every language's catalogue up to date and name what is missing."""
    for path in sorted(FOLDER.glob("*/LC_MESSAGES/messages.po")):
        missing = untranslated(update(path))
        print(f"{path.parent.parent.name}: {len(missing)} untranslated")  # noqa: T201 - what the command is for
        for text in missing:
            print(f"  {text}")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
