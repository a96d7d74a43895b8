"""Words a shopper uses for one and the same thing; each group is a feature of its own.

Thirty-odd articles are too few to learn from them that a parcel is a package. So what every
shopkeeper knows is written down here: a text that has any wording of a group gets the group's
feature, in whichever language it was said. A shop adds its own words to the lists.

Chinese wordings are in Simplified characters and match anywhere. English wordings match whole
words; a ``*`` at the end stands for any ending of the word.
"""

from __future__ import annotations

import re
from functools import lru_cache

WORDINGS: dict[str, tuple[str, str]] = {
    # group: (Chinese wordings, English wordings), each parted by "|"
    # What is asked
    "when": (
        "什么时候|何时|几时|几点|哪天|啥时候|啥时|多早晚",
        "when|what time|which day",
    ),
    "how long": (
        "多久|几天|几日|多长时间|多少天|几个工作日|多少小时|几个小时|要等|等多长|时效|快不快"
        "|慢不慢",
        "how long|how many days|how soon|how fast|how quick*|wait*|takes|working days"
        "|when will|estimated|expect",
    ),
    "how much": (
        "多少钱|几块|几元|花多少|收多少|什么价|收费|贵|费用|要钱",
        "how much|cost*|charge|charges|fee|fees|expensive|price*",
    ),
    "free": (
        "免费|包邮|免邮|不要钱|免运|不收钱|白送",
        "free|no charge|for nothing|threshold|minimum spend",
    ),
    "who pays": (
        "谁出|谁付|谁承担|谁掏|谁来付|算谁|边个|自费|自己出|自己付|自己掏|要我出|要我付|垫付|报销",
        "who pays|who covers|pay for|own expense|out of pocket|cover*|reimburse*|at your cost"
        "|foot the bill",
    ),
    "too late": (
        "过期|超过|来得及|期限|截止|最晚|过了|有效期|失效|鉴赏期|时间限制|之内|以内|多久之内",
        "deadline|expire*|expiry|too late|still|time limit|within|run out|valid",
    ),
    "fails": (
        "失败|不了|没法|无法|出错|报错|没反应|卡住|不上去|异常|不成功|显示错误|被拒|不过去"
        "|刷不过|唔到|闪退",
        "fail*|error*|can't|cant|cannot|unable|won't|wont|not work*|declin*|reject*|stuck|freez*",
    ),
    "where": (
        "哪里|哪儿|在哪|去哪|边度|哪边",
        "where|which place",
    ),
    "steps": (
        "流程|步骤|怎么弄|怎么操作|怎么办理|怎么申请|如何|咋弄|点样|点算|点改|怎样|咋办",
        "steps|process|procedure|how do i|how can i|how to|instructions",
    ),
    "person": (
        "人工|真人|客服|专员|工作人员|客服电话|热线",
        "human|person|agent|agents|representative|someone|staff|real people|support|your team"
        "|call you",
    ),
    "opening hours": (
        "几点上班|下班|营业|在线时间|服务时间|半夜|周末|节假日|晚上",
        "hours|open|opening|weekend*|holiday*|night|available|midnight|time zone|office hours",
    ),
    # Delivery
    "parcel": (
        "快递|包裹|物流|货物|快件|东西|宝贝|商品",
        "parcel*|package*|shipment*|goods|item*|stuff|product*",
    ),
    "deliver": (
        "送到|送达|派送|配送|到货|寄到|送货|收到货|到手|到得了|送过来|寄过来|运送",
        "deliver*|arriv*|get here|reach*|receiv*|turn up",
    ),
    "dispatch": (
        "发货|出货|寄出|发出|出库|没发|还不发|备货|出仓",
        "dispatch*|shipped|ship out|sent out|send out|send it out|send my order|gone out"
        "|go out|warehouse|processing|prepar*",
    ),
    "postage": (
        "运费|邮费|快递费|邮资|寄费|运费险",
        "shipping|postage|delivery fee*|delivery charge*|delivery cost*|freight",
    ),
    "carrier": (
        "顺丰|圆通|中通|京东|韵达|申通|快递公司|哪家快递|什么快递",
        "courier*|carrier*|sf|yto|zto|jd|delivery company|shipping company",
    ),
    "address": (
        "地址|门牌|小区|收件人|收货人|寄错地方|搬家",
        "address*|recipient|street|postcode|zip code|moved house|moving|moved|house number"
        "|flat number",
    ),
    "change": (
        "修改|变更|更换|更改|改成|换成|改一下|改为|换个|点改|改下|改到",
        "chang*|updat*|edit*|modif*|switch*|amend*|different",
    ),
    "remote": (
        "偏远|新疆|西藏|内蒙|青海|拉萨|乌鲁木齐|西宁|边远|农村",
        "remote|xinjiang|tibet|mongolia|qinghai|rural|lhasa|urumqi",
    ),
    "overseas": (
        "香港|澳门|台湾|台北|高雄|九龙|海外|境外|国外|清关|关税|港澳|美国|英国|日本|新加坡"
        "|马来西亚|加拿大|澳洲|澳大利亚",
        "hong kong|hk|macau|macao|taiwan|taipei|kowloon|overseas|abroad|international*|customs"
        "|outside china|uk|the us|usa|america|britain|europe|singapore|japan|malaysia|canada"
        "|australia",
    ),
    "not received": (
        "没收到|没拿到|没见|丢了|丢件|不见了|签收|代收|驿站|快递柜|邻居|门口|冇收到|被偷|没人给",
        "not received|missing|lost|didn't get|never got|never arrived|says delivered|marked"
        "|signed|neighbour*|neighbor*|doorstep|locker|stolen|stole|wasn't me|theft",
    ),
    # After the sale
    "return": (
        "退货|退回|退掉|寄回|不想要|不要了|无理由|反悔|能退|想退|退换|退得",
        "return*|send back|send it back|sending back|give back|send goods back"
        "|give the goods back|take it back|bring back|don't want|changed my mind"
        "|no longer want",
    ),
    "refund": (
        "退款|退钱|钱退|返款|退给我|把钱|退的钱|退费",
        "refund*|money back|reimburse*|my money|pay me|get back what i paid",
    ),
    "exchange": (
        "换货|换一个|换一件|换大|换小|换尺码|换颜色|调换|换新",
        "exchang*|swap*|replac*|another one|different size|different colour|different color",
    ),
    "fit": (
        "尺码|大了|小了|不合适|不合身|穿不下|颜色|号码大|偏大|偏小",
        "size*|fit|fits|too big|too small|colour*|color*|tight|loose",
    ),
    "damaged": (
        "坏|烂|破了|破的|碎|裂|破损|损坏|瑕疵|质量|漏了|变形|有问题|故障|缺陷|毛病|开不了机"
        "|没声|不亮|充不进|用不了",
        "damag*|broken|broke|crack*|defect*|fault*|smash*|dent*|leak*|quality|shatter*|torn"
        "|switch on|turn on|no sound|dead on arrival|scratch*|doesn't work|not working",
    ),
    "wrong item": (
        "发错|错发|寄错|不是我买|不是我要|少发|漏发|少了|缺件|货不对板|不一样",
        "wrong item|wrong thing|wrong product|not what i ordered|incorrect|not as described",
    ),
    "not returnable": (
        "定制|客制|订制|订做|定做|刻字|生鲜|食品|水果|内衣|数字|拆封|拆了|打开过|用过|报纸",
        "custom*|personalis*|personaliz*|engrav*|perish*|food|digital|download*|opened"
        "|unsealed|used|worn|underwear|newspaper*",
    ),
    "pick up": (
        "上门取|取件|上门|揽收|揽件|来拿|来取",
        "pick up|pickup|picked up|collect*|come and get|fetch*",
    ),
    "cancel": (
        "取消|撤销|不买了|拍错|下错|撤单|买错|退单",
        "cancel*|call off|by mistake|accident*|stop the order|wrong order",
    ),
    "warranty": (
        "保修|质保|三包|包修|保固|在保|过保|保不保",
        "warrant*|guarantee*|covered",
    ),
    "repair": (
        "维修|报修|寄修|修一下|修好|修理|返修|能修|送修|想修|整返|去整|修",
        "repair*|fix|fixed|fixing|mend*|service centre|service center|stopped working|workshop",
    ),
    "appliance": (
        "家电|电器|电子|冰箱|洗衣机|空调|耳机|充电|数码|电饭",
        "electronic*|appliance*|device*|fridge|washing machine|headphone*|charger*|gadget*",
    ),
    # Money
    "pay": (
        "付款|支付|结账|买单|付钱|下单付|扣款|扣钱",
        "pay|pays|paid|paying|payment*|checkout|charged",
    ),
    "card or wallet": (
        "微信|支付宝|银联|信用卡|银行卡|花呗|储蓄卡|刷卡|visa卡",
        "wechat|alipay|unionpay|visa|mastercard|card|cards|bank|wallet*|debit|credit",
    ),
    "money arrives": (
        "到账|原路|退到|退回哪|余额|回到|打到|入账",
        "original payment|back to|statement|credited|my account|which account",
    ),
    "charged twice": (
        "重复扣|扣了两|多扣|两次|双重|扣多",
        "twice|double|duplicate*|two times|left my account|taken from my account",
    ),
    "instalments": (
        "分期|几期|月供|每月还|利息|免息|慢慢付|分开付|手头紧",
        "instalment*|installment*|monthly|spread the cost|interest|pay later|in parts",
    ),
    "price drop": (
        "降价|便宜了|保价|价保|补差|差价|跌价|买贵",
        "price drop*|cheaper|price protect*|price match*|the difference back|price difference"
        "|refund the difference|went down|lower price|on sale|dropped|reduced|marked down",
    ),
    "coupon": (
        "优惠券|优惠码|折扣码|红包|代金券|满减|优惠|用券|张券|的券|券",
        "coupon*|voucher*|promo*|discount*|offer*|discount code*|promo code*",
    ),
    "newcomer": (
        "新人|新用户|首单|第一次|新客|刚注册|新号|初次",
        "new customer*|first order|first time|newcomer*|sign up|signed up|welcome|new here"
        "|new user*|newbie*|just joined",
    ),
    "together": (
        "叠加|一起用|同时用|几张|一并|合并|多张",
        "combin*|stack*|together|at once|more than one|as well as|on top of",
    ),
    "member": (
        "会员|等级|银卡|金卡|升级|生日|权益|银牌|金牌",
        "member*|gold|silver|tier*|level*|birthday|vip|perk*|benefit*",
    ),
    "points": (
        "积分|攒分|兑换",
        "point|points|reward*|redeem*|loyalty",
    ),
    "invoice": (
        "发票|开票|抬头|税号|专票|普票|票据|增值税|开个票",
        "invoice*|receipt*|tax|vat|fapiao|billing|bill",
    ),
    "company": (
        "公司|单位|企业|对公|财务|报账",
        "company|business|employer|corporate|accountant*",
    ),
    "again": (
        "重开|补开|重新开|作废|换开|再开|写错|填错|开错|找不到了|再发我|对不上",
        "reissue*|re-issue*|correct*|again|wrong name|typo|mistake|new one|does not match"
        "|doesn't match|rejected",
    ),
    # Account
    "log in": (
        "登录|登陆|登不|验证码|密码|登入|进不去|收不到码|登出|掉线",
        "log in|login|logged|sign in|signing in|password*|verification|sms code|text code"
        "|the code|locked out|otp",
    ),
    "phone number": (
        "手机号|电话号|换号|绑定|停机|旧号|新号|号码换",
        "phone number|mobile number|new number|old number|my number|sim|sim card|different number",
    ),
    "close account": (
        "注销|销户|删号|删除账|删账|不用这个号|关闭账",
        "delete my account|close my account|closing my account|deactivat*|remove my account"
        "|delete account|close account|erase*|my profile|leave for good",
    ),
    "account": (
        "账号|账户|帐号|帐户|户口|户头",
        "account*|profile",
    ),
    "personal data": (
        "隐私|个人信息|聊天记录|资料|泄露|数据|信息安全|保存多久|存多久",
        "privacy|private|personal data|personal information|personal details|chat history"
        "|my data|gdpr|stored|keep my|track me|who can see|safe to",
    ),
}


def thesaurus_groups(text: str) -> list[str]:
    """Names of the groups of which a normalised text has a wording, in the order above."""
    return [group for group, pattern in _patterns() if pattern.search(text)]


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    # One pattern per group: wordings of different groups overlap, and both count.
    return tuple(
        (group, re.compile(f"{chinese}|{_whole_words(english)}"))
        for group, (chinese, english) in WORDINGS.items()
    )


def _whole_words(english: str) -> str:
    words = "|".join(re.escape(word).replace(r"\*", "[a-z]*") for word in english.split("|"))
    # Not \b: Chinese characters are word characters too, and "用coupon" has the word "coupon".
    return f"(?<![a-z0-9])(?:{words})(?![a-z0-9])"
