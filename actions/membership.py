"""Points, level and coupons of a customer; what is general is answered
from an article.
"""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar, Dict, List, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.facts import FactWriter
from actions.knowledge import ActionAnswerQuestion
from actions.services import Services, services
from actions.shop_action import begin_turn, writer
from actions.turn import Turn
from actions.word_patterns import folded, load_patterns
from shop import Customer, ShopUnavailable
from shop.rights.membership import next_expiry, next_level

# Enough to see all that somebody has spent and earned.
MOST_ORDERS = 200
MOST_ENTRIES = 100
# Of these only the latest are shown.
MOST_MOVEMENTS = 3
MOST_COUPONS = 4


class _OwnOrGeneral(ActionAnswerQuestion, ABC):
    """Tells a customer what is theirs; a general question goes to the knowledge base."""

    # The lists of actions/membership.yml that make it a question about what is their own.
    topics: ClassVar[Dict[Text, Text]]

    @abstractmethod
    async def tell(
        self, dispatcher: CollectingDispatcher, topics: List[Text], turn: Turn, service: Services
    ) -> bool:
        """Say it; false when there is nothing to be told.

        Raises:
            ShopUnavailable: the shop does not answer.
        """

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]
    ) -> List[Dict[Text, Any]]:
        """See parent class; a visitor gets the article, and hears how to see their own."""
        begin_turn(tracker)
        turn = Turn(tracker)
        lists, text = load_patterns(Path(__file__).with_suffix(".yml")), folded(turn.question)
        own = [t for t, not_ in self.topics.items() if _is_own(text, lists[t], lists[not_])]
        if own and turn.identity.customer_id is not None:
            try:
                if await self.tell(dispatcher, own, turn, services()):
                    return []
            except ShopUnavailable:
                dispatcher.utter_message(response="utter_orders_shop_unavailable")
                return []
        events = await super().run(dispatcher, tracker, domain)
        if own and turn.identity.customer_id is None:
            dispatcher.utter_message(response="utter_membership_log_in")
        return events


def _is_own(text: Text, own: Any, general: Any) -> bool:
    return bool(own.search(text)) and not general.search(text)


class ActionTellMembership(_OwnOrGeneral):
    """Says how many points there are and until when, and how far the next level is."""

    topics = {"points": "general_points", "level": "general_level"}

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_tell_membership"

    async def tell(
        self, dispatcher: CollectingDispatcher, topics: List[Text], turn: Turn, service: Services
    ) -> bool:
        """See parent class for the full docstring."""
        customer = await service.shop.customer(str(turn.identity.customer_id))
        if customer is None:
            return False
        write = writer(turn, service)
        if "points" in topics:
            await _tell_points(dispatcher, customer, turn, service, write)
        if "level" in topics:
            await _tell_level(dispatcher, customer, turn, service, write)
        return True


async def _tell_points(
    dispatcher: CollectingDispatcher,
    customer: Customer,
    turn: Turn,
    service: Services,
    write: FactWriter,
) -> None:
    entries = await service.shop.points(turn.identity, limit=MOST_ENTRIES)
    rules = service.policy.membership
    expiry = next_expiry(customer.points, entries, service.policy)
    facts: Dict[Text, Any] = {
        "points": customer.points,
        "worth": write.money(customer.points * rules.yuan_per_100_points),
        "months": rules.points_valid_months,
    }
    if expiry is not None:
        facts.update(expiring=expiry.points, until=write.day_and_year(expiry.on))
    dated = "until" if expiry else ("undated" if customer.points else "none")
    dispatcher.utter_message(response=f"utter_membership_points_{dated}", **facts)
    if entries:
        movements = write.listed(
            " ".join(
                part
                for part in (write.day(entry.at), f"{entry.points:+d}", entry.order_number)
                if part
            )
            for entry in entries[:MOST_MOVEMENTS]
        )
        dispatcher.utter_message(response="utter_membership_movements", movements=movements)


async def _tell_level(
    dispatcher: CollectingDispatcher,
    customer: Customer,
    turn: Turn,
    service: Services,
    write: FactWriter,
) -> None:
    orders = await service.shop.orders(turn.identity, limit=MOST_ORDERS)
    above = next_level(customer.level, orders, service.policy)
    rules = service.policy.membership
    reached = "" if above is None or above.missing_cents else "_reached"
    dispatcher.utter_message(
        response=f"utter_membership_level_{customer.level.value}{reached}",
        missing=write.money(above.missing_cents if above else 0),
        silver_percent=rules.silver_discount_percent,
        gold_percent=rules.gold_discount_percent,
    )


class ActionTellCoupons(_OwnOrGeneral):
    """Says which coupons a customer has, the next to expire first."""

    topics = {"coupons": "general_coupons"}

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_tell_coupons"

    async def tell(
        self, dispatcher: CollectingDispatcher, topics: List[Text], turn: Turn, service: Services
    ) -> bool:
        """See parent class; without any, the article says where coupons come from."""
        coupons = await service.shop.coupons(turn.identity)
        if not coupons:
            dispatcher.utter_message(response="utter_promotions_no_coupons")
            return False
        write = writer(turn, service)
        dispatcher.utter_message(response="utter_promotions_coupons", count=len(coupons))
        for coupon in coupons[:MOST_COUPONS]:
            from_start = "from" if coupon.from_cents else "any"
            dispatcher.utter_message(
                response=f"utter_promotions_coupon_{from_start}",
                title=write.text(coupon.title),
                amount=write.money(coupon.amount_cents),
                from_amount=write.money(coupon.from_cents),
                until=write.day(coupon.valid_until),
            )
        return True
