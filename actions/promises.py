"""What the assistant promises: written down when it is said, mentioned when the shopper is back."""

from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, Dict, List, Text, Union

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services
from actions.shop_action import ShopAction, writer
from actions.turn import Turn
from shop import Promise, Remedy, Settlement

KINDS = ("refund", "dispatch", "inquiry", "invoice", "resend", "exchange", "repair", "call_back")
# What comes next once a request is settled.
_KIND_OF = {
    **dict.fromkeys((Remedy.RETURN, Remedy.REFUND_ONLY, Remedy.CANCEL), "refund"),
    **dict.fromkeys((Remedy.PRICE_PROTECTION, Remedy.DUPLICATE_PAYMENT), "refund"),
    Remedy.EXCHANGE: "exchange",
    Remedy.REPAIR: "repair",
    Remedy.RESEND: "resend",
    Remedy.INQUIRY: "inquiry",
    Remedy.INVOICE: "invoice",
}
# Slot: ids of the promises that were mentioned in this dialogue.
TOLD = "promises_told"
MOST_TOLD = 2
# Who has just been promised something has not forgotten it yet.
_FRESH = timedelta(minutes=30)


async def promise(
    turn: Turn,
    service: Services,
    kind: Text,
    reference: Text,
    order_number: Text,
    due_at: Union[date, datetime],
) -> None:
    """Write down what this turn promises the shopper; the same turn promises it only once.

    ``due_at`` is an aware moment, or a day, at whose end in the shop's zone it is due.
    ``reference`` is the number under which the shop can tell whether it was done
    (``ShopBackend.is_fulfilled``).

    Raises:
        ValueError: there is no wording for ``kind``.
    """
    if kind not in KINDS:
        raise ValueError(f"nothing can be said about a promise of kind {kind}")
    await service.promises.make(
        Promise(
            id=f"{turn.message_id}:{kind}:{reference}",
            kind=kind,
            reference=reference,
            order_number=order_number,
            actor=turn.identity.actor,
            conversation_id=turn.conversation_id,
            made_at=service.now().astimezone(timezone.utc),
            due_at=due_moment(due_at, service.policy.zone),
        )
    )


async def promise_outcome(turn: Turn, service: Services, settled: Settlement) -> None:
    """Write down by when a settlement's next step was promised, if there is one."""
    kind = _KIND_OF.get(settled.remedy)
    if kind is not None and settled.due_at is not None:
        await promise(turn, service, kind, settled.number, settled.order_number, settled.due_at)


def due_moment(due: Union[date, datetime], zone: tzinfo) -> datetime:
    """The moment at which something is due; a day ends with its last second."""
    if isinstance(due, datetime):
        return due
    return datetime.combine(due, time(23, 59, 59), zone)


class ActionMentionPromises(ShopAction):
    """Mentions unasked what the shopper still waits for."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_mention_promises"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class; says nothing when there is nothing."""
        return await mention_promises(dispatcher, tracker, turn, service)


async def mention_promises(
    dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
) -> List[Dict[Text, Any]]:
    """Mention what the shopper still waits for, each promise once in a dialogue; gives events.

    What is not overdue is left out for the order in the slot: its answer has just said it.
    """
    now, told = service.now(), list(tracker.get_slot(TOLD) or [])
    answered = tracker.get_slot("order_number")
    awaited = [
        each
        for each in await service.promises.awaited_by(turn.identity.actor, now)
        if each.kind in KINDS
        and each.id not in told
        and each.made_at < now - _FRESH
        and (each.due_at < now or each.order_number != answered)
    ][:MOST_TOLD]
    write = writer(turn, service)
    # What is overdue comes last: its buttons are what a yes answers.
    for each in reversed(awaited):
        state = "overdue" if each.due_at < now else "open"
        dispatcher.utter_message(
            response=f"utter_promises_{state}_{each.kind}",
            order_number=each.order_number,
            due_on=write.day(each.due_at),
            due_at=write.moment(each.due_at),
        )
    return [SlotSet(TOLD, told + [each.id for each in awaited])] if awaited else []


async def promise_facts(turn: Turn, service: Services) -> List[Dict[Text, Any]]:
    """What the shopper still waits for, as an agent should know it."""
    return [
        {
            "promise": each.kind,
            "order_number": each.order_number,
            "reference": each.reference,
            "due_at": each.due_at.isoformat(),
        }
        for each in await service.promises.awaited_by(turn.identity.actor, service.now())
    ]
