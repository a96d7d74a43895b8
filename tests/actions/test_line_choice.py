"""Which lines of an order are meant."""

from typing import List

import pytest

from actions.line_choice import chosen_lines
from shop import OrderLine


def line(line_id: int, zh: str, en: str) -> OrderLine:
    return OrderLine(line_id, f"S{line_id}", {"zh": zh, "en": en}, "home", 1, 1000)


LINES = [
    line(11, "刻字不锈钢保温杯", "Engraved steel flask"),
    line(12, "法兰绒盖毯", "Flannel throw blanket"),
    line(13, "轻弹缓震跑鞋", "Cushioned daily running shoes"),
]
SHIRTS = [
    line(21, "纯棉短袖T恤 白色", "Cotton tee, white"),
    line(22, "纯棉短袖T恤 黑色", "Cotton tee, black"),
]


@pytest.mark.parametrize(
    ("choices", "text", "language", "expected"),
    [
        (["all"], "全部", "zh", [11, 12, 13]),
        (["all"], "all of them", "en", [11, 12, 13]),
        (["all", "1"], "第一个，算了全部吧", "zh", [11, 12, 13]),
        (["1"], "第一个", "zh", [11]),
        (["3", "1"], "the third one and the first one", "en", [11, 13]),
        (["2", "2"], "第二个，对第二件", "zh", [12]),
        (["9"], "", "en", []),
        ([], "毯子那个，法兰绒的", "zh", [12]),
        ([], "跑鞋", "zh", [13]),
        ([], "the blanket", "en", [12]),
        ([], "RUNNING SHOES", "en", [13]),
        ([], "the flask and the blanket", "en", [11, 12]),
        ([], "不知道", "zh", []),
        ([], "not sure yet", "en", []),
        ([], "", "zh", []),
        ([], "", "en", []),
    ],
)
def test_lines_are_chosen_by_place_by_name_or_all(
    choices: List[str], text: str, language: str, expected: List[int]
) -> None:
    assert [chosen.id for chosen in chosen_lines(LINES, choices, text, language)] == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("黑色那件", "zh", [22]),
        ("白色的", "zh", [21]),
        ("the black one", "en", [22]),
        ("纯棉短袖", "zh", []),
        ("the cotton tee", "en", []),
    ],
)
def test_only_what_sets_a_title_apart_names_it(
    text: str, language: str, expected: List[int]
) -> None:
    assert [chosen.id for chosen in chosen_lines(SHIRTS, [], text, language)] == expected


def test_two_lines_of_one_name_cannot_be_told_apart_by_it() -> None:
    twins = [line(1, "法兰绒盖毯", "Flannel throw"), line(2, "法兰绒盖毯", "Flannel throw")]
    assert chosen_lines(twins, [], "法兰绒盖毯", "zh") == []
    assert [chosen.id for chosen in chosen_lines(twins, ["2"], "第二个", "zh")] == [2]


def test_without_lines_nothing_is_chosen() -> None:
    assert chosen_lines([], ["all"], "全部", "zh") == []
    assert chosen_lines([], [], "毯子", "zh") == []
