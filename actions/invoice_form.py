"""What an invoice takes: the order, to whom it is made out, and consent."""

from typing import Any, Dict, List, Optional, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.facts import FactWriter
from actions.invoice_title import (
    personal_title,
    stated_title,
    tax_number_in,
    title_in,
    what_is_wrong,
)
from actions.order_form import Slots
from actions.request_form import RequestForm
from actions.services import services
from actions.turn import Turn
from actions.wishes import is_question
from shop import (
    Invoice,
    InvoiceKind,
    InvoiceRequest,
    InvoiceState,
    Order,
    OrderStatus,
    Verdict,
    is_tax_number,
    normalise_tax_number,
)
from shop.rights.policy import Law

COMPANY, PERSONAL = InvoiceKind.COMPANY.value, InvoiceKind.PERSONAL.value
KINDS = {kind.value for kind in InvoiceKind}
TAX_NUMBER_WRONG = "utter_invoices_tax_number_wrong_"
# What a shopper can still put right.
_MISTAKES = {"invoice_without_title", "tax_number_missing", "tax_number_wrong", "email_wrong"}
# No name, though it comes where one was asked for.
_NO_TITLE = {"human_agent", "affirm", "deny", "greet", "thanks", "goodbye", "other_language"}
_PAID_FOR = (OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.DELIVERED)


class ValidateInvoiceForm(RequestForm):
    """Collects order, kind, name, tax number and consent."""

    form = "invoice_form"
    own_intents = ("invoice",)
    slots = (
        *("order_number", "phone_last4"),
        *("invoice_kind", "invoice_title", "tax_number", "confirmed"),
    )
    corrections = (
        *RequestForm.corrections,
        *("invoice_kind", "company", "tax_number", "recipient", "email"),
    )
    question = "utter_invoices_ask_choice"
    done = "utter_invoices_requested"
    kept = "utter_invoices_kept"

    def candidates(self, orders: List[Order]) -> List[Order]:
        """Paid orders without an invoice; without any, those that have one."""
        paid = [order for order in orders if order.status in _PAID_FOR]
        return [order for order in paid if valid_invoice(order) is None] or paid

    def corrects(self, tracker: Tracker) -> bool:
        """See parent class; "change it to …" names another name."""
        asked = tracker.get_slot("requested_slot") == "confirmed"
        return super().corrects(tracker) or bool(asked and stated_title(Turn(tracker).text))

    async def required_slots(
        self, domain_slots: List[Text], dispatcher: Any, tracker: Tracker, domain: Any
    ) -> List[Text]:
        """See parent class; only a company has a tax number, and nobody is asked for an e-mail."""
        slots = await super().required_slots(domain_slots, dispatcher, tracker, domain)
        if tracker.get_slot("invoice_kind") == PERSONAL:
            slots = [slot for slot in slots if slot != "tax_number"]
        return ["email", *slots] if tracker.get_slot("email") else slots

    async def extract_invoice_kind(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """As it is named; a company's name or tax number says it as well."""
        turn, known = Turn(tracker), tracker.get_slot("invoice_kind")
        named = [kind for kind in turn.entities("invoice_kind") if kind in KINDS]
        if not named and (turn.entities("company") or turn.entities("tax_number")):
            named = [COMPANY]
        if not named or named[-1] == known:
            return {}
        # The name was the other kind's.
        return {"invoice_kind": named[-1], **({"invoice_title": None} if known else {})}

    async def validate_invoice_kind(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """A kind; what was agreed to before was another one."""
        title = tracker.get_slot("invoice_title")
        return {
            "invoice_kind": value if value in KINDS else None,
            "invoice_title": title,
            "confirmed": None,
        }

    async def extract_invoice_title(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """A company that is named, or the answer to the question for the name."""
        turn = Turn(tracker)
        asked = tracker.get_slot("requested_slot")
        named = turn.entities("company") or turn.entities("recipient")
        if named:
            return {"invoice_title": named[-1]}
        if asked not in ("invoice_kind", "invoice_title", "confirmed") or is_question(turn.text):
            return {}
        if asked == "invoice_title" and PERSONAL in turn.entities("invoice_kind"):
            return {"invoice_title": personal_title(turn.language)}
        title = stated_title(turn.text)
        if title is None and asked == "invoice_title" and turn.intent not in _NO_TITLE:
            title = title_in(_without(turn.text, turn.written("tax_number")))
        if title is None or any(title in kind for kind in turn.written("invoice_kind")):
            return {}
        return {"invoice_title": title}

    async def validate_invoice_title(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """The name as given; what was agreed to before was another one."""
        return {"invoice_title": value, "confirmed": None}

    async def extract_tax_number(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """A tax number that is named, or what looks like one when it was asked for."""
        turn = Turn(tracker)
        named = turn.entities("tax_number")
        if not named and tracker.get_slot("requested_slot") == "tax_number":
            named = [number for number in [tax_number_in(turn.text)] if number]
        return {"tax_number": named[-1]} if named else {}

    async def validate_tax_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """One that checks; of one that does not, what to look at, the second time a person."""
        if value is None:
            return {"tax_number": None}
        number = normalise_tax_number(str(value))
        if services().policy.invoices.tax_number is not Law.CHINA or is_tax_number(number):
            return {"tax_number": number, "confirmed": None}
        wrong = f"{TAX_NUMBER_WRONG}{what_is_wrong(number)}"
        if any(Turn(tracker).was_said(f"{TAX_NUMBER_WRONG}{each}") for each in _WAYS_TO_BE_WRONG):
            wrong = f"{TAX_NUMBER_WRONG}again"
        dispatcher.utter_message(response=wrong, tax_number=number, length=len(number))
        return {"tax_number": None, "confirmed": None}

    async def extract_confirmed(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """See parent class; an e-mail address may be said along the way."""
        found = await super().extract_confirmed(dispatcher, tracker, domain)
        return {**found, **await self.extract_email(dispatcher, tracker, domain)}

    async def extract_email(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """Where it is to be sent, wherever that is said."""
        named = Turn(tracker).entities("email")
        return {"email": named[-1]} if named else {}

    async def validate_email(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Where it goes; what was agreed to was elsewhere."""
        return {"email": value, "confirmed": None}

    def request(self, order: Order, tracker: Tracker) -> Optional[InvoiceRequest]:
        """See parent class; what is still open is taken as right."""
        kind, title = tracker.get_slot("invoice_kind"), tracker.get_slot("invoice_title")
        tax_number = tracker.get_slot("tax_number") if kind == COMPANY else None
        complete = kind == COMPANY and tax_number
        return InvoiceRequest(
            InvoiceKind.COMPANY if complete else InvoiceKind.PERSONAL,
            title or "?",
            tax_number or "",
            tracker.get_slot("email") or "",
        )

    def is_final(self, verdict: Verdict, tracker: Tracker) -> bool:
        """See parent class; a mistake in what the shopper said is asked about instead."""
        return not verdict.allowed and verdict.rule not in _MISTAKES

    def asks(self, verdict: Verdict) -> Text:
        """See parent class; in place of an earlier invoice that one is named."""
        return (
            f"utter_invoices_ask_confirm_{'again' if verdict.rule == 'invoice_again' else 'first'}"
        )

    def offer(
        self, order: Order, verdict: Verdict, tracker: Tracker, write: FactWriter
    ) -> Dict[Text, Any]:
        """See parent class for the full docstring."""
        request, earlier = self.request(order, tracker), valid_invoice(order)
        assert request is not None
        return {"details": details(request, write), "earlier": earlier and details(earlier, write)}


_WAYS_TO_BE_WRONG = ("length", "letters", "digits")


def valid_invoice(order: Order) -> Optional[Invoice]:
    """The invoice that counts, if there is any."""
    valid = [each for each in order.invoices if each.state is not InvoiceState.REPLACED]
    return valid[-1] if valid else None


def details(invoice: "Invoice | InvoiceRequest", write: FactWriter) -> Text:
    """To whom it is made out, and where it goes."""
    parts = (invoice.title, invoice.tax_number, invoice.email)
    return write.joined(part for part in parts if part)


def _without(text: Text, parts: List[Text]) -> Text:
    for part in parts:
        text = text.replace(part, " ")
    return text
