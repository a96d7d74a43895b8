"""What a dialogue should leave behind: the words for it, and how each is looked up."""

from typing import Any, Dict, List, Literal, Optional, Set

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
    # All rows of a table of the shop about the customer's orders, or about the orders named in the
    # dialogue, compared on the columns given, in any order:
    # {"returns": [{"order_number": "XE20260002", "reason": "size"}], "refunds": []}
    rows: Dict[str, List[Dict[str, Any]]] = {}
    # Open tickets of this conversation.
    tickets: Optional[StrictInt] = None
    # Who speaks in this conversation.
    owner: Optional[Literal["bot", "queued", "human", "closed"]] = None

    class Config:
        """A word that is not here is a mistake, not a wish that is always fulfilled."""

        extra = Extra.forbid


async def found(
    wanted: EndState, installation: Installation, shopper: Shopper, orders: Set[str]
) -> Dict[str, Any]:
    """The same words with what is really there; rows of the shopper, and about these orders."""
    there: Dict[str, Any] = {}
    for word, look_up in (
        ("returns", installation.returns),
        ("orders", installation.order_status),
        ("refunds", installation.refund_state),
    ):
        named = getattr(wanted, word)
        if named:
            there[word] = {order: look_up(order) for order in named}
    if wanted.rows:
        there["rows"] = {
            table: _compared(installation.rows(table, shopper, orders), rows)
            for table, rows in wanted.rows.items()
        }
    if wanted.tickets is not None:
        there["tickets"] = await installation.open_tickets(shopper)
    if wanted.owner is not None:
        there["owner"] = await installation.owner(shopper)
    return there


def _compared(rows: List[Dict[str, Any]], wanted: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """The rows on the columns that are wanted of any of them."""
    columns = sorted({column for row in wanted for column in row})
    return [{column: row[column] for column in columns if column in row} for row in rows]


def is_as_wanted(wanted: EndState, there: Dict[str, Any]) -> Optional[bool]:
    """Whether everything named is so; None when nothing is named."""
    if not there:
        return None
    named = wanted.dict(exclude_defaults=True)
    rows, found_rows = named.pop("rows", {}), there.get("rows", {})
    rest = {word: value for word, value in there.items() if word != "rows"}
    return rest == named and all(
        _same(found_rows[table], wanted_rows) for table, wanted_rows in rows.items()
    )


def _same(found_rows: List[Dict[str, Any]], wanted: List[Dict[str, Any]]) -> bool:
    """Whether each row that is wanted is there, and no other."""
    left = list(found_rows)
    for row in wanted:
        match = next((each for each in left if row.items() <= each.items()), None)
        if match is None:
            return False
        left.remove(match)
    return not left
