"""Every refusal of the engine. The message is for the user: what is missing and what to do, in Chinese."""

from __future__ import annotations

from typing import Any


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """这项操作现在不能办理。"""

    def __init__(self, message: str = "", **facts: Any) -> None:
        self.message = message or (type(self).__doc__ or "")
        self.facts = facts
        super().__init__(self.message)


class NotPermitted(Refused):
    """您没有办理这项操作的权限。"""


class NotFound(Refused):
    """没有找到，或者不在您的管辖范围内。"""


class NotNow(Refused):
    """案件在现在的环节不能办理这项操作。"""


class Unmet(Refused):
    """办理条件还不具备。"""


class ChangedMeanwhile(Refused):
    """别人刚刚办理过这个案件。您填写的内容已保留，请核对最新情况后再提交。"""


class FormRefused(Refused):
    """填写的内容有误，请按提示修改。"""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__("；".join(errors.values()))


class Misdefined(Refused):
    """流程定义有错误，系统不能启动。"""


class BadConfiguration(Refused):
    """系统配置有误，不能启动。"""


class NotMigrated(BadConfiguration):
    """数据库还没有升级，请先运行 jiuzhu db upgrade。"""


class Busy(Refused):
    """数据库正忙，请稍后重试；您填写的内容没有丢失。"""


class UnknownValue(Refused):
    """筛选条件里的值不能识别。"""
