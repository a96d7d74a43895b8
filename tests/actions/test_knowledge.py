"""Questions: answered with a source, or honestly not."""

from typing import Any, List

import pytest
from rasa_sdk.events import UserUtteranceReverted

from actions.knowledge import ActionAnswerQuestion, ActionFallback

UNUSABLE = ["slow", "broken", "refused", "garbage", "another shape"]
BOTH = pytest.mark.parametrize("action", [ActionAnswerQuestion, ActionFallback])


@BOTH
@pytest.mark.parametrize(
    ("language", "asked_in", "text"),
    [
        ("zh-Hans", "zh", "怎么开发票"),
        ("zh-Hant", "zh", "怎麼開發票"),
        ("en", "en", "how do I get an invoice?"),
    ],
)
async def test_an_answer_comes_with_its_source(
    customer: Any, neighbour: Any, action: Any, language: str, asked_in: str, text: str
) -> None:
    scene = customer(language=language)
    scene.hears(text, intent="invoice")
    assert await scene.does(action()) == ["utter_knowledge_answer"]
    asked = {
        "text": text,
        "language": asked_in,
        "topics": ["invoice"],
        "conversation_id": "c-1",
        "message_id": "m-1",
    }
    assert neighbour.bodies == [asked]
    message = scene.messages[0]
    assert message["answer"] == "七天内可以退。"
    assert message["custom"] == {
        "sources": [{"id": "returns", "title": "退货", "updated": "2026-11-01"}]
    }


@BOTH
async def test_when_several_articles_may_be_meant_their_titles_are_buttons(
    customer: Any, neighbour: Any, action: Any
) -> None:
    neighbour.answer = [
        {"id": "returns", "title": "退货", "language": "zh"},
        {"id": "refunds", "title": "Refunds", "language": "en"},
        {"id": "repairs", "title": "保修"},
    ]
    scene = customer()
    scene.hears("退的事", intent="nlu_fallback")
    assert await scene.does(action()) == ["utter_knowledge_choices"]
    assert neighbour.bodies[-1]["topics"] == []
    buttons = scene.messages[0]["buttons"]
    assert [button["title"] for button in buttons] == ["退货", "Refunds", "保修"]
    assert [button["payload"] for button in buttons] == [
        f'/out_of_scope{{"article": "{article}", "article_language": "{language}"}}'
        for article, language in (("returns", "zh"), ("refunds", "en"), ("repairs", "zh"))
    ]


@BOTH
@pytest.mark.parametrize(
    ("language", "text", "written_in"),
    [
        ("zh-Hans", "电池能带上飞机吗", "en"),
        ("zh-Hant", "電池可以帶上飛機嗎", "en"),
        ("en", "may I take the batteries on a plane", "zh"),
    ],
)
async def test_an_answer_in_the_other_language_is_announced(
    customer: Any, neighbour: Any, action: Any, language: str, text: str, written_in: str
) -> None:
    neighbour.answer = {**neighbour.answer, "language": written_in}
    scene = customer(language=language)
    scene.hears(text, intent="nlu_fallback")
    said = await scene.does(action())
    assert said == ["utter_knowledge_other_language", "utter_knowledge_answer"]
    assert scene.facts("utter_knowledge_answer")["custom"]["sources"][0]["id"] == "returns"


@pytest.mark.parametrize(
    ("article", "said"),
    [("returns", "utter_knowledge_answer"), ("../gone", "utter_knowledge_unknown")],
)
async def test_the_article_whose_button_was_pressed_is_shown(
    customer: Any, neighbour: Any, article: str, said: str
) -> None:
    neighbour.articles.clear()
    scene = customer()
    scene.hears("退货", intent="out_of_scope", article=article)
    assert await scene.does(ActionAnswerQuestion()) == [said]
    assert neighbour.bodies == []
    assert neighbour.articles == [("zh", article, "c-1")] or article == "../gone"


@pytest.mark.parametrize(
    ("language", "written_in", "said"),
    [
        ("zh-Hans", "zh", ["utter_knowledge_answer"]),
        ("zh-Hant", "en", ["utter_knowledge_other_language", "utter_knowledge_answer"]),
        ("en", "zh", ["utter_knowledge_other_language", "utter_knowledge_answer"]),
    ],
)
async def test_a_chosen_article_is_shown_in_the_language_of_its_button(
    customer: Any, neighbour: Any, language: str, written_in: str, said: List[str]
) -> None:
    neighbour.articles.clear()
    scene = customer(language=language)
    scene.hears("退货", intent="out_of_scope", article="returns", article_language=written_in)
    assert await scene.does(ActionAnswerQuestion()) == said
    assert neighbour.articles == [(written_in, "returns", "c-1")]


@pytest.mark.parametrize("behaviour", ["fine", "unprocessable"])
async def test_what_no_article_answers_is_said_not_to_be_known(
    customer: Any, neighbour: Any, behaviour: str
) -> None:
    neighbour.answer, neighbour.behaviour = None, behaviour
    scene = customer()
    scene.hears("你们老板几岁", intent="out_of_scope")
    assert await scene.does(ActionAnswerQuestion()) == ["utter_knowledge_unknown"]
    assert scene.events == []
    assert scene.messages[0]["custom"] == {"unanswered": True}


@BOTH
async def test_at_the_second_failure_in_a_row_a_person_takes_over(
    customer: Any, neighbour: Any, action: Any
) -> None:
    neighbour.answer = None
    scene = customer(language="en")
    scene.hears("blargh", intent="nlu_fallback")
    assert await scene.does(action()) == ["utter_knowledge_unknown"]
    scene.hears("blargh I said", intent="nlu_fallback")
    assert await scene.does(action()) == []
    handoff = neighbour.bodies[-1]
    assert (handoff["reason"], handoff["conversation_id"]) == ("not_understood", "c-1")
    assert (handoff["language"], neighbour.keys[-1]) == ("en", "m-2")


async def test_something_understood_in_between_starts_the_count_again(
    customer: Any, neighbour: Any
) -> None:
    neighbour.answer = None
    scene = customer()
    scene.hears("呜里哇啦", intent="nlu_fallback")
    await scene.does(ActionAnswerQuestion())
    scene.hears("谢谢", intent="thanks")
    scene.said("utter_smalltalk_thanks")
    scene.hears("呜里哇啦", intent="nlu_fallback")
    assert await scene.does(ActionAnswerQuestion()) == ["utter_knowledge_unknown"]


async def test_a_person_who_cannot_be_reached_is_not_promised(
    customer: Any, neighbour: Any
) -> None:
    neighbour.answer = None
    scene = customer()
    scene.hears("呜里哇啦", intent="nlu_fallback")
    await scene.does(ActionAnswerQuestion())
    neighbour.behaviour = "unprocessable"
    scene.hears("呜里哇啦啊", intent="nlu_fallback")
    assert await scene.does(ActionAnswerQuestion()) == ["utter_handoff_unavailable"]


@BOTH
@pytest.mark.parametrize("behaviour", UNUSABLE)
async def test_a_knowledge_service_that_fails_is_owned_up_to(
    customer: Any, neighbour: Any, action: Any, behaviour: str
) -> None:
    neighbour.behaviour = behaviour
    scene = customer()
    scene.hears("怎么开发票", intent="invoice")
    assert await scene.does(action()) == ["utter_knowledge_unavailable"]


@pytest.mark.parametrize("answer", [{"id": "x"}, "七天", 7, ["a"], {}])
async def test_an_answer_of_another_shape_is_no_answer(
    customer: Any, neighbour: Any, answer: Any
) -> None:
    neighbour.answer = answer
    scene = customer()
    scene.hears("怎么开发票", intent="invoice")
    assert await scene.does(ActionAnswerQuestion()) == ["utter_knowledge_unavailable"]


async def test_a_question_in_the_middle_of_a_form_leaves_the_form_alone(
    customer: Any, neighbour: Any
) -> None:
    scene = customer()
    collected = {"order_number": "XE20260002", "requested_slot": "return_reason"}
    scene.slots.update(collected)
    scene.hears("运费谁出", intent="return_policy")
    await scene.does(ActionAnswerQuestion())
    assert scene.filled == collected


@pytest.mark.parametrize("behaviour", ["fine", "broken"])
async def test_the_fallback_takes_the_message_back(
    customer: Any, neighbour: Any, behaviour: str
) -> None:
    neighbour.behaviour = behaviour
    scene = customer()
    scene.hears("嗯？", intent="affirm")
    await scene.does(ActionFallback())
    assert scene.events == [UserUtteranceReverted()]
