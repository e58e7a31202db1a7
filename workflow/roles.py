"""The roles of the district and the levels of area at which each is held."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A duty a person holds for one area. `levels` are the area levels it may be held at, deepest first.

    One held at a department works on the cases that are handed to that department, and sees no others.
    """

    code: str
    title: str
    levels: tuple[str, ...]
    reads: bool = True  # sees the cases of its area

    @property
    def of_department(self) -> bool:
        """Whether it is held at a department."""
        return self.levels == ("department",)

    def __str__(self) -> str:
        return self.code


VILLAGE_AGENT = Role("village_agent", "村级代理员", ("village",))
WINDOW = Role("window_clerk", "窗口受理员", ("town",))
INVESTIGATOR = Role("investigator", "入户调查员", ("town",))
TOWN_REVIEWER = Role("town_reviewer", "乡镇审核人", ("town",))
TOWN_APPROVER = Role("town_approver", "乡镇确认人", ("town",))
VERIFIER = Role("verification_officer", "信息核对员", ("county",))
COUNTY_REVIEWER = Role("county_reviewer", "县级审核人", ("county",))
COUNTY_APPROVER = Role("county_approver", "县级审批人", ("county",))
LIAISON = Role("liaison", "部门联络员", ("department",), reads=False)
FINANCE = Role("finance_officer", "资金经办", ("county",))
SUPERVISOR = Role("supervisor", "督办", ("town", "county"))
HEAD = Role("department_head", "部门负责人", ("county",))
AUDITOR = Role("auditor", "审计", ("county",))
ADMINISTRATOR = Role("administrator", "系统管理员", ("county",), reads=False)
DEPARTMENT_REVIEWER = Role("department_reviewer", "部门审核人", ("department",), reads=False)
DEPARTMENT_APPROVER = Role("department_approver", "部门审批人", ("department",), reads=False)
CENTRE_STAFF = Role("centre_staff", "救助中心经办", ("county",))
CENTRE_DIRECTOR = Role("centre_director", "救助中心主任", ("county",))

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        VILLAGE_AGENT, WINDOW, INVESTIGATOR, TOWN_REVIEWER, TOWN_APPROVER, VERIFIER, COUNTY_REVIEWER,
        COUNTY_APPROVER, LIAISON, FINANCE, SUPERVISOR, HEAD, AUDITOR, ADMINISTRATOR, DEPARTMENT_REVIEWER,
        DEPARTMENT_APPROVER, CENTRE_STAFF, CENTRE_DIRECTOR,
    )
}  # fmt: skip

SYSTEM = Role("system", "系统", ("county",), reads=False)
"""Carries out effect dates of signed decisions; no person holds it."""
LINKED = Role("linked", "关联案件", ("county",), reads=False)
"""An act that only another case's signed act may cause, as part of the same transaction."""
