"""Two clerks of one window at one case."""

import re

import pytest

REASON = "材料不在本镇受理范围，请到户籍地办理"


@pytest.fixture
def case(district):
    return district.submitted()


def path(case, action="declare"):
    return f"/cases/{case.number}/actions/{action}"


def seen_on(page):
    return re.search(r'name="seen" value="(\d+)"', page.text)[1]
