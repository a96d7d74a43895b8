"""Questions about products: the catalogue's own words, or honestly none."""

from typing import Any, List

import pytest

from actions.asked_facts import asked_facts
from actions.products import ActionAnswerProduct


@pytest.mark.parametrize(
    ("text", "names", "facts"),
    [
        ("这件大衣什么面料", ["大衣"], ["material"]),
        ("這件大衣什麼面料，怎麼洗", ["大衣"], ["material", "care"]),
        ("耳机防水吗？续航多久", ["耳机"], ["waterproof", "battery"]),
        ("羽绒服多少钱", ["羽绒服"], ["price"]),
        ("多重", [], ["weight"]),
        ("好看吗", [], []),
        ("What is it made of and how much is it?", [], ["material", "price"]),
        ("how much does the flask hold", ["flask"], ["capacity"]),
        ("how much does it weigh?", [], ["weight"]),
        ("are the fleece-lined joggers machine washable", ["fleece-lined joggers"], ["care"]),
        ("is it nice", [], []),
        ("does it fit", [], ["fit"]),
        ("any benefits?", [], []),
    ],
)
def test_what_is_asked_is_found_by_its_words(text: str, names: List[str], facts: List[str]) -> None:
    assert asked_facts(text, names) == facts


def test_the_longer_word_counts() -> None:
    assert asked_facts("成分含量多少") == ["material"]
    assert asked_facts("什么成分") == ["ingredients"]


async def asks(scene: Any, text: str, **entities: Any) -> List[str]:
    scene.hears(text, intent="product_question", **entities)
    return list(await scene.does(ActionAnswerProduct()))


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("zh-Hans", "耳机续航多久", "开降噪能听38小时，充电10分钟听5小时"),
        ("en", "how is the battery life", "38 hours with noise cancelling on; 10 minutes"),
    ],
)
async def test_a_fact_is_told_as_the_catalogue_has_it(
    customer: Any, language: str, text: str, told: str
) -> None:
    scene = customer(language=language)
    assert await asks(scene, text, product="EL1001") == ["utter_products_fact"]
    assert scene.messages[0]["facts"].startswith(told)


async def test_todays_price_is_told_with_what_else_was_asked(customer: Any) -> None:
    scene = customer()
    assert await asks(scene, "羽绒服多少钱，防水吗", product="CL1005") == ["utter_products_fact"]
    facts = scene.messages[0]["facts"]
    assert "防泼水" in facts and facts.endswith("；¥599.00")


async def test_the_product_spoken_of_last_is_meant(customer: Any) -> None:
    scene = customer()
    scene.slots["product"] = "EL1001"
    assert await asks(scene, "那防水吗") == ["utter_products_fact"]
    assert "不防水" in scene.messages[0]["facts"]


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh-Hans", "我买的那个怎么洗"), ("en", "how do I wash the one I bought")],
)
async def test_what_was_bought_last_is_meant(customer: Any, language: str, text: str) -> None:
    scene = customer("C1003", language)
    assert await asks(scene, text) == ["utter_products_fact", "utter_products_fact"]
    titles = {message["title"] for message in scene.messages}
    assert titles in (
        {"刻字不锈钢保温杯", "法兰绒盖毯"},
        {"Engraved steel flask", "Flannel throw blanket"},
    )


async def test_two_products_are_compared(customer: Any) -> None:
    scene = customer(language="en")
    said = await asks(scene, "which is heavier, weight?", product=["EL1001", "EL1002"])
    assert said == ["utter_products_fact"] * 2
    assert [message["facts"] for message in scene.messages] == [
        "About 250 g",
        "4.6 g each, 44 g with the case",
    ]
    said = await asks(scene, "and the fabric?", product=["CL1001", "EL1001"])
    assert said == ["utter_products_fact", "utter_products_fact_missing"]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("大衣防水吗", {"product": "CL1001"}),
        ("大衣好看吗", {"product": "CL1001"}),
        ("防水吗", {}),
        ("雨伞防水吗", {"product": "雨伞"}),
    ],
)
async def test_what_the_catalogue_does_not_know_is_asked_of_the_articles(
    customer: Any, neighbour: Any, text: str, entities: Any
) -> None:
    scene = customer()
    assert await asks(scene, text, **entities) == ["utter_knowledge_answer"]
    neighbour.answer = None
    assert await asks(scene, text, **entities) == ["utter_products_person"]
    assert await asks(scene, text, **entities) == []
    assert neighbour.bodies[-1]["reason"] == "not_understood"


async def test_without_the_catalogue_the_articles_are_asked(customer: Any, break_shop: Any) -> None:
    scene = customer()
    break_shop()
    assert await asks(scene, "耳机防水吗", product="EL1001") == ["utter_knowledge_answer"]
