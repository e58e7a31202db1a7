"""The special situations in which the overall limit may be extended to 45 working days (N22 四(一); M57-22)."""

SPECIAL_SITUATIONS = {
    "objection": "公示期间有异议",
    "separated": "人户分离",
    "elsewhere": "异地申请",
    "hard": "调查困难",
}
