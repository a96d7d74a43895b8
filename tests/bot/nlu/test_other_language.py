"""Messages in other scripts are noticed; Chinese and Latin ones never are."""

import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.other_language import OtherLanguageClassifier, is_other_language


@pytest.mark.parametrize(
    "text",
    [
        "注文した商品はいつ届きますか",
        "返品したいです",
        "Где мой заказ?",
        "제 주문은 어디에 있나요",
        "أين طلبي",
        "สินค้าของฉันอยู่ที่ไหน",
        "Πού είναι η παραγγελία μου",
        "मेरा ऑर्डर कहाँ है",
        "Когда придёт XE20260001?",
    ],
)
def test_another_script_is_noticed(text):
    assert is_other_language(text)


@pytest.mark.parametrize(
    "text",
    [
        "我的快递到哪了",
        "這個東西什麼時候到",
        "优の品 这家店的茶包还有吗",
        "where is my order",
        "wo ist meine Bestellung",
        "Je voudrais un café crème à Saint-Étienne",
        "μg 是什么单位",
        "Крем 这个俄罗斯的面霜还有货吗，想买两瓶",
        "👍👍",
        "12345",
        "",
        "？！。",
        "\ud800",
    ],
)
def test_what_is_served_is_left_alone(text):
    assert not is_other_language(text)


def test_it_overrides_whatever_was_understood():
    message = Message({TEXT: "Где мой заказ?", INTENT: {"name": "greet", "confidence": 0.9}})
    OtherLanguageClassifier().process([message])
    assert message.get(INTENT) == {"name": "other_language", "confidence": 1.0}


def test_a_long_message_costs_no_more():
    assert is_other_language("Где " * 100_000)
