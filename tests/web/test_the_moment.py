"""Nobody says when he acts: the moment of an act is the service's, read from the clock once, never taken from a request."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"
FILES = sorted(path for path in WEB.rglob("*.py") if "cli" not in path.parts)


def _moments(tree: ast.AST) -> Iterator[ast.expr]:
    """What is given as `now` somewhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "now":
            yield node.value
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == "now" for target in targets):
                yield node.value


def _is_ours(value: ast.expr) -> bool:
    """The clock's `now()`, or a name or attribute that holds it."""
    if isinstance(value, ast.Call):
        asked = value.func
        return not value.args and (asked.attr if isinstance(asked, ast.Attribute) else "") == "now"
    return (isinstance(value, ast.Name) and value.id == "now") or (
        isinstance(value, ast.Attribute) and value.attr == "now"
    )


def test_the_moment_of_every_act_comes_from_the_clock():
    strange = [
        f"{path.relative_to(WEB)}:{value.lineno}: {ast.unparse(value)}"
        for path in FILES
        for value in _moments(ast.parse(path.read_text("utf-8")))
        if not _is_ours(value)
    ]
    assert strange == []


@pytest.mark.parametrize(
    ("line", "ours"),
    [
        ("act(now=edge.now())", True),
        ("act(now=now)", True),
        ("act(now=run.now)", True),
        ("act(now=request.form['at'])", False),
        ("now = datetime.fromisoformat(asked)", False),
        ("if now := request.args.get('now'): pass", False),
        ("now = edge.now(request.args['at'])", False),
    ],
)
def test_a_moment_from_elsewhere_would_be_found(line, ours):
    assert [_is_ours(value) for value in _moments(ast.parse(line))] == [ours]
