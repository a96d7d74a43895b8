"""Anger, distress and threats, by the words that decide them."""

import json
import time
from typing import Any, Dict, List

import pytest
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.emotion import MOST_READ, EmotionEntity, entities, judge
from bot.nlu.emotion_words import fold, word_lists
from bot.training import ROOT


def value(text: str) -> str:
    emotion = judge(text)
    return emotion.value if emotion else "none"


def process(data: Dict[str, Any]) -> List[Dict[str, Any]]:
    nothing: Any = None
    (message,) = EmotionEntity.create({}, nothing, nothing, nothing).process([Message(data=data)])
    return list(message.get(ENTITIES, []))


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("气死我了，三天了没人管", "anger"),
        ("你们这群骗子", "anger"),
        ("I'm absolutely livid", "anger"),
        ("what a pathetic excuse for a shop", "anger"),
        ("急用，孩子等着喝奶", "distress"),
        ("求求你们了，明天葬礼要穿", "distress"),
        ("I'm desperate, it's for a funeral tomorrow", "distress"),
        ("really worried it got stolen", "distress"),
        ("不退钱我就打12315", "threat"),
        ("那就黑猫投诉见", "threat"),
        ("等着收差评吧", "threat"),
        ("Trading Standards will hear about this", "threat"),
        ("I'll leave a 1 star review", "threat"),
        ("then I'll do a chargeback", "threat"),
    ],
)
def test_plain_words_are_recognised(text: str, emotion: str) -> None:
    assert value(text) == emotion


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("嬲死我喇，等咗三個禮拜", "anger"),
        ("有冇搞錯，成個月都未寄", "anger"),
        ("客訴，這什麼爛服務", "anger"),
        ("拜託拜託，阿嬤住院等著用", "distress"),
        ("再唔退錢我就去消委會", "threat"),
        ("我要貼到爆料公社", "threat"),
    ],
)
def test_traditional_and_cantonese_are_read_as_well(text: str, emotion: str) -> None:
    assert value(text) == emotion


@pytest.mark.parametrize(
    "text",
    [
        "我没生气",
        "我不是生气，就问问",
        "不是要投诉你们",
        "唔係想投訴你哋",
        "我不会去打12315的，放心",
        "I'm not angry, just asking",
        "this is not a complaint and I'm not furious or anything",
        "I won't leave a bad review",
        "no need to panic",
    ],
)
def test_what_is_taken_back_does_not_count(text: str) -> None:
    assert value(text) == "none"


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("不生气才怪", "anger"),
        ("你们是不是骗子", "anger"),
        ("不是我说，你们这也太过分了", "anger"),
        ("别再敷衍我了", "anger"),
        ("不退钱就法院见", "threat"),
        ("如果你们不处理，我就找记者", "threat"),
        ("not only late but the worst service ever", "anger"),
        ("if you do not refund me I will call my lawyer", "threat"),
    ],
)
def test_a_no_that_takes_nothing_back_does_not_soften(text: str, emotion: str) -> None:
    assert value(text) == emotion


@pytest.mark.parametrize(
    "text",
    [
        "怎么投诉快递员",
        "请问投诉电话是多少",
        "有条差评说会掉色，是真的吗",
        "how do I complain about a courier?",
        "I read a one star review saying it leaks",
        "她说“气死我了”是哪首歌",
        'is "The Grapes of Wrath and other furious tales" in stock',
        "《愤怒的葡萄》有货吗",
    ],
)
def test_asking_about_it_and_quoting_it_are_calm(text: str) -> None:
    assert value(text) == "none"


@pytest.mark.parametrize(
    "text",
    [
        "麻烦看下，杯子有一点点裂",
        "订单三天没动静了，帮我查一下好吗",
        "厨房垃圾桶多少钱",
        "能刷工商银行的卡吗",
        "黑猫宅急便今天会送吗",
        "尾号12345，订单XE20212315，一共1950元",
        "相机怎么调曝光补偿",
        "女朋友生气了，送什么好",
        "担心尺码不合适",
        "the kettle is broken, could you send a new one please?",
        "do the court shoes run small?",
        "my wife is mad at me, need flowers",
        "this bag is sick!",
        "damn good coffee",
        "my friends want to know how the sizing runs",
        "saw it on TikTok, do you have it in black",
        "can you deliver to my lawyer's office",
        "I'll tell everyone how great you are",
        "lovely dress but the zip is broken, can I swap it?",
        "is there any way to change the colour?",
        "烟雾报警器有货吗",
        "快递放派出所门口就行",
        "包装能隐私点吗，不想让别人知道",
        "退货运费谁负责",
        "收货发现和网上图片不一样，能换吗",
        "态度很好，就是色差有点大",
        "我妈妈的空气炸锅到哪了",
        "实在没办法穿，想退了",
    ],
)
def test_calm_complaints_and_words_that_look_angry_are_calm(text: str) -> None:
    assert value(text) == "none"


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("真行啊你们，一周了还没发货", "anger"),
        ("呵呵，说好三天，今天第八天了", "anger"),
        ("great, another broken one, well done", "anger"),
        ("oh brilliant, still no refund", "anger"),
        ("老板真行，这么快就到了", "none"),
        ("呵呵好的", "none"),
        ("well done, arrived a day early", "none"),
        ("Great, thank you, the broken one is on its way back", "none"),
    ],
)
def test_praise_is_irony_where_something_went_wrong(text: str, emotion: str) -> None:
    assert value(text) == emotion


@pytest.mark.parametrize(
    ("calm", "loud"),
    [
        ("还没发货", "还没发货！！！"),
        ("where is my order", "WHERE IS MY ORDER"),
        ("等了十天还没到啊", "等了十天还没到啊啊啊啊"),
        ("my parcel is missing", "my parcel is missing!!!!"),
    ],
)
def test_shouting_about_what_went_wrong_is_anger(calm: str, loud: str) -> None:
    assert (value(calm), value(loud)) == ("none", "anger")


@pytest.mark.parametrize(
    "text",
    [
        "好好看啊啊啊啊！！！",
        "I LOVE THIS DRESS SO MUCH!!!",
        "XXXL有吗！！",
        "USB HDMI VGA???",
        "哈哈哈哈哈",
    ],
)
def test_shouting_for_joy_is_calm(text: str) -> None:
    assert value(text) == "none"


@pytest.mark.parametrize(
    "text", ["😡", "🤬🤬🤬", "tmd", "尼玛", "傻*", "wtf", "what the f***", "f*ck this", "BULLSH*T"]
)
def test_angry_faces_and_curses_are_anger_masked_or_not(text: str) -> None:
    assert value(text) == "anger"


@pytest.mark.parametrize(
    "text",
    [
        "尽快发货哦谢谢亲",
        "今天能发吗，有点急",
        "asap please",
        "is it possible to get it by Friday?",
    ],
)
def test_an_urgent_but_calm_request_is_calm(text: str) -> None:
    assert value(text) == "none"


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("气死我了，再不退我就打12315", "threat"),
        ("骗子！垃圾店！还我钱！孩子还等着用呢急", "anger"),
        ("垃圾机器人，孩子等着喝奶，求求你们急急急", "distress"),
    ],
)
def test_a_threat_outweighs_and_then_the_heavier_emotion(text: str, emotion: str) -> None:
    assert value(text) == emotion


def test_a_verdict_names_the_words_that_decided_it() -> None:
    found = judge("真行啊，等了八天还没到，再不发就12315见")
    assert found is not None and found.words == ("12315",)
    (entity,) = entities("You LIARS, absolutely disgraceful")
    assert entity["entity"] == "emotion" and entity["value"] == "anger"
    assert {"liars", "disgraceful"} <= set(entity["words"])
    weaker, stronger = judge("垃圾"), judge("垃圾骗子，气死我了")
    assert weaker and stronger and 0.5 < weaker.confidence < stronger.confidence < 1


def test_the_component_adds_one_entity_or_none() -> None:
    found = {"entity": "language", "value": "zh"}
    assert process({TEXT: "你好", ENTITIES: [found]}) == [found]
    before, emotion = process({TEXT: "气死我了", ENTITIES: [found]})
    assert (before, emotion["value"]) == (found, "anger")


def test_marks_in_front_count_though_understanding_never_sees_them() -> None:
    (emotion,) = process({TEXT: "还我钱", "metadata": {"text": "🤬🤬还我钱"}})
    assert "🤬" in emotion["words"]


def test_a_pressed_button_has_no_emotion() -> None:
    assert process({TEXT: "/human_agent", "metadata": {"text": "垃圾"}}) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "。",
        "😀",
        "\ud83d",
        "气死\ud83d",
        "\u202e\u200b",
        "!" * 10_000,
        "再不" * 5_000,
    ]
    + [
        "你好" * 5_000,
        "f*" * 5_000,
        "report you " * 1_000,
        "(" * 10_000,
        "\"'《「" * 2_500,
        "\x00",
    ],
)
def test_no_text_is_too_much(text: str) -> None:
    started = time.process_time()
    judge(text)
    assert time.process_time() - started < 0.5


def test_what_is_said_at_the_beginning_of_a_long_text_counts() -> None:
    assert value("气死我了" + "，好" * MOST_READ) == "anger"


def test_every_phrase_that_is_in_a_text_is_tried_on_it() -> None:
    """Phrases are looked up by the letters that they begin with."""
    index = word_lists().index
    for name in ("emotion.jsonl", "held_out.jsonl"):
        for line in (ROOT / "tests" / "nlu" / name).read_text(encoding="utf-8").splitlines():
            text = fold(json.loads(line)["text"])
            tried = {id(phrase) for phrase in index.candidates(text)}
            passed_over = [phrase for phrase in index.all() if id(phrase) not in tried]
            assert [p for p in passed_over if p.pattern.search(text)] == [], text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("I'm  SOOOO\nangry!!!", "im so angry!!!"),
        ("急急急急", "急急"),
        ("Ｆ＊＊＊", "f***"),
        ("the BBB", "the bbb"),
        ("10000", "10000"),
    ],
)
def test_texts_are_folded_as_phrases_are(text: str, folded: str) -> None:
    assert fold(text) == folded
