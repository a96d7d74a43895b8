"""The rules by their ids: where each comes from, and how it is told to a shopper.

Step 6 of a message's way (act): ``rules.yml`` read once, when the first sentence is needed.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

from shop.errors import PolicyError
from shop.rights.verdict import Verdict

RULES_FILE = Path(__file__).resolve().parent / "rules.yml"
LANGUAGES = ("zh", "en")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# What English counts a number in; a Chinese sentence has its own measure words.
_UNITS = {
    "days": "day",
    "days_late": "day",
    "days_since": "day",
    "evidence_days": "day",
    "hours": "hour",
    "late_days": "day",
    "months": "month",
    "quiet_days": "day",
    "repair_days": "working day",
    "valid_days": "day",
}
# What a sentence may name; every verdict that a rule decides has a value for it.
PLACEHOLDERS = frozenset(
    {
        "amount_cents",
        "asked",
        "bought",
        "coupon_cents",
        "days",
        "days_late",
        "days_since",
        "delivered_on",
        "evidence_days",
        "from_cents",
        "hours",
        "last_day",
        "late_days",
        "left",
        "limit_cents",
        "months",
        "promised_on",
        "quiet_days",
        "refund_cents",
        "repair_days",
        "times",
        "total_cents",
        "valid_days",
        "warranty_until",
    }
)


@dataclass(frozen=True)
class Rule:
    """A rule: its ``basis`` (a law or a key of the policy) and a sentence for each language."""

    basis: str
    zh: str
    en: str

    def sentence(self, language: str) -> str:
        """Give the sentence with its placeholders."""
        return self.zh if language == "zh" else self.en


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Rule]:
    """Give all rules by id.

    Raises:
        PolicyError: as for ``load_rules``.
    """
    return load_rules(RULES_FILE)


def load_rules(path: Path) -> dict[str, Rule]:
    """Read rules.

    Raises:
        PolicyError: the file cannot be read, a rule lacks a basis or a language, or a sentence has
            a placeholder that nothing fills; names the file and the rule.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise PolicyError(f"{path}: cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise PolicyError(f"{path}: should hold rules by their ids")
    return {name: _rule(path, str(name), entry) for name, entry in content.items()}


def explain(verdict: Verdict, language: str) -> str:
    """Tell the deciding rule of a verdict in ``zh`` or ``en``.

    Raises:
        ValueError: another language.
    """
    return explain_rule(verdict.rule, verdict.facts, language)


def explain_rule(rule: str, facts: Mapping[str, object], language: str) -> str:
    """Tell a rule with these facts, such as one of ``verdict.rules`` that did not decide.

    Raises:
        ValueError: a language other than ``zh`` and ``en``.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no sentences in {language!r}, only in {' and '.join(LANGUAGES)}")
    sentence = rules()[rule].sentence(language)
    return sentence.format_map(
        {name: _say(name, facts, language) for name in _placeholders(sentence)}
    )


def _rule(path: Path, name: str, entry: object) -> Rule:
    if not isinstance(entry, dict) or set(entry) != {"basis", *LANGUAGES}:
        raise PolicyError(f"{path}: {name}: should hold basis, zh and en")
    rule = Rule(**{key: str(value) for key, value in entry.items()})
    found = {language: _placeholders(rule.sentence(language)) for language in LANGUAGES}
    unknown = (found["zh"] | found["en"]) - PLACEHOLDERS
    if unknown:
        raise PolicyError(f"{path}: {name}: nothing fills {', '.join(sorted(unknown))}")
    return rule


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def _say(name: str, facts: Mapping[str, object], language: str) -> str:
    value = facts[name]
    if isinstance(value, date):
        return _say_day(value, language, this_year=value.year == getattr(facts["today"], "year", 0))
    if name.endswith("_cents"):
        yuan = f"{int(str(value)) / 100:.2f}".removesuffix(".00")
        return f"{yuan}元" if language == "zh" else f"¥{yuan}"
    if name == "times" and language == "en":
        return {1: "once", 2: "twice"}.get(int(str(value)), f"{value} times")
    unit = _UNITS.get(name) if language == "en" else None
    return f"{value} {unit}{'' if value == 1 else 's'}" if unit else str(value)


def _say_day(day: date, language: str, *, this_year: bool) -> str:
    if language == "zh":
        return f"{'' if this_year else f'{day.year}年'}{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]}{'' if this_year else f' {day.year}'}"
