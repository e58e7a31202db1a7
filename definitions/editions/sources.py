"""The law texts behind the short source tags (`M57-13`), and how a citizen reads them."""

from __future__ import annotations

import re

TITLES: dict[str, str] = {
    "SEED": "鄞政办发〔2016〕122号",
    "R649": "社会救助暂行办法",
    "R271": "城市居民最低生活保障条例",
    "ZJ": "浙江省社会救助条例",
    "ZJ15": "浙江省社会救助家庭经济状况认定办法（2015年）",
    "M220": "最低生活保障审核审批办法（试行）",
    "M57": "最低生活保障审核确认办法",
    "TK16": "特困人员认定办法（2016年）",
    "TK21": "特困人员认定办法（2021年）",
    "GX24": "刚性支出困难家庭认定办法",
    "N22": "关于进一步做好最低生活保障等社会救助兜底工作的通知（2022年）",
    "O20": "关于改革完善社会救助制度的意见（2020年）",
    "MF": "城乡医疗救助基金管理办法",
    "GF47": "国务院关于全面建立临时救助制度的通知",
    "GF52": "国务院关于全面建立困难残疾人生活补贴和重度残疾人护理补贴制度的意见",
    "AR17": "行政复议法（2017年修正）",
    "AR23": "行政复议法（2023年修订）",
    "APL": "行政诉讼法",
    "design": "本系统的设定",
    "sample": "样例数据，未经核实",
}
"""Tag of a law text -> its title. `design` and `sample` name numbers that stand on no law text."""

_TAG = re.compile(r"^([A-Za-z]+\d*)(?:-([\d,、]+))?$")


def known(source: str) -> bool:
    """Whether every part of a source (parts are separated by `;`) names a law text of `TITLES`."""
    tags = [_TAG.match(part.strip()) for part in source.split(";")]
    return all(tag is not None and tag[1] in TITLES for tag in tags)


def cite(source: str) -> str:
    """A source in words: `M57-13;R649-9` -> 《最低生活保障审核确认办法》第13条，《社会救助暂行办法》第9条."""
    words = []
    for part in source.split(";"):
        tag = _TAG.match(part.strip())
        if tag is None or tag[1] not in TITLES:
            words.append(part.strip())
        elif tag[1] in ("design", "sample"):
            words.append(TITLES[tag[1]])
        else:
            words.append(f"《{TITLES[tag[1]]}》" + (f"第{tag[2].replace(',', '、')}条" if tag[2] else ""))
    return "，".join(words)
