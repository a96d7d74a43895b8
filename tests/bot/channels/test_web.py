"""The web door reads what clients send, whatever they send."""

import pytest

from bot.channels.web import _number, bearer
from bot.errors import Unauthorized


@pytest.mark.parametrize(
    ("event_id", "number"),
    [
        *[("0", 0), ("7", 7), ("999999999999999", 10**15 - 1)],
        *[(text, 0) for text in ("", "x", "-1", "1.5", "²", "½", "1 ", "9" * 16, "\xff")],
    ],
)
def test_an_event_id_that_is_not_ours_means_from_the_beginning(event_id, number):
    assert _number(event_id) == number


@pytest.mark.parametrize("header", ["Bearer abc", "bearer abc", "BEARER  abc "])
def test_a_token_is_what_comes_after_bearer(header):
    assert bearer(header) == "abc"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "abc", "\xff"])
def test_anything_else_is_no_token(header):
    with pytest.raises(Unauthorized):
        bearer(header)
