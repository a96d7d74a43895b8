"""The sentences: in both languages, with every placeholder filled."""

from datetime import date

import pytest

from shop.errors import PolicyError
from shop.rights.rules import RULES_FILE, explain_rule, load_rules, rules

FACTS = {
    "today": date(2026, 11, 20),
    "days": 7,
    "last_day": date(2026, 11, 9),
    "delivered_on": date(2026, 11, 2),
    "refund_cents": 12050,
    "limit_cents": 10000,
    "warranty_until": date(2027, 11, 2),
    "repair_days": 10,
    "days_late": 1,
    "late_days": 3,
    "times": 1,
}


@pytest.mark.parametrize(
    ("rule", "language", "sentence"),
    [
        ("window_over", "zh", "这件是11月2日签收的，退货期限有7天，到11月9日为止，已经过了。"),
        (
            "window_over",
            "en",
            "It was delivered on 2 November, and the 7 days to send it back ended on 9 November.",
        ),
        ("keep_it", "zh", "不用寄回，可以直接退120.50元。"),
        ("keep_it", "en", "No need to send it back; ¥120.50 can be refunded at once."),
        (
            "under_warranty",
            "zh",
            "还在保修期内，到2027年11月2日为止，免费修，一般10个工作日修好。",
        ),
        (
            "under_warranty",
            "en",
            "It's under warranty until 2 November 2027, so the repair is free and usually takes"
            " 10 working days.",
        ),
        (
            "not_late_enough",
            "en",
            "There is a coupon from 3 days of delay on; this order is 1 day late.",
        ),
        (
            "reissued_already",
            "en",
            "The invoice has already been reissued once; a colleague has to change it again.",
        ),
    ],
)
def test_a_rule_is_told_with_its_facts(rule, language, sentence):
    assert explain_rule(rule, FACTS, language) == sentence


def test_there_are_sentences_in_two_languages_only():
    with pytest.raises(ValueError, match="'fr'"):
        explain_rule("window_over", FACTS, "fr")


def test_sentences_are_short_and_in_their_own_language():
    for name, rule in rules().items():
        assert len(rule.zh) <= 70 and len(rule.en) <= 140, name
        assert rule.zh.endswith("。") and rule.en.endswith("."), name
        assert not any("\u4e00" <= character <= "\u9fff" for character in rule.en), name
        assert rule.basis, name


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("{last_day}", "{lastday}", "no_reason_window: nothing fills lastday"),
        ("  zh: 签收第二天", "  cn: 签收第二天", "no_reason_window: should hold basis, zh and en"),
        ("no_reason_window:", "no_reason_window: [", "cannot be read"),
    ],
)
def test_a_mistake_in_the_rules_names_the_file_and_the_rule(tmp_path, old, new, complaint):
    text = RULES_FILE.read_text(encoding="utf-8")
    path = tmp_path / "rules.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_rules(path)
    assert str(path) in str(caught.value)
    assert complaint in str(caught.value)


def test_no_rule_is_written_twice():
    names = [
        line.partition(":")[0]
        for line in RULES_FILE.read_text(encoding="utf-8").splitlines()
        if line and line[0] not in " #"
    ]
    assert len(names) == len(set(names)) == len(rules())
