"""`demo load`: the sample district."""

from __future__ import annotations

from dataclasses import asdict

import click

from definitions.rehearsal.demo import Account, first_to_last, load
from web.cli import main
from web.cli.base import Answer, Tool, pass_tool, table
from web.cli.simulate import progress
from workflow.roles import ROLES

HOUSEHOLDS, SEED = 60, 1


@main.group()
def demo() -> None:
    """样例区：合成的家庭和人员，用来试用。"""


@demo.command("load")
@click.option("--households", type=int, default=HOUSEHOLDS, show_default=True, help="家庭数。")
@click.option("--seed", type=int, default=SEED, show_default=True, help="种子。")
@pass_tool
def load_(tool: Tool, households: int, seed: int) -> Answer:
    """装入样例区：一个镇过去两年的办理情况；数据库里有别的数据就拒绝。"""
    accounts = fill(tool, households, seed)
    return Answer([asdict(account) for account in accounts], sign_ins(accounts))


def fill(tool: Tool, households: int = HOUSEHOLDS, seed: int = SEED) -> list[Account]:
    """Load the sample district and return its accounts. Raises Refused."""
    from web.jobs import JOBS

    plan = first_to_last(households, seed, tool.today())
    with progress(plan.first, plan.last) as tell:
        return load(households, seed, tool.edge.office, tool.database, tool.config, JOBS, tool.now(), tell)


def sign_ins(accounts: list[Account]) -> list[str]:
    """The accounts as lines to print."""
    rows = [("岗位", "区域", "用户名", "密码")]
    rows += [
        (ROLES[account.role].title, account.area, account.login, account.password) for account in accounts
    ]
    return ["以下账号的密码只显示这一次（样例区的人员和家庭都是合成的）：", *table(rows)]
