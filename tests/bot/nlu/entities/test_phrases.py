import json
from typing import List

import pytest

from bot.nlu.entities.phrases import find_phrases, phrase_index
from bot.nlu.normaliser import normalise
from bot.training import ROOT

ORDER, ITEM = {("order_choice", "other")}, {("line_choice", "other")}
# The dialogue knows whether there is another item to choose.
EITHER = ITEM | {("order_choice", "other_one")}


def said(text: str, entity: str) -> List[str]:
    spans = find_phrases(normalise(text).text)
    return [span.value for span in spans if span.entity == entity]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("显示签收但没收到", "not_received"),
        ("顯示已簽收，可是我沒拿到", "not_received"),
        ("不是我签收的", "not_received"),
        ("好几天没更新了", "stuck"),
        ("卡在转运中心不动了", "stuck"),
        ("快递弄丢了吧", "lost"),
        ("丢件", "lost"),
        ("怎么还没到", "late"),
        ("超时了", "late"),
        ("says delivered but I never got it", "not_received"),
        ("I haven't seen it, though it's marked as delivered", "not_received"),
        ("it hasn't moved since Monday", "stuck"),
        ("It’s stuck in customs", "stuck"),
        ("the courier lost it", "lost"),
        ("my parcel went missing", "lost"),
        ("still hasn't arrived", "late"),
        ("three days late", "late"),
    ],
)
def test_a_problem_of_a_delivery_is_understood(text: str, problem: str) -> None:
    assert said(text, "delivery_problem") == [problem]


@pytest.mark.parametrize(
    "text",
    [
        "退款还没收到",
        "验证码没收到",
        "手机丢了",
        "银行卡了解一下",
        "没丢",
        "页面一直卡住",
        "I haven't received my refund",
        "is it too late to cancel",
        "the latest one",
        "I lost my receipt",
        "the zip is stuck",
        "it is not lost",
    ],
)
def test_what_only_resembles_such_a_problem_is_none(text: str) -> None:
    assert said(text, "delivery_problem") == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("退钱", ["refund"]),
        ("退款就行", ["refund"]),
        ("仅退款", ["refund"]),
        ("补发吧", ["resend"]),
        ("再寄一个给我", ["resend"]),
        ("換一個", ["exchange"]),
        ("能修吗", ["repair"]),
        ("要赔偿", ["compensation"]),
        ("退货吧", ["return"]),
        ("不要退款，要补发", ["resend"]),
        ("不用补发了，直接退款", ["refund"]),
        ("退款什么时候到账", []),
        ("退货运费谁出", []),
        ("换个话题", []),
        ("just refund me", ["refund"]),
        ("I want my money back", ["refund"]),
        ("send another one", ["resend"]),
        ("can you swap it", ["exchange"]),
        ("please fix it", ["repair"]),
        ("I want compensation", ["compensation"]),
        ("I'd like to return it", ["return"]),
        ("a replacement instead of a refund", ["resend"]),
        ("I don't want a refund", []),
        ("where is my refund", []),
        ("what is your return policy", []),
    ],
)
def test_what_the_shopper_wants_is_understood(text: str, wanted: List[str]) -> None:
    assert said(text, "remedy") == wanted


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("个人", ["personal"]),
        ("抬头个人", ["personal"]),
        ("公司", ["company"]),
        ("開企業發票", ["company"]),
        ("单位抬头", ["company"]),
        ("不是公司，是个人的", ["personal"]),
        ("找个人来", []),
        ("快递公司是哪家", []),
        ("personal", ["personal"]),
        ("in my own name", ["personal"]),
        ("a company invoice", ["company"]),
        ("it's for my business", ["company"]),
        ("three business days", []),
        ("my personal details", []),
    ],
)
def test_the_kind_of_an_invoice_is_understood(text: str, kind: List[str]) -> None:
    assert said(text, "invoice_kind") == kind


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("扣了两次", ["double_charged"]),
        ("重複扣款", ["double_charged"]),
        ("付款失败", ["failed"]),
        ("一直支付不了", ["failed"]),
        ("付了钱但显示未付款", ["not_shown"]),
        ("可以分两次付吗", []),
        ("怎么付款", []),
        ("I was charged £15.50 twice", ["double_charged"]),
        ("duplicate payment", ["double_charged"]),
        ("my payment failed", ["failed"]),
        ("the card was declined", ["failed"]),
        ("I paid but it shows unpaid", ["not_shown"]),
        ("do you take cards", []),
    ],
)
def test_a_trouble_with_a_payment_is_understood(text: str, problem: List[str]) -> None:
    assert said(text, "payment_problem") == problem


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("另一个订单", ORDER),
        ("换一单", ORDER),
        ("另外那單", ORDER),
        ("另一笔", ORDER),
        ("不是這筆", ORDER),
        ("另一件", ITEM),
        ("不是这个，是另一个", EITHER),
        ("另外那個", EITHER),
        ("不是这个", EITHER),
        ("换另一个颜色", set()),
        ("另一个尺码", set()),
        ("另外还有个问题", set()),
        ("the other order", ORDER),
        ("not this order, the other one", ORDER | ITEM),
        ("not that one", EITHER),
        ("no, the other one", EITHER),
        ("I meant a different one", EITHER),
        ("the other item", ITEM),
        ("another colour", set()),
        ("on the other hand", set()),
    ],
)
def test_another_order_or_item_than_the_one_shown_is_understood(
    text: str, choices: "set[tuple[str, str]]"
) -> None:
    spans = find_phrases(normalise(text).text)
    kinds = ("order_choice", "line_choice")
    assert {(s.entity, s.value) for s in spans if s.entity in kinds} == choices


def test_what_is_said_twice_counts_once() -> None:
    assert said("退款！我要退款！", "remedy") == ["refund"]
    assert said("it's late, it's two days late", "delivery_problem") == ["late"]


def test_every_phrase_that_is_in_a_text_is_tried_on_it() -> None:
    """Phrases are looked up by the letters that they begin with."""
    index = phrase_index()
    for name in ("entities.jsonl", "held_out.jsonl"):
        for line in (ROOT / "tests" / "nlu" / name).read_text(encoding="utf-8").splitlines():
            text = normalise(json.loads(line)["text"]).text
            tried = {id(phrase) for phrase in index.candidates(text)}
            passed_over = [phrase for phrase in index.all() if id(phrase) not in tried]
            assert [phrase for phrase in passed_over if phrase.pattern.search(text)] == [], text
