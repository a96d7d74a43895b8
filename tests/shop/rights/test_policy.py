from datetime import date

import pytest

from shop.errors import PolicyError, ShopError
from shop.rights.policy_book import POLICY_FILE, POLICY_SETS, load_policies

POLICY = load_policies().versions[0]


def test_the_shops_own_policy_is_read_with_its_types():
    assert POLICY.version == date(2026, 11, 1)
    assert POLICY.returns.no_reason_days == 7
    assert POLICY.returns.freight_quality == "shop"
    assert POLICY.shipping.days_typical == (2, 4)
    assert POLICY.shipping.remote_areas[0] == "新疆"
    assert POLICY.service.people_hours == ("09:00", "22:00")
    assert POLICY.zone.key == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("no_reason_days: 7", "no_reason_dayz: 7", "returns.no_reason_days: field required"),
        ("no_reason_days: 7", "no_reason_days: seven", "returns.no_reason_days: value is not"),
        ("no_reason_days: 7", "no_reason_days: 7.5", "returns.no_reason_days: value is not"),
        ("no_reason_days: 7", "no_reason_days: -7", "returns.no_reason_days: ensure"),
        ("fee_cents: 800", "fee_cents: '800'", "shipping.fee_cents: value is not"),
        ("freight_quality: shop", "freight_quality: nobody", "returns.freight_quality: value"),
        ("timezone: Asia/Shanghai", "timezone: Asia/Nowhere", "timezone: no time zone"),
        ("version: 2026-11-01", "version: soon", "version: "),
        ("no_reason_days: 7", "no_reason_days: 6", "returns.no_reason_days: the law grants 7"),
        ("quality_days: 30", "quality_days: 5", "returns.quality_days: the law grants 7"),
        ("categories: {}", "categories: {food: {quality_days: 3}}", "categories.food.quality_days"),
        ("digital, newspaper]", "digital, newspaper, sale]", "sale is no exception of the law's"),
        ("agreed: [opened_excluded]", "agreed: []", "returns.opened_excluded: has to be agreed"),
        ("extend: true", "extend: false", "returns.rest_days_extend"),
        ("freight_quality: shop", "freight_quality: shopper", "returns.freight_quality: the law"),
        ("weekend: [6, 7]", "weekend: [6, 8]", "calendar.weekend"),
        ("weekend: [6, 7]", "weekend: [1, 2, 3, 4, 5, 6, 7]", "at least one day"),
        ("2026-02-15/2026-02-23", "2026-02-23/2026-02-15", "ends before it begins"),
        ("2026-02-15/2026-02-23", "spring", "calendar.holidays"),
        ("2026-02-15/2026-02-23", "2026-02-30", "cannot be read: day is out of range"),
        ("until: dispatch", "until: delivery", "cancellation.until"),
        ("exchanges:", "swaps:", "swaps: extra fields"),
        ("timezone: Asia", "timezone: [Asia", "cannot be read"),
    ],
)
def test_a_mistake_in_the_policy_names_the_file_and_the_key(tmp_path, old, new, complaint):
    text = POLICY_FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "policy.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policies(path)
    assert str(path) in str(caught.value)
    assert complaint in str(caught.value)


@pytest.mark.parametrize("content", ["", "- a list", "just words"])
def test_a_file_without_sections_is_refused(tmp_path, content):
    path = tmp_path / "policy.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PolicyError, match="should hold sections"):
        load_policies(path)


def test_a_missing_policy_is_refused_as_an_error_of_the_shop(tmp_path):
    with pytest.raises(ShopError, match="cannot be read"):
        load_policies(tmp_path / "none.yml")


def test_the_rules_cannot_be_changed_in_passing():
    with pytest.raises(TypeError):
        POLICY.returns.no_reason_days = 30


def test_what_a_shopper_confirms_when_buying_may_be_left_out(tmp_path):
    text = POLICY_FILE.read_text(encoding="utf-8")
    text = text.replace("newspaper]", "newspaper, final_sale]", 1)
    path = tmp_path / "policy.yml"
    path.write_text(text.replace("agreed: [", "agreed: [final_sale, "), encoding="utf-8")
    assert "final_sale" in load_policies(path).versions[0].returns.excluded_without_reason


def test_all_sets_have_the_same_keys():
    names = {name: set(load_policies(name).versions[0].dict()) for name in POLICY_SETS}
    assert names["default"] == names["international"]


def test_a_category_has_its_own_days_where_it_names_them(tmp_path):
    text = POLICY_FILE.read_text(encoding="utf-8")
    own = "categories: {appliances: {quality_days: 90, exchange_days: 60, warranty_months: 36}}"
    path = tmp_path / "policy.yml"
    path.write_text(text.replace("categories: {}", own), encoding="utf-8")
    policy = load_policies(path).versions[0]
    for category, days in {"appliances": (90, 60, 36), "electronics": (30, 15, 12)}.items():
        found = (policy.quality_days(category), policy.exchange_days(category))
        assert (*found, policy.warranty_months(category)) == days
    assert policy.warranty_months("clothing") == 0
