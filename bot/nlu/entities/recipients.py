"""Who a parcel is for: a person's name, where the words around say that it is one."""

import re
from typing import Iterator, Text

from bot.nlu.entities.span import Span

# The commonest family names (national statistics list some four hundred), and those of two
# characters.
_FAMILY = (
    "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易"
    "常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝"
    "左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮"
    "桂闵解强柴华车冉房边净]"
)
_TWO = "(?:欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|宇文|长孙|端木)"
# A given name has none of these, and "李总" no more than its title.
_NO_GIVEN = "[的了吗呢吧啊是不没在要我你他她它这那有就也都和跟收人改写电手机号址到寄错请谢下]"
_GIVEN = rf"(?:(?!{_NO_GIVEN})[\u3400-\u9fff])"
_TITLE = "(?:先生|女士|小姐|太太|老师|阿姨|总)"
_CHINESE = rf"(?:(?:{_TWO}{_GIVEN}{{1,2}}|{_FAMILY}{_GIVEN}{{1,2}}){_TITLE}?|{_FAMILY}{_TITLE})"
_LATIN = r"[A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'.-]*){0,3}"
_NAME = f"(?P<name>{_CHINESE}|{_LATIN})"
_END = "(?![\u3400-\u9fffA-Za-z])|(?=收|吧|谢谢|就行|就好|可以|电话|手机|号码|地址|改|签|接|,)"
_INTO = "(?:改成|改为|换成|换为|写成|填|是|为|写|叫|成|改|换)?"
_RELATION = "(?:我的?(?:同事|朋友|爱人|老公|老婆|妈妈|爸爸))?"
_CHINESE_MARKS = (
    re.compile(
        "(?:收件人|收货人|联系人|收件方|接收人|取件人)(?:的)?(?:姓名|名字|名|信息)?[ :,]{0,2}"
        f"(?:请|帮我|麻烦|要|就)?{_INTO}{_RELATION}[ :,]{{0,2}}{_NAME}(?:{_END})"
    ),
    re.compile(
        "(?:姓名|名字)[ :]{0,2}(?:写错了?,?)?(?:应该|要)?(?:改成|改为|换成|是|为|写|叫|(?<=:))"
        f"[ :]{{0,2}}{_NAME}(?:{_END})"
    ),
    re.compile(
        f"(?:改成|改为|换成|写|由|让|给|寄给|换)(?P<name>{_CHINESE})(?:来|去)?(?:代)?(?=收|签收|取件)"
    ),
    # Name and number, as one writes an address down.
    re.compile(
        f"(?:^|(?<=[,。;: ]))(?P<name>{_CHINESE})"
        "(?=[ ,:;]{0,2}(?:电话|手机)?[:,]? ?1[3-9][0-9]{9})"
    ),
    re.compile(f"(?:^|[^0-9])1[3-9][0-9]{{9}}[ ,](?P<name>{_CHINESE})(?=$|[ ,。;])"),
)
_POLITE = r"[: ]{1,3}(?i:(?:mr|mrs|ms|miss|dr)\.? )?"
_ENGLISH_MARKS = (
    re.compile(
        r"(?i:(?<![a-z])(?:recipient|consignee|addressee|attn\.?|attention|att|c/o"
        r"|(?:for|to) the attention of|addressed to|deliver(?:ed)? it to|receiver)(?:'s)?(?: name)?"
        rf"(?: is| to be| should be| to| as|:|,)?){_POLITE}(?P<name>{_LATIN}|{_CHINESE})"
    ),
    # One word behind "name" may be of anything.
    re.compile(
        r"(?i:(?<![a-z])(?<!company )(?<!business )(?<!product )(?<!user )(?<!brand )name"
        r"(?: on (?:it|the (?:parcel|order|label|box|package)))?(?: is| to| should be|:)+)"
        rf"{_POLITE}(?P<name>[A-Z][a-z'-]+(?: [A-Z][A-Za-z'.-]*){{1,3}})"
    ),
)


def find_recipients(text: Text, as_written: Text) -> Iterator[Span]:
    """Yields each as one span; the value is left to be read from the text as written.

    Args:
        text: folded.
        as_written: the same characters before they were folded; a Latin name has its capitals.
    """
    if not text.isascii():
        # Characters as folded, for Traditional names; letters as written, for their capitals.
        mixed = "".join(w if w.isascii() else f for f, w in zip(text, as_written))
        for pattern in _CHINESE_MARKS:
            for found in pattern.finditer(mixed):
                yield Span(*found.span("name"), "recipient", "")
    for pattern in _ENGLISH_MARKS:
        for found in pattern.finditer(as_written):
            yield Span(*found.span("name"), "recipient", "")
