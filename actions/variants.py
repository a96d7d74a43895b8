"""Which variant of a product is meant: by its size, its colour, or both."""

from typing import Dict, List, Optional, Sequence, Text

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
    # The shop's numbers for shoes are European.
    return own is not None and own.casefold() == named.casefold().replace("eu ", "", 1)


def variant_title(variant: Variant, write: FactWriter) -> Text:
    """Size and colour in a few words; empty for what there is one kind of."""
    return " · ".join(part for part in (variant.size, _colour(variant.colour, write)) if part)


def item_title(product: Product, variant: Variant, write: FactWriter) -> Text:
    """A product's title with what tells this variant of it from the others."""
    parts = (write.text(product.title), variant_title(variant, write))
    return " · ".join(part for part in parts if part)


def named_variant(turn: Turn, write: FactWriter) -> Text:
    """What of size and colour was named, in a few words."""
    size = next(iter(turn.entities("size")), None)
    colour = next(iter(turn.entities("color")), None)
    return variant_title(Variant("", size, colour, 0), write)


def grouped(variants: Sequence[Variant], write: FactWriter) -> Text:
    """Variants in a few words: the sizes of each colour; empty for what there is one kind of."""
    by_colour: Dict[Optional[Text], List[Text]] = {}
    for variant in variants:
        sizes = by_colour.setdefault(variant.colour, [])
        if variant.size:
            sizes.append(variant.size)
    return write.listed(
        " ".join(part for part in (_colour(colour, write), " / ".join(sizes)) if part)
        for colour, sizes in by_colour.items()
        if colour or sizes
    )


def _colour(colour: Optional[Text], write: FactWriter) -> Text:
    return write.text(colour_words(colour)) if colour else ""
