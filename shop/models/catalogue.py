"""What the shop sells: products, their variants with stock, and what they cost when.

Step 6 of a message's way (act): values that cross the protocol in ``shop.backend``.
"""

from dataclasses import dataclass
from datetime import date

from shop.models.texts import Text


@dataclass(frozen=True)
class Variant:
    """One kind of a product that can be put into a parcel, such as size M in black.

    ``id`` begins with the product's SKU; ``stock`` is the number of pieces that can be sold now.
    """

    id: str
    size: str | None
    colour: str | None
    stock: int


@dataclass(frozen=True)
class PricePoint:
    """A price and the day from which it holds; ``campaign`` is empty or a kind of sale."""

    from_day: date
    cents: int
    campaign: str = ""


@dataclass(frozen=True)
class Product:
    """A product. ``facts`` are its attributes by key; ``prices`` are oldest first.

    The last price is today's; without a history ``unit_price_cents`` has always held.
    """

    sku: str
    category: str
    title: Text
    unit_price_cents: int
    traits: tuple[str, ...] = ()
    facts: tuple[tuple[str, Text], ...] = ()
    variants: tuple[Variant, ...] = ()
    prices: tuple[PricePoint, ...] = ()

    @property
    def stock(self) -> int:
        """Pieces of all variants together."""
        return sum(variant.stock for variant in self.variants)

    def variant(self, variant_id: str) -> Variant | None:
        """Find a variant by its id."""
        return next((each for each in self.variants if each.id == variant_id), None)

    def price_on(self, day: date) -> PricePoint:
        """Say what it cost on a day; before its history begins, what it cost first."""
        past = [point for point in self.prices if point.from_day <= day]
        if past:
            return past[-1]
        return self.prices[0] if self.prices else PricePoint(date.min, self.unit_price_cents)
