"""The ways a family's need reaches the window, and what it says it lacks (R649-11, 17, 60; ZJ-53, 54)."""

WINDOW_CHANNEL, AGENT_CHANNEL, DISCOVERY, REFERRED = "window", "agent", "discovery", "referred"
CHANNELS = {
    WINDOW_CHANNEL: "窗口",
    AGENT_CHANNEL: "村（社区）代办",
    "online": "网上",
    DISCOVERY: "主动发现",
    REFERRED: "转入",
    "hotline": "热线电话",
}
FROM_ELSEWHERE = frozenset({DISCOVERY, REFERRED})
"""Channels of which is asked who has sent or found the family."""

TROUBLES = {
    "living": "基本生活", "medical": "看病", "education": "上学", "housing": "住房", "employment": "找工作",
    "disability": "残疾照料", "sudden": "突发变故", "disaster": "受灾", "other": "其他",
}  # fmt: skip
"""What a family comes with, in its own words."""

ASKED_FOR = {
    "living": "dibao", "medical": "medical", "education": "education", "housing": "housing", "employment": "employment",
    "disability": "disability", "sudden": "temporary", "disaster": "disaster",
}  # fmt: skip
"""Trouble -> the programme that is asked for with it."""
