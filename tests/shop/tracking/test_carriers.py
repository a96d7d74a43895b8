import pytest

from shop.tracking.carriers import CARRIERS, find_carrier


@pytest.mark.parametrize(
    ("zh", "en", "code"),
    [
        ("顺丰速运", "SF Express", "sf"),
        ("順豐速運", "S.F.", "sf"),
        ("圆通速递", "YTO Express", "yto"),
        ("中通快递", "ZTO Express", "zto"),
        ("申通快递", "STO Express", "sto"),
        ("韵达快递", "Yunda", "yunda"),
        ("京东物流", "JD Logistics", "jd"),
        ("极兔速递", "J&T Express", "jt"),
        ("邮政特快专递", "China EMS", "ems"),
    ],
)
def test_a_carrier_is_known_by_its_name_in_either_language(zh, en, code):
    found = find_carrier({"zh": zh, "en": en})
    assert found is not None and found.code == code


@pytest.mark.parametrize(
    "name", [{"zh": "自家配送", "en": "Our own van"}, {"zh": "", "en": ""}, {}]
)
def test_other_carriers_are_not_guessed(name):
    assert find_carrier(name) is None


def test_no_two_carriers_share_a_code():
    for codes in ([c.code for c in CARRIERS], [c.kuaidi100 for c in CARRIERS]):
        assert len(set(codes)) == len(codes)
    numbers = [c.seventeentrack for c in CARRIERS if c.seventeentrack]
    assert len(set(numbers)) == len(numbers)
