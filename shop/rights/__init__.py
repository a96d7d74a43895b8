"""After-sales rights: the shop's rules as data, and verdicts that can be repeated.

Step 6 of a message's way (act): pure functions, no clock and no database of their own.
"""

from shop.rights.calendar import working_day_after
from shop.rights.delivery import ParcelState
from shop.rights.engine import assess, parcels, returnable
from shop.rights.policy import Policy
from shop.rights.policy_book import PolicyBook, PolicySource, load_policies, load_policy
from shop.rights.remedies import remedies
from shop.rights.rules import explain, explain_rule
from shop.rights.tax_number import is_tax_number, normalise_tax_number
from shop.rights.verdict import LineVerdict, Outcome, Verdict

__all__ = [
    "LineVerdict",
    "Outcome",
    "ParcelState",
    "Policy",
    "PolicyBook",
    "PolicySource",
    "Verdict",
    "assess",
    "explain",
    "explain_rule",
    "is_tax_number",
    "load_policies",
    "load_policy",
    "normalise_tax_number",
    "parcels",
    "remedies",
    "returnable",
    "working_day_after",
]
