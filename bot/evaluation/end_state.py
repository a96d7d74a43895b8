"""What a dialogue should leave behind: the words for it, and how each is looked up."""

from typing import Any, Dict, Literal, Optional

from pydantic import Extra, StrictInt

from bot.evaluation.installation import Installation, Shopper
from bot.evaluation.rows import Given
from shop import OrderStatus, RefundState


class EndState(Given):
    """Only what is named is looked at. Orders are those of the whole shop, by their numbers."""

    # How many returns were ever opened for an order: {"XE20260002": 1}
    returns: Dict[str, StrictInt] = {}
    # An order's status: {"XE20260004": "cancelled"}
    orders: Dict[str, OrderStatus] = {}
    # How far an order's refund is: {"XE20260006": "approved"}
    refunds: Dict[str, RefundState] = {}
    # Open tickets of this conversation.
    tickets: Optional[StrictInt] = None
    # Who speaks in this conversation.
    owner: Optional[Literal["bot", "queued", "human", "closed"]] = None

    class Config:
        """A word that is not here is a mistake, not a wish that is always fulfilled."""

        extra = Extra.forbid


async def found(wanted: EndState, installation: Installation, shopper: Shopper) -> Dict[str, Any]:
    """The same words with what is really there."""
    there: Dict[str, Any] = {}
    for word, look_up in (
        ("returns", installation.returns),
        ("orders", installation.order_status),
        ("refunds", installation.refund_state),
    ):
        orders = getattr(wanted, word)
        if orders:
            there[word] = {order: look_up(order) for order in orders}
    if wanted.tickets is not None:
        there["tickets"] = await installation.open_tickets(shopper)
    if wanted.owner is not None:
        there["owner"] = await installation.owner(shopper)
    return there


def is_as_wanted(wanted: EndState, there: Dict[str, Any]) -> Optional[bool]:
    """Whether everything named is so; None when nothing is named."""
    return there == wanted.dict(exclude_defaults=True) if there else None
