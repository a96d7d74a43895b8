"""After-sales rights: the shop's rules as data, and verdicts that can be repeated.

Step 6 of a message's way (act): pure functions, no clock and no database of their own.
"""

from shop.rights.policy import Policy, load_policy
from shop.rights.returns import LineVerdict, Verdict, assess_return, refund_cents

__all__ = ["LineVerdict", "Policy", "Verdict", "assess_return", "load_policy", "refund_cents"]
