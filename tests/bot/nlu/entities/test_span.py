from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.entities.span import NOTHING, Span, without_overlaps

SPANS = st.builds(
    lambda start, length, entity: Span(start, start + length, entity, "value"),
    st.integers(0, 20),
    st.integers(1, 9),
    st.sampled_from(["order_number", "date", "amount", "quantity", "phone_last4", NOTHING]),
)


def test_the_longer_span_wins() -> None:
    date = Span(0, 10, "date", "2026-11-03")
    digits = Span(0, 4, "phone_last4", "2026")
    assert without_overlaps([digits, date], 10) == [date]


def test_of_spans_of_one_length_the_more_specific_kind_wins() -> None:
    amount, digits = Span(0, 4, "amount", "CNY 1299.00"), Span(0, 4, "phone_last4", "1299")
    assert without_overlaps([digits, amount], 4) == [amount]


def test_what_was_read_as_nothing_keeps_others_away_and_goes() -> None:
    impossible = Span(0, 5, NOTHING, "")
    quantity = Span(2, 4, "quantity", "30")
    assert without_overlaps([impossible, quantity], 5) == []


@given(st.lists(SPANS, max_size=12))
def test_what_is_kept_never_overlaps_and_is_in_order(spans: "list[Span]") -> None:
    kept = without_overlaps(spans, 40)
    assert all(first.end <= second.start for first, second in zip(kept, kept[1:]))
    assert set(kept) <= set(spans)
    assert all(span.entity != NOTHING for span in kept)
