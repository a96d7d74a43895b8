"""Numbers by which a shopper can name what was settled."""

import secrets

# Without I, L, O, U, 0 and 1: read aloud or copied by hand, nothing is mistaken for another.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number(prefix: str) -> str:
    """Make a number that cannot be guessed or counted, such as ``RMA7K2M9QXD``.

    Prefixes: ``RMA`` a case about goods, ``RF`` a refund, ``IQ`` an inquiry, ``FP`` an invoice
    (fapiao), ``CP`` a coupon, ``SN`` a stock notice.
    """
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(8))
