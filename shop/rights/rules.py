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
        PolicyError: the file cannot be read, a rule lacks a basis or a language, or a sentence has a
            placeholder that nothing fills; names the file and the rule.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
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
        {name: _say(name, facts[name], language) for name in _placeholders(sentence)}
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


def _say(name: str, value: object, language: str) -> str:
    if isinstance(value, date):
        if language == "zh":
            return f"{value.month}月{value.day}日"
        return f"{value.day} {value:%B}"
    if name.endswith("_cents"):
        yuan = f"{int(str(value)) / 100:.2f}".removesuffix(".00")
        return f"{yuan}元" if language == "zh" else f"¥{yuan}"
    return str(value)
