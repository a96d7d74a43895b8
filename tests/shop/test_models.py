import pytest

from shop.models import Identity, Payer, Reason
from shop.order_number import normalise_order_number


@pytest.mark.parametrize(
    "ids",
    [{}, {"customer_id": "C1001", "visitor_id": "v-1"}, {"customer_id": ""}, {"visitor_id": ""}],
)
def test_an_identity_is_either_a_customer_or_a_visitor(ids):
    with pytest.raises(ValueError, match="either a customer or a visitor"):
        Identity(**ids)


def test_a_customer_and_a_visitor_of_the_same_name_are_different_actors():
    assert Identity(customer_id="7").actor != Identity(visitor_id="7").actor


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("XE20260001", "XE20260001"),
        ("  xe20260001\n", "XE20260001"),
        ("ＸＥ２０２６０００１", "XE20260001"),
        ("ｘｅ2026 0001", "XE20260001"),
        ("XE2026\u30000001", "XE20260001"),
        ("XE2026\x000001\u200b", "XE20260001"),
        ("\ud800XE20260001", "XE20260001"),
        ("XE-2026-0001", "XE20260001"),
        ("xe#20260001", "XE20260001"),
        ("XE2O26OOOl", "XE20260001"),
        ("xe20260i01", "XE20260101"),
        ("XE2O26OOO", "XE2O26OOO"),
        ("OIL-2026", "OIL-2026"),
        ("", ""),
        ("9" * 5000, "9" * 64),
    ],
)
def test_an_order_number_is_read_however_it_is_typed(typed, stored):
    assert normalise_order_number(typed) == stored


def test_claims_are_those_the_shop_answers_for():
    claims = {reason.value for reason in Reason if reason.is_claim}
    assert claims == {"quality", "damaged", "wrong_item", "missing"}
    assert Payer("shop") is Payer.SHOP
