"""Names of companies and other organisations, as they stand on an invoice."""

import re
from typing import Iterator, Text

from bot.nlu.entities.span import Span

# A registered name ends so, and hardly anything else does.
_LEGAL = "有限(?:责任)?公司|有限合伙|合伙企业"
# What ends in these may be a word as well: it counts behind what announces a name, or alone.
_LOOSE = (
    "公司|集团|事务所|中心|工作室|厂|店|学校|医院|大学|学院|小学|中学|幼儿园|研究院|研究所|银行"
    "|商行|经营部|合作社|协会|商会|基金会|超市|门诊部|诊所|委员会"
)
_CHARACTER = "[\u3400-\u9fff·()]"
_REGISTERED = re.compile(
    rf"{_CHARACTER}{{2,40}}?(?:{_LEGAL})(?:[\u3400-\u9fff]{{1,10}}?分(?:公司|店|行))?"
)
_MARKED = re.compile(
    "(?:抬头|公司名称?|单位名称?|企业名称?|开票名称?|全称|户名|名称|购买?方|(?:公司|单位|企业)[是叫:])"
    rf"[ :,]{{0,2}}(?P<name>{_CHARACTER}{{2,24}}?(?:{_LOOSE}))"
    f"(?:(?!{_CHARACTER})|(?=[吧呢,谢请税就可即]))"
)
_ALONE = re.compile(rf" *(?P<name>{_CHARACTER}{{3,24}}(?:{_LOOSE}))(?:吧|的)?[ .,!。]*")
# The name begins behind the last of these; then what else leads to it goes.
_ANNOUNCED = re.compile(
    "抬头|名称|全称|名字|户名|改成|改为|换成|换为|开成|写成|填成|变成|开给|开到|叫做?|就是|应该是"
    "|我们(?:是|公司|单位)|公司是|单位是|寄到|寄给|发到|票"
)
_LEAD = re.compile(
    "(?:请|麻烦|帮我?|要|我们?|咱们?|就|也|还|那|把|给|到|写|填|的|是|叫|信息|公司(?=.{4})|单位|用(?!友)"
    "|为|开(?![元滦心源封平])|成(?!都))+"
)
_NO_NAME = re.compile(
    "[你您他她这哪吗呢么啥谁了没不]|什么|怎|那[家个]|贵司|一家|某|快递|物流|转运|分拨|客服|售后|会员|个人"
    "|旗舰|专卖|实体|线下|注册|购物|数据|服务中心|^(?:股份)?有限|^(?:分|总|本|我)"
)
_FEWEST = 4

_SUFFIX = (
    r"(?:(?:Co|CO|co)\.?,? ?(?:Ltd|LTD|ltd|Limited)|(?:Pty|PTY|Pte|PTE)\.? (?:Ltd|LTD)|Ltd|LTD"
    r"|Limited|LIMITED|Inc|INC|Incorporated|LLC|LLP|PLC|plc|GmbH|GMBH|AG|Corp|CORP|Corporation"
    r"|Company|Co)"
    r"(?![A-Za-z])\.?"
)
_CAPITAL = r"(?:[A-Z][\w.'-]*|[0-9]{1,4}|&|and|of|de)"
_ENGLISH = re.compile(rf"(?<![\w.@-])(?P<name>[A-Z][\w.'-]*(?:,? {_CAPITAL}){{0,6}}?,? {_SUFFIX})")
# Written small, a name is known by what stands in front of it.
_SMALL = re.compile(
    r"(?i)(?<![a-z])(?:company name(?: is|:)?|made out to|bill(?:ed)? to|invoice to|make it out to"
    r"|in the name of|under|company:|company is|change it to|name of the company is)[ :]{1,2}"
    r"(?P<name>[a-z0-9][\w&.'-]*(?: [\w&.'-]+){0,5}?,? "
    r"(?:co\.?,? ltd|ltd|limited|inc|llc|llp|plc|gmbh|corp)"
    r"(?![a-z])\.?)"
)
_NO_ENGLISH_NAME = re.compile(
    r"(?:(?:The|My|Our|Your|This|That|A|An|Is|It's|What|Which|I|We|For|To|In|On|By|Please|Hi|Hello|Make|Name"
    r"|Bill|Invoice|Company|And|And also|Under|Change|Delivery|Courier|Shipping|Parcel|Dear),? )+"
)


def find_companies(text: Text, as_written: Text) -> Iterator[Span]:
    """Yields each as one span; the value is left to be read from the text as written.

    Args:
        text: folded.
        as_written: the same characters before they were folded; English names have capitals.
    """
    if not text.isascii():
        # Else every character of a long message would be tried as the beginning of a name.
        if "公司" in text or "合伙" in text:
            for found in _REGISTERED.finditer(text):
                yield from _chinese(text, *found.span())
        for found in _MARKED.finditer(text):
            yield from _chinese(text, *found.span("name"))
        alone = _ALONE.fullmatch(text)
        if alone:
            yield from _chinese(text, *alone.span("name"))
    for found in _ENGLISH.finditer(as_written):
        lead = _NO_ENGLISH_NAME.match(found.group("name"))
        start = found.start() + (lead.end() if lead else 0)
        # Something must be left before the suffix.
        if " " in as_written[start : found.end()].strip():
            yield Span(start, found.end(), "company", "")
    for found in _SMALL.finditer(as_written):
        yield Span(*found.span("name"), "company", "")


def _chinese(text: Text, start: int, end: int) -> Iterator[Span]:
    for announced in _ANNOUNCED.finditer(text, start, end):
        start = announced.end()
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead else start
    name = text[start:end]
    if len(name) >= _FEWEST and not _NO_NAME.search(name):
        yield Span(start, end, "company", "")
