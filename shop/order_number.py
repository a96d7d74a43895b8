"""Order numbers as people type them.

Step 6 of a message's way (act): every number passes here before it reaches the database.
"""

import re
import unicodedata

# Longer than any real number; keeps a pasted essay out of the table of attempts.
_LONGEST = 64
# As in the order confirmation: two letters and eight digits.
_SHAPE = re.compile(r"[A-Z]{2}\d{8}", re.ASCII)


def normalise_order_number(text: str) -> str:
    """Bring a typed order number to the form in which orders are stored.

    Full-width letters and digits become plain ones, letters upper case; spaces and control
    characters go. ``" ｘｅ２０２６ ０００１ "`` becomes ``"XE20260001"``.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    kept = (char for char in plain if unicodedata.category(char)[0] not in "ZC")
    return "".join(kept)[:_LONGEST]


def is_order_number(text: str) -> bool:
    """Tell whether a normalised text can be an order's number at all."""
    return bool(_SHAPE.fullmatch(text))
