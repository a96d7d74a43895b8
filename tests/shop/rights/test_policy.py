from datetime import date

import pytest

from shop.errors import PolicyError, ShopError
from shop.rights.policy import POLICY_FILE, load_policy


def test_the_shops_own_policy_is_read_with_its_types(policy):
    assert policy.version == date(2026, 11, 1)
    assert policy.returns.no_reason_days == 7
    assert policy.returns.freight_quality == "shop"
    assert policy.shipping.days_typical == (2, 4)
    assert policy.shipping.remote_areas[0] == "新疆"
    assert policy.service.people_hours == ("09:00", "22:00")
    assert policy.zone.key == "Asia/Shanghai"


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
        load_policy(path)
    assert str(path) in str(caught.value)
    assert complaint in str(caught.value)


@pytest.mark.parametrize("content", ["", "- a list", "just words"])
def test_a_file_without_sections_is_refused(tmp_path, content):
    path = tmp_path / "policy.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PolicyError, match="should hold sections"):
        load_policy(path)


def test_a_missing_policy_is_refused_as_an_error_of_the_shop(tmp_path):
    with pytest.raises(ShopError, match="cannot be read"):
        load_policy(tmp_path / "none.yml")


def test_the_rules_cannot_be_changed_in_passing(policy):
    with pytest.raises(TypeError):
        policy.returns.no_reason_days = 30
