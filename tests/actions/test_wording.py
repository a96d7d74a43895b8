"""Every response that an action may name is in the domain, in both languages.

That its placeholders are among the facts given is checked wherever a test runs an action
(conftest.py, `check_wording`).
"""

import ast
from pathlib import Path
from typing import Any, Dict, Iterator, List, Set

import pytest

from actions.promises import KINDS
from shop import OrderStatus, RefundState, load_policy
from shop.rights.returns import (
    ALREADY_RETURNED,
    NO_REASON_WINDOW,
    NOT_DELIVERED,
    NOTHING_LEFT,
    QUALITY_CLAIM,
    WINDOW_OVER,
)

ACTIONS = Path(__file__).resolve().parents[2] / "actions"

# Names put together while running: their beginnings, and with what they may end.
FAMILIES: Dict[str, List[str]] = {
    "utter_orders_status_": [*(status.value for status in OrderStatus), "shipped_quiet"],
    "utter_promises_": [f"{state}_{kind}" for state in ("open", "overdue") for kind in KINDS],
    "utter_refunds_state_": [state.value for state in RefundState],
    "utter_returns_ask_confirm_": [NO_REASON_WINDOW, QUALITY_CLAIM],
    "utter_returns_line_excluded_": ["custom_made", "other"],
    "utter_returns_denied_": [],
}


def texts() -> Iterator[str]:
    """Every text in the actions' source, the beginnings of put-together ones included."""
    for path in ACTIONS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def named() -> Set[str]:
    # `utter_action` is Rasa's own word for the name of a response.
    return {text for text in texts() if text.startswith("utter_")} - {"utter_action"}


def refusals() -> List[str]:
    from actions.returns import RETURNED_RULES, TOLD_AS

    rules = {
        *(NOT_DELIVERED, WINDOW_OVER, ALREADY_RETURNED, NOTHING_LEFT),
        *load_policy().returns.excluded_without_reason,
    }
    told = {TOLD_AS.get(rule, rule) for rule in rules - RETURNED_RULES}
    return sorted({*told, "already_returned", "settled"})


def languages(wordings: List[Dict[str, Any]]) -> Set[Any]:
    """The value of each wording's language condition; None is Chinese, the default."""
    return {
        condition["value"]
        for wording in wordings
        for condition in wording.get("condition") or [{"value": None}]
    }


@pytest.mark.parametrize("name", sorted(named() - set(FAMILIES)))
def test_every_response_that_an_action_names_exists(responses: Any, name: str) -> None:
    assert name in responses


@pytest.mark.parametrize(
    "name",
    [f"{beginning}{end}" for beginning, ends in FAMILIES.items() for end in ends]
    + [f"utter_returns_denied_{rule}" for rule in refusals()],
)
def test_every_name_put_together_from_a_rule_or_a_status_exists(responses: Any, name: str) -> None:
    assert languages(responses[name]) == {None, "en"}


def test_no_family_of_names_is_overlooked() -> None:
    assert {text for text in named() if text.endswith("_")} == set(FAMILIES)
