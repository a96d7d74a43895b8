"""Words of Chinese, English and mixed texts."""

import re
from typing import Any, List

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.normaliser import normalise
from bot.nlu.tokenizer import MixedScriptTokenizer, tokenize

ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("我的訂單到哪了退货XE20260001 don't ，。㈱½㎏㍿İ々\u200b\x00🎉"),
    )
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我要转人工客服", ["我要", "转", "人工客服"]),
        ("查物流", ["查", "物流"]),
        ("我的訂單到哪了", ["我", "的", "订单", "到哪了"]),
        ("花呗分期", ["花呗", "分期"]),
        ("Where is my order?", ["where", "is", "my", "order", "?"]),
        ("I don't like it", ["i", "do", "n't", "like", "it"]),
        ("我的订单XE20260001到哪了", ["我", "的", "订单", "xe20260001", "到哪了"]),
        ("退款refund什么时候到", ["退款", "refund", "什么", "时候", "到"]),
        ("  退货  ", ["退货"]),
        ("", []),
        ("   ", []),
        ("\u200b", []),
        ("sooooo slow", ["soo", "slow"]),
        ("急急急急", ["急急", "急急"]),
        ("收唔到嘅嘢", ["收不到", "的", "嘢"]),
        ("xe20000001 1111", ["xe20000001", "1111"]),
    ],
)
def test_a_text_is_cut_into_folded_words(text: str, words: List[str]) -> None:
    assert [token.text for token in tokenize(text)] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我的訂單", ["我", "的", "訂單"]),
        ("Where IS it", ["Where", "IS", "it"]),
        ("订单ＸＥ２０２６０００１到哪", ["订单", "ＸＥ２０２６０００１", "到", "哪"]),
        ("退\u200b货", ["退\u200b货"]),
    ],
)
def test_offsets_point_into_the_text_as_written(text: str, words: List[str]) -> None:
    assert [text[token.start : token.end] for token in tokenize(text)] == words


@settings(deadline=None, max_examples=300)
@given(ANY_TEXT)
@example("㈱㈱")
@example("a\u3000b\u2028c")
@example("\x00订\u200b单")
def test_tokens_are_in_order_within_the_text_and_never_blank(text: str) -> None:
    tokens = tokenize(text)
    assert all(token.text.strip() for token in tokens)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    for left, right in zip(tokens, tokens[1:]):
        if right.start < left.end:
            # Two words of one character, such as the brackets of a company sign.
            assert right.start == left.end - 1
            assert len(normalise(text[right.start]).text) > 1


def calm(text: str) -> str:
    """Without repetitions, some of which are taken for emphasis."""
    return re.sub(r"(.)\1+", r"\1", text, flags=re.DOTALL)


@settings(deadline=None, max_examples=200)
@given(ANY_TEXT)
def test_nothing_but_blanks_is_left_out(text: str) -> None:
    kept = "".join(token.text for token in tokenize(text))
    assert calm(kept) == calm(normalise(text).text.replace(" ", ""))


def test_the_component_puts_tokens_into_a_message() -> None:
    nothing: Any = None
    component = MixedScriptTokenizer.create(
        MixedScriptTokenizer.get_default_config(), nothing, nothing, nothing
    )
    (message,) = component.process([Message(data={TEXT: "Hi，我的快递呢"})])
    words = [token.text for token in message.get(TOKENS_NAMES[TEXT])]
    assert words == ["hi", ",", "我", "的", "快递", "呢"]
