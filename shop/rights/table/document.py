"""The decision table that staff read: each row is a real verdict, nothing is written by hand.

Beside the way of a message: ``python -m shop rights`` prints docs/rights.md.
"""

from collections.abc import Iterator
from pathlib import Path

from shop.rights.engine import NO_PRODUCTS, assess
from shop.rights.policy_book import PolicyBook, load_policies
from shop.rights.rules import explain, rules
from shop.rights.table import goods, order
from shop.rights.table.specimens import Case
from shop.rights.verdict import Verdict

GUIDE_FILE = Path(__file__).resolve().parent / "guide.md"
_HEAD = (
    "| case | verdict | rules | comes back | said in Chinese | said in English |\n"
    "|---|---|---|---|---|---|\n"
)


def document() -> str:
    """Write docs/rights.md: the guide, the table made from the policies, the rules' sources."""
    parts = [GUIDE_FILE.read_text(encoding="utf-8")]
    for heading, rows in sections():
        parts.append(f"### {heading}\n\n{_HEAD}" + "".join(map(_row, rows)))
    parts.append("## Where each rule comes from\n\n| rule | source |\n|---|---|\n" + _sources())
    return "\n".join(parts)


def sections() -> Iterator[tuple[str, list[tuple[Case, Verdict]]]]:
    """Give the table's headings with their cases and what the engine says to them."""
    default, international = load_policies("default"), load_policies("international")
    version = default.versions[0].version
    yield f"Returns (policy of {version})", _judged(goods.return_cases(), default)
    yield "Nothing comes back", _judged(goods.without_parcel_cases(), default)
    yield "Exchange and repair", _judged(goods.instead_cases(), default)
    yield "The order as a whole", _judged(order.order_cases(), default)
    yield "Parcels", _judged(order.parcel_cases(), default)
    yield "Price protection", _judged(order.price_cases(), default)
    yield "Invoices", _judged(order.invoice_cases(), default)
    abroad = [*goods.international_cases(), *order.international_cases()]
    yield "The international set", _judged(abroad, international)


def _judged(rows: list[Case], policies: PolicyBook) -> list[tuple[Case, Verdict]]:
    return [
        (
            case,
            assess(
                case.order,
                case.request,
                policies=policies,
                now=case.now,
                products=case.products or NO_PRODUCTS,
            ),
        )
        for case in rows
    ]


def _row(row: tuple[Case, Verdict]) -> str:
    case, verdict = row
    cells = (
        case.label,
        verdict.outcome.value.replace("_", " "),
        ", ".join(f"`{rule}`" for rule in verdict.rules),
        _comes_back(verdict),
        explain(verdict, "zh"),
        explain(verdict, "en"),
    )
    return f"| {' | '.join(cells)} |\n"


def _comes_back(verdict: Verdict) -> str:
    back = []
    if verdict.refund_cents:
        back.append(f"¥{verdict.refund_cents / 100:.2f}")
    if verdict.points:
        back.append(f"{verdict.points} points")
    if verdict.coupon_cents:
        back.append(f"coupon ¥{verdict.coupon_cents / 100:.2f}")
    if verdict.freight_paid_by and verdict.allowed:
        back.append(f"{verdict.freight_paid_by.value} pays the parcel")
    return ", ".join(back)


def _sources() -> str:
    return "".join(f"| `{name}` | {rule.basis} |\n" for name, rule in sorted(rules().items()))
