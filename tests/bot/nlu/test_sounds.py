"""Slips change little of how a message sounds."""

import pytest

from bot.nlu.sounds import sounds


@pytest.mark.parametrize(
    ("meant", "written"),
    [
        ("退货", "退或"),
        ("快递", "块递"),
        ("什么时候", "神么时候"),
        ("订单", "定单"),
        ("蓝色", "南瑟"),
        ("refund", "refnud"),
        ("parcel", "parcle"),
        ("delivered", "deliverd"),
        ("cancel", "cancell"),
    ],
)
def test_a_slip_sounds_alike(meant, written):
    assert sounds(meant) == sounds(written)


def test_neighbours_are_paired():
    assert sounds("退货 ok") == ["tui", "huo", "ok", "tui huo", "huo ok"]


@pytest.mark.parametrize("text", ["", "。", "👍", "  "])
def test_what_has_no_words_has_no_sound(text):
    assert sounds(text) == []


def test_short_words_and_numbers_stay_as_they_are():
    assert sounds("are 1001")[:2] == ["are", "1001"]
