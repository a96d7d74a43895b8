"""Payment trouble: paid twice, not gone through, or paid and not shown."""

from datetime import datetime, timedelta
from typing import Any, Dict, List, Optional, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.beginning import BeginAction, is_wish
from actions.facts import FactWriter
from actions.order_form import OrderFormValidation
from actions.payment_facts import arrived, failed, methods, payment_facts
from actions.request_form import RequestAction, RequestForm
from actions.services import Services, services
from actions.shop_action import OrderAction, writer
from actions.turn import Turn
from actions.wishes import asks_to_know
from shop import DuplicatePaymentRequest, Order, OrderStatus, Verdict, assess

DOUBLE_CHARGED = "double_charged"
# Codes of the shop for a payment that failed, as the domain has words for them.
PROBLEMS = {"insufficient_funds", "limit_exceeded", "cancelled_by_user", "bank_refused", "timeout"}


class ActionBeginPayment(BeginAction):
    """Begins to look at a payment that went wrong, or answers a question about paying."""

    offer = "utter_payments_offer"

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_begin_payment"

    async def form_for(self, turn: Turn) -> Optional[Text]:
        """See parent class; a trouble of a customer is looked at, however it is put."""
        problems = turn.entities("payment_problem")
        if not problems or asks_to_know(turn.question):
            return None
        if not is_wish(turn) and turn.identity.customer_id is None:
            return None
        form = ValidateDuplicatePaymentForm if DOUBLE_CHARGED in problems else ValidatePaymentForm
        return form.form


class ValidateDuplicatePaymentForm(RequestForm):
    """Collects the order that was paid twice, and consent."""

    form = "duplicate_payment_form"
    own_intents = ("payment_issue",)
    slots = ("order_number", "phone_last4", "confirmed")
    question = "utter_payments_ask_choice"
    confirm = "utter_payments_ask_confirm"
    done = "utter_payments_refunded"
    kept = "utter_payments_kept"

    def candidates(self, orders: List[Order]) -> List[Order]:
        """Orders for which more has come in than they cost."""
        service = services()
        now, book = service.now(), service.book
        return [
            order
            for order in orders
            if assess(order, DuplicatePaymentRequest(), policies=book, now=now).allowed
        ]

    def request(self, order: Order, tracker: Tracker) -> Optional[DuplicatePaymentRequest]:
        """See parent class for the full docstring."""
        return DuplicatePaymentRequest()

    def offer(
        self, order: Order, verdict: Verdict, tracker: Tracker, write: FactWriter
    ) -> Dict[Text, Any]:
        """See parent class; each payment that has come in."""
        return payment_facts(order, write)


class ActionRefundDuplicate(RequestAction):
    """Has the surplus paid back after a yes, or says what has come in."""

    form = ValidateDuplicatePaymentForm()

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_refund_duplicate"

    def refuse(
        self,
        dispatcher: CollectingDispatcher,
        order: Order,
        verdict: Verdict,
        turn: Turn,
        service: Services,
    ) -> None:
        """See parent class; who is told "only once" hears when and how much."""
        if verdict.rule != "paid_once":
            super().refuse(dispatcher, order, verdict, turn, service)
            return
        dispatcher.utter_message(
            response=f"utter_payments_{'arrived_once' if arrived(order) else 'none_arrived'}",
            order_number=order.number,
            **payment_facts(order, writer(turn, service)),
        )


class ValidatePaymentForm(OrderFormValidation):
    """Finds the order whose payment went wrong: one that is not paid."""

    form = "payment_form"
    own_intents = ("payment_issue",)
    question = "utter_payments_ask_choice"

    def candidates(self, orders: List[Order]) -> List[Order]:
        """Orders that wait for their payment; without any, those where one failed."""
        unpaid = [order for order in orders if order.status is OrderStatus.UNPAID]
        return unpaid or [order for order in orders if failed(order)]


class ActionTellPayment(OrderAction):
    """Says what has come in, why a payment failed, and until when the order can be paid."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_tell_payment"

    async def settle(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        order: Order,
        turn: Turn,
        service: Services,
    ) -> None:
        """See parent class for the full docstring."""
        write = writer(turn, service)
        facts = {"order_number": order.number, **payment_facts(order, write)}
        if order.status is not OrderStatus.UNPAID:
            response = f"utter_payments_{_of_closed(order)}"
            dispatcher.utter_message(response=response, **facts)
        elif arrived(order):
            dispatcher.utter_message(response="utter_payments_arrived_unpaid", **facts)
        else:
            _tell_unpaid(dispatcher, order, write, service, facts)


def _of_closed(order: Order) -> Text:
    if order.status is OrderStatus.CANCELLED:
        return "cancelled_paid" if arrived(order) else "cancelled"
    return "arrived" if arrived(order) else "settled"


def _tell_unpaid(
    dispatcher: CollectingDispatcher,
    order: Order,
    write: FactWriter,
    service: Services,
    facts: Dict[Text, Any],
) -> None:
    last = failed(order)
    problem = last[-1].problem if last and last[-1].problem in PROBLEMS else "unknown"
    reason = f"failed_{problem}" if last else "none_arrived"
    dispatcher.utter_message(response=f"utter_payments_{reason}", **facts)
    until = _open_until(order, service)
    if service.now() < until:
        dispatcher.utter_message(
            response="utter_payments_pay_until",
            until=write.moment(until),
            methods=methods(service.policy.payment.methods, write),
            amount=write.money(order.total_cents),
            order_number=order.number,
        )
    else:
        dispatcher.utter_message(
            response="utter_payments_too_late",
            minutes=service.policy.cancellation.unpaid_closes_after_minutes,
        )


def _open_until(order: Order, service: Services) -> datetime:
    policy = service.book.at(order.placed_at)
    return order.placed_at + timedelta(minutes=policy.cancellation.unpaid_closes_after_minutes)
