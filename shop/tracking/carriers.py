"""The carriers by the names that a shop gives them, and what the aggregators call them.

The codes are Kuaidi100's (its table of carrier codes) and 17TRACK's (its list of carriers); a
carrier without a number is left for 17TRACK to tell from the tracking number.
"""

from dataclasses import dataclass

from shop.models import Text


@dataclass(frozen=True)
class Carrier:
    """One carrier; ``names`` are parts of what it is called, in lower case."""

    code: str
    names: tuple[str, ...]
    kuaidi100: str
    seventeentrack: int | None = None
    # Tells nobody about a parcel who does not know the last digits of a phone number on it.
    asks_for_phone: bool = False


CARRIERS = (
    Carrier("sf", ("顺丰", "順豐", "sf express"), "shunfeng", 100012, asks_for_phone=True),
    Carrier("zto", ("中通快递", "中通快遞", "zto"), "zhongtong", 190455, asks_for_phone=True),
    Carrier("yto", ("圆通", "圓通", "yto"), "yuantong", 190157),
    Carrier("sto", ("申通", "sto express"), "shentong", 190324),
    Carrier("yunda", ("韵达", "韻達", "yunda"), "yunda", 190341),
    Carrier("jd", ("京东", "京東", "jd logistics", "jd express"), "jd"),
    Carrier("jt", ("极兔", "極兔", "j&t"), "jtexpress"),
    Carrier("ems", ("ems",), "ems", 3013),
)


def find_carrier(name: Text) -> Carrier | None:
    """Return the carrier with this name, in either language; ``None`` for one not listed."""
    written = " ".join(name.values()).casefold()
    return next((c for c in CARRIERS if any(part in written for part in c.names)), None)
