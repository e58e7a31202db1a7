"""Whom a verification asks: the eight sectors of the district platform and the city's (SEED 三(四))."""

from __future__ import annotations

SOURCES: dict[str, str] = {
    "civil_affairs": "民政", "social_security": "人力社保", "public_security": "公安", "housing": "住建", "land": "国土",
    "market": "市场监管", "tax": "税务", "finance": "金融机构", "city": "市核对平台",
}  # fmt: skip
CONCLUSIONS: dict[str, str] = {"match": "符合", "mismatch": "不符合", "doubt": "需进一步核实"}
STATES: dict[str, str] = {
    "waiting": "待发出", "sent": "已发出", "answered": "已答复", "no_data": "查无记录", "mismatch": "身份不符",
    "silent": "已询问未答复", "failed": "发送失败", "by_letter": "函询中", "superseded": "已取消",
}  # fmt: skip
"""How a query stands, in words."""
RESPONSIBLE: dict[str, str] = {
    "waiting": "等系统发送", "sent": "等来源部门答复", "by_letter": "信息核对员登记回函", "failed": "信息核对员发函或登记",
    "mismatch": "信息核对员核实身份",
}  # fmt: skip
"""Who moves a query on that stands so; the others have ended."""
TRANSPORTS: dict[str, str] = {"http": "接口", "files": "批量文件", "letter": "函询", "hand": "人工登记"}
