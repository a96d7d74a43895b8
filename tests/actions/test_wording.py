"""Every response that an action may name is in the domain, in both languages.

That its placeholders are among the facts given is checked wherever a test runs an action
(conftest.py, `check_wording`).
"""

import ast
from pathlib import Path
from typing import Any, Dict, Iterator, List, Set, Type

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from actions.goods_form import FREIGHT_INSURED
from actions.order_form import OrderFormValidation
from actions.payments import PROBLEMS
from actions.promises import KINDS
from actions.request_form import RequestForm
from shop import InvoiceState, Level, OrderStatus, Outcome, Payer, RefundState

ROOT = Path(__file__).resolve().parents[2]
ACTIONS = ROOT / "actions"
RULES = yaml.safe_load((ROOT / "shop/rights/rules.yml").read_text(encoding="utf-8"))
# Who may pay a parcel back (actions/goods_form.py, `freight`).
FREIGHT = [*(payer.value for payer in Payer), "insurance"]

# What a delivery problem may be settled with.
REMEDIES = [
    *("inquiry", "compensation", "refund_only", "resend", "return", "exchange", "repair"),
]

# The article's own words, in whichever language it is.
AN_ARTICLE = "utter_knowledge_answer"

# Names put together while running: their beginnings, and with what they may end.
FAMILIES: Dict[str, List[str]] = {
    "utter_delivery_ask_confirm_": [*REMEDIES, "not_received"],
    "utter_delivery_ask_problem_": ["under_way", "arrived"],
    "utter_delivery_done_": REMEDIES,
    "utter_delivery_inquiry_": ["open", "overdue"],
    "utter_invoices_ask_confirm_": ["first", "again"],
    "utter_invoices_ask_kind_": [
        state.value for state in (InvoiceState.REQUESTED, InvoiceState.ISSUED)
    ],
    "utter_invoices_ask_title_": ["personal", "company"],
    "utter_invoices_tax_number_wrong_": ["length", "letters", "digits", "again"],
    "utter_membership_level_": [
        *(level.value for level in Level),
        *(f"{level.value}_reached" for level in (Level.STANDARD, Level.SILVER)),
    ],
    "utter_membership_points_": ["until", "undated", "none"],
    "utter_orders_ask_cancel_confirm_": ["paid", "unpaid"],
    "utter_orders_cancelled_": ["paid", "unpaid"],
    "utter_orders_line_left_out_": ["custom_made", "other"],
    "utter_orders_status_": [
        *(status.value for status in OrderStatus),
        *("shipped_quiet", "shipped_unknown", "shipped_placeless", "shipped_troubled"),
        *("shipped_arrived", "paid_overdue", "parcels"),
    ],
    "utter_orders_look_up_": ["choice", "later"],
    "utter_orders_noticed_": [
        *("late", "stuck", "exception", "lost", "came_late", "inquiry", "inquiry_overdue"),
    ],
    "utter_orders_parcel_": ["moving", "quiet", "arrived", "troubled", "waiting"],
    "utter_payments_": [
        *("arrived", "arrived_once", "none_arrived", "settled", "cancelled", "cancelled_paid"),
        *(f"failed_{problem}" for problem in (*PROBLEMS, "unknown")),
    ],
    "utter_promotions_coupon_": ["from", "any"],
    "utter_promises_": [f"{state}_{kind}" for state in ("open", "overdue") for kind in KINDS],
    "utter_refunds_state_": [*(state.value for state in RefundState), "overdue"],
    "utter_returns_ask_confirm_": FREIGHT,
    "utter_returns_ask_exchange_confirm_": FREIGHT,
    "utter_rights_": [outcome.value for outcome in Outcome if outcome is not Outcome.ALLOWED],
    "utter_stock_": ["there", "low"],
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


def request_forms() -> List[Type[RequestForm]]:
    ActionExecutor().register_package("actions")

    forms = OrderFormValidation._by_form.values()
    return [form for form in forms if issubclass(form, RequestForm)]


def languages(wordings: List[Dict[str, Any]]) -> Set[Any]:
    """The value of each wording's language condition; None is Chinese, the default."""
    return {
        condition["value"]
        for wording in wordings
        for condition in wording.get("condition") or [{"value": None}]
    }


@pytest.mark.parametrize("name", sorted(named() - {*FAMILIES, AN_ARTICLE}))
def test_every_response_that_an_action_names_exists(responses: Any, name: str) -> None:
    # Words of the knowledge base itself are in its articles' language already.
    assert languages(responses[name]) in ({None, "en"}, {None})


@pytest.mark.parametrize(
    "name",
    [f"{beginning}{end}" for beginning, ends in FAMILIES.items() for end in ends],
)
def test_every_name_put_together_from_a_rule_or_a_status_exists(responses: Any, name: str) -> None:
    assert languages(responses[name]) == {None, "en"}


def test_no_family_of_names_is_overlooked() -> None:
    assert {text for text in named() if text.endswith("_")} == set(FAMILIES)


def test_every_refusal_with_words_of_its_own_is_of_a_rule_that_there_is() -> None:
    assert FREIGHT_INSURED in RULES
    forms = request_forms()
    assert len(forms) >= 3
    assert {rule for form in forms for rule in form.refusals} <= set(RULES)


def test_whatever_is_asked_or_refused_has_its_next_step_as_a_button(responses: Any) -> None:
    named = [name for name in responses if "_denied_" in name or name.startswith("utter_rights_")]
    named += [name for name in responses if "_ask_confirm" in name or "_cancel_confirm" in name]
    assert len(named) > 10
    for name in named:
        assert all(wording.get("buttons") for wording in responses[name]), name
