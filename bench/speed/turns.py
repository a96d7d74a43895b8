"""The same conversations on both systems, slice by slice in turn, and what the shop has of them."""

from typing import Callable, List, Tuple

from sqlalchemy import select
from sqlalchemy.engine import Engine

from bench.doors import Door
from bench.script import TURNS, lines
from bench.shoppers import Shopper
from bench.speed.load import Load, crowd
from shop.sql import tables as t
from shop.sql.engine import reading

AT_ONCE = 8


async def compare(
    ours: Tuple[Door, List[Shopper]],
    plain: Tuple[Door, List[Shopper]],
    *,
    slices: int,
    warm_up: int,
    engine: Engine,
    tell: Callable[[str], None],
) -> Tuple[Load, Load]:
    """Let eight shoppers at a time hold their conversations with each system.

    Both systems stay up and take turns, so that whatever else the machine does meets both.

    Args:
        ours: our door and the shoppers who use it.
        plain: plain Rasa's, the same way.
        slices: parts in which the shoppers are sent.
        warm_up: of the shoppers, this many (first ones) are not measured.
        engine: the shop's database, in which each conversation has to leave one return.
        tell: says how far it is.
    """
    totals = (Load(), Load())
    for door, shoppers in (plain, ours):
        await crowd(door, shoppers[:warm_up], lines, at_once=AT_ONCE)
    tell("both systems are warm")
    for number in range(slices):
        for name, (door, shoppers), total in zip(
            ("plain Rasa", "ours"), (plain, ours), totals[::-1]
        ):
            part = shoppers[warm_up:][number::slices]
            load = await crowd(door, part, lines, at_once=AT_ONCE)
            load.failures += without_return(engine, part)
            total.add(load)
            tell(
                f"{name}, slice {number + 1} of {slices}: {len(part) * TURNS} turns, "
                f"{load.per_second:.1f} a second, {len(load.failures)} errors"
            )
    return totals


def without_return(engine: Engine, shoppers: List[Shopper]) -> List[str]:
    """The shoppers whose conversation did not leave exactly one return in the shop."""
    with reading(engine) as connection:
        found = list(connection.execute(select(t.returns.c.order_number)).scalars())
    return [
        f"order {shopper.delivered} has {found.count(shopper.delivered)} returns"
        for shopper in shoppers
        if found.count(shopper.delivered) != 1
    ]
