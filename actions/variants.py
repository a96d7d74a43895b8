"""Which variant of a product is meant: by its size, its colour, or both."""

from typing import List, Optional, Sequence, Text

from actions.facts import FactWriter
from actions.turn import Turn
from shop import Product, Variant
from shop.colours import colour_words

# More would not fit under a message.
MOST_CHOICES = 8


def meant(product: Product, turn: Turn, known: Optional[Variant] = None) -> List[Variant]:
    """The variants that fit what was named; what was not named is as in the known one, if any.

    All of them when nothing was named.
    """
    size = next(iter(turn.entities("size")), None)
    colour = next(iter(turn.entities("color")), None)
    if size is None and colour is None:
        return list(product.variants)
    found = _fitting(product.variants, size, colour)
    if known is not None and len(found) > 1:
        kept = _fitting(found, size or known.size, colour or known.colour)
        return kept or found
    return found


def _fitting(
    variants: Sequence[Variant], size: Optional[Text], colour: Optional[Text]
) -> List[Variant]:
    return [
        variant
        for variant in variants
        if (size is None or _same(variant.size, size))
        and (colour is None or _same(variant.colour, colour))
    ]


def _same(own: Optional[Text], named: Text) -> bool:
    return own is not None and own.casefold() == named.casefold()


def variant_title(variant: Variant, write: FactWriter) -> Text:
    """Size and colour in a few words; empty for what there is one kind of."""
    colour = write.text(colour_words(variant.colour)) if variant.colour else None
    return " · ".join(part for part in (variant.size, colour) if part)
