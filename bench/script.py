"""What the shoppers of a measurement say: twelve turns that mix questions, order look-ups and a
return, in Chinese and in English.
"""

from typing import List

from bench.shoppers import Shopper

TURNS = 12

_CHINESE = [
    "你好，在吗",
    "七天无理由退货是怎么算的？",
    "我的快递到哪了",
    "运费一般是多少钱？",
    "帮我查一下订单{travelling}",
    "会员积分怎么用？",
    "{delivered}这个订单我想退货",
    "有质量问题",
    "是的，确认",
    "可以开电子发票吗？",
    "优惠券过期了还能用吗？",
    "好的，谢谢",
]
_ENGLISH = [
    "Hello there",
    "How many days do I have to return something?",
    "Where is my parcel right now?",
    "How much is shipping?",
    "Please check order {travelling} for me",
    "How do I use my points?",
    "I want to return order {delivered}",
    "It arrived faulty",
    "Yes, please go ahead",
    "Can I get an electronic invoice?",
    "Can I still use an expired coupon?",
    "OK, thank you",
]


def lines(shopper: Shopper) -> List[str]:
    """One shopper's twelve messages; every other shopper writes English."""
    script = _ENGLISH if shopper.number % 2 else _CHINESE
    return [
        line.format(travelling=shopper.travelling, delivered=shopper.delivered) for line in script
    ]
