"""A question is answered, a wish is done: told apart by the words, in both languages."""

import pytest

from actions.wishes import asks_for_conditions, asks_in_general, asks_to_know, is_question

TO_KNOW = [
    *(
        "发票怎么开",
        "开票要什么资料",
        "发票多久能开出来",
        "价保几天",
        "哪里下载发票",
        "發票要在哪裡下載",
    ),
    *("我想知道价保规则", "请问如何申请开具发票", "咋开票嘞", "價保多少天"),
    *("how do I get an invoice", "How long does the invoice take?", "when is the invoice issued"),
    *("Where do I enter the tax number", "what details do you need for an invoice"),
    *("which payment methods do you take", "please tell me your price protection policy"),
]
ASKED = [
    *(
        "能开票吗",
        "忘记要发票了，现在还能开吗",
        "可以开纸质的吗？",
        "支持保价吗",
        "降价了能补差价吗",
    ),
    *("請問可以開發票嗎", "税号填错了能重开不", "为什么扣了两次"),
    *("do you issue invoices", "Can the invoice be made out to my employer?", "price guarantee?"),
    *("can I still get an invoice for an order from last year", "Is it possible to pay later"),
]
WISHES = [
    *("开发票", "帮我开发票", "能帮我开张发票吗", "麻烦开一下公司抬头的发票", "发票抬头写错了"),
    *("订单XE20260001开个发票", "我要发票", "你们能给我补一张发票吗？", "差价退给我", "幫我開發票"),
    *("扣了我两次钱怎么办", "怎么还没给我开发票", "付款失败了咋办", "我刚买就降价了"),
    *("I need an invoice for XE20260001", "Could you send me the invoice?", "invoice please"),
    *("Can I get an invoice?", "Refund the price difference please", "Can you please issue it"),
    *("I was charged twice, what should I do", "give me the difference back", "My payment failed"),
    *("it's cheaper now than what I paid", "I paid it when I ordered"),
]


@pytest.mark.parametrize("text", TO_KNOW)
def test_who_asks_how_or_when_wants_to_know(text: str) -> None:
    assert asks_to_know(text) and is_question(text)


@pytest.mark.parametrize("text", ASKED)
def test_who_asks_whether_asks_a_question(text: str) -> None:
    assert is_question(text) and not asks_to_know(text)


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_is_one_also_when_it_is_put_politely(text: str) -> None:
    assert not is_question(text)


@pytest.mark.parametrize(
    "text",
    [
        *("几天算超时", "丢件怎么赔", "万一包裹丢了呢", "破損一般怎麼賠", "晚到的补偿规则"),
        *("what if it never arrives?", "when is a parcel considered lost", "your delivery policy?"),
    ],
)
def test_who_asks_what_the_rule_is_asks_in_general(text: str) -> None:
    assert asks_in_general(text)


@pytest.mark.parametrize(
    "text",
    [
        *("都几天了还没到", "什么时候才能到啊", "快递丢了", "怎么还没收到", "杯子碎了怎么办"),
        *("where is it, it was due Monday", "how come it's late", "my parcel is lost"),
    ],
)
def test_who_waits_for_a_parcel_does_not(text: str) -> None:
    assert not asks_in_general(text)


@pytest.mark.parametrize(
    "text",
    [
        *("发货之后还能取消吗", "出貨後還可以取消嗎", "取消订单要手续费吗", "取消會扣錢嗎"),
        *("付款之后多久之内能取消", "发货后还能改地址吗", "改地址要加钱吗", "寄出後還能改地址嗎"),
        *("can I cancel after it shipped", "is there a fee for cancelling", "Is cancelling free?"),
        *("how long do I have to cancel", "can I change the address after shipping"),
        *("do you charge for changing the address", "until when can I cancel an order"),
    ],
)
def test_who_asks_until_when_or_for_how_much_asks_for_conditions(text: str) -> None:
    assert asks_for_conditions(text)


@pytest.mark.parametrize(
    "text",
    [
        *("能取消吗", "已经发货了还能取消吗", "還沒出貨，可以取消嗎", "发货前帮我取消", "怎么取消"),
        *("能改地址吗", "地址填错了能改吗", "我这几天不在家，能换个地方收吗", "发货后请帮我改地址"),
        *("can I cancel it", "it has shipped, can I still cancel?", "how do I cancel"),
        *("please change the address after it shipped", "If it isn't sent today then cancel it"),
    ],
)
def test_who_means_an_order_of_theirs_does_not(text: str) -> None:
    assert not asks_for_conditions(text)
