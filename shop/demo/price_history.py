"""What the demo shop's products cost when.

Beside the way of a message: ``demo.catalogue`` gives every product its prices, ``demo.till``
rings up what held on the day of the order.
"""

from datetime import date, timedelta
from typing import Any

from shop.models import PricePoint

# Those that price protection leaves out, ``policy.yml`` (price_protection.excluded).
_CAMPAIGNS = ("", "flash_sale", "clearance")


def make_prices(sku: str, item: dict[str, Any], today: date) -> tuple[PricePoint, ...]:
    """Date the price history of a product in ``products.yml``, oldest first; most have none.

    Raises:
        ValueError: out of order, in the future, an unknown campaign, or not ending at the price.
    """
    days = [entry["days_ago"] for entry in item.get("prices", ())]
    if days != sorted(set(days), reverse=True) or any(ago < 0 for ago in days):
        raise ValueError(f"{sku}: prices must be oldest first, one a day, none in the future")
    points = tuple(
        PricePoint(
            from_day=today - timedelta(days=entry["days_ago"]),
            cents=entry["price"],
            campaign=entry.get("campaign", ""),
        )
        for entry in item.get("prices", ())
    )
    for point in points:
        if point.campaign not in _CAMPAIGNS or point.cents <= 0:
            raise ValueError(f"{sku}: no such price: {point.cents} {point.campaign}")
    if points and points[-1].cents != item["price"]:
        raise ValueError(f"{sku}: the last price is {points[-1].cents}, not {item['price']}")
    return points
