"""Invoices: collected, checked, confirmed, and what is in the database afterwards."""

from typing import Any, List

import pytest

from actions.invoices import (
    ActionAskInvoiceKind,
    ActionAskInvoiceTitle,
    ActionBeginInvoice,
    ActionRequestInvoice,
    ValidateInvoiceForm,
)
from actions.request_form import ActionAskConfirmed

PAID = "XE20260002"
COMPANY, TAX_NUMBER = "杭州云杉科技有限公司", "91330106MA2CFQ1T50"
OTHER_NUMBER = "91350100M000100Y43"
INVOICES = "select kind, title, tax_number, email, state, replaces from invoices"


@pytest.fixture(autouse=True)
def no_other_invoices(shop: Any, rows: Any) -> None:
    rows("delete from invoices")


def begun(scene: Any) -> Any:
    scene.loop = "invoice_form"
    return scene


async def fills(scene: Any, text: str, *, intent: str = "inform", **entities: Any) -> List[str]:
    scene.hears(text, intent=intent, **entities)
    filled = {name: v for name, v in entities.items() if name == "order_number"}
    return list(await scene.does(ValidateInvoiceForm(), **filled))


async def collects(scene: Any) -> None:
    """Everything that a company's invoice takes, up to the question for consent."""
    await fills(begun(scene), "开发票", order_number=PAID, intent="invoice")
    await fills(scene, COMPANY, company=COMPANY)
    await fills(scene, TAX_NUMBER, tax_number=TAX_NUMBER)
    assert scene.slots["requested_slot"] == "confirmed"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("帮我开发票", True),
        ("I need an invoice", True),
        ("发票怎么开", False),
        ("how long does an invoice take?", False),
    ],
)
async def test_a_wish_begins_the_form_and_a_question_is_answered(
    customer: Any, text: str, form: bool
) -> None:
    scene = customer()
    scene.hears(text, intent="invoice")
    said = await scene.does(ActionBeginInvoice())
    begins = [event for event in scene.events if event["event"] == "followup"]
    assert [event["name"] for event in begins] == (["invoice_form"] if form else [])
    assert said == ([] if form else ["utter_knowledge_answer", "utter_invoices_offer"])


async def test_a_question_within_a_form_offers_nothing_else(customer: Any) -> None:
    scene = customer()
    scene.loop = "return_form"
    scene.hears("发票多久能开好", intent="invoice")
    assert await scene.does(ActionBeginInvoice()) == ["utter_knowledge_answer"]


async def test_a_company_is_asked_for_its_name_and_tax_number(customer: Any, rows: Any) -> None:
    scene = begun(customer())
    assert await fills(scene, "开发票", order_number=PAID, intent="invoice") == []
    assert scene.slots["requested_slot"] == "invoice_kind"
    assert await scene.does(ActionAskInvoiceKind()) == ["utter_invoices_ask_kind"]
    await fills(scene, "开公司", invoice_kind="company")
    assert await scene.does(ActionAskInvoiceTitle()) == ["utter_invoices_ask_title_company"]
    await fills(scene, "抬头是云杉科技")
    assert scene.slots["invoice_title"] == "云杉科技"
    assert scene.slots["requested_slot"] == "tax_number"
    await fills(scene, "9133 0106 ma2c fq1t 50")
    assert scene.slots["tax_number"] == TAX_NUMBER
    assert await scene.does(ActionAskConfirmed()) == ["utter_invoices_ask_confirm_first"]
    assert scene.messages[0]["details"] == f"云杉科技、{TAX_NUMBER}"
    assert rows(INVOICES) == []
    await fills(scene, "对", intent="affirm")
    assert await scene.does(ActionRequestInvoice()) == ["utter_invoices_requested"]
    assert rows(INVOICES) == [("company", "云杉科技", TAX_NUMBER, "", "requested", None)]
    assert scene.cleared


async def test_a_person_needs_a_name_alone(customer: Any, rows: Any) -> None:
    scene = begun(customer(language="en"))
    await fills(
        scene,
        f"invoice for {PAID} in my name, to a@example.com",
        intent="invoice",
        order_number=PAID,
        invoice_kind="personal",
        email="a@example.com",
    )
    assert scene.slots["requested_slot"] == "invoice_title"
    assert await scene.does(ActionAskInvoiceTitle()) == ["utter_invoices_ask_title_personal"]
    await fills(scene, "my name is John Smith")
    await fills(scene, "yes", intent="affirm")
    assert await scene.does(ActionRequestInvoice()) == ["utter_invoices_requested"]
    assert scene.messages[0]["details"] == "John Smith, a@example.com"
    assert rows(INVOICES) == [("personal", "John Smith", "", "a@example.com", "requested", None)]


@pytest.mark.parametrize(("language", "title"), [("zh-Hans", "个人"), ("en", "Individual")])
async def test_nobody_has_to_give_a_name(customer: Any, language: str, title: str) -> None:
    scene = begun(customer(language=language))
    await fills(scene, "x", order_number=PAID, invoice_kind="personal", intent="invoice")
    await fills(scene, "x", invoice_kind="personal")
    assert scene.slots["invoice_title"] == title


async def test_everything_may_be_said_at_once(customer: Any) -> None:
    scene = begun(customer())
    said = {"order_number": PAID, "company": COMPANY, "tax_number": TAX_NUMBER}
    await fills(scene, f"{PAID} 开 {COMPANY} {TAX_NUMBER}", intent="invoice", **said)
    assert scene.slots["requested_slot"] == "confirmed"
    assert scene.slots["invoice_kind"] == "company"


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        ("91330106MA2CFQ1T5", "length"),
        ("9133O106MA2CFQ1T50", "letters"),
        ("91330106MA2CFQ1T5G", "digits"),
    ],
)
async def test_a_wrong_tax_number_is_asked_for_again_then_a_person_offered(
    customer: Any, number: str, wrong: str
) -> None:
    scene = begun(customer())
    await fills(scene, "开发票", order_number=PAID, company=COMPANY, intent="invoice")
    said = await fills(scene, f"税号 {number}", tax_number=number)
    assert said == [f"utter_invoices_tax_number_wrong_{wrong}"]
    assert scene.slots["requested_slot"] == "tax_number"
    said = await fills(scene, f"税号 {number}", tax_number=number)
    assert said == ["utter_invoices_tax_number_wrong_again"]
    assert scene.slots["requested_slot"] == "tax_number"


async def test_no_means_nothing_is_requested(customer: Any, rows: Any) -> None:
    scene = customer()
    await collects(scene)
    await fills(scene, "先不开", intent="deny")
    assert await scene.does(ActionRequestInvoice()) == ["utter_invoices_kept"]
    assert rows(INVOICES) == []


@pytest.mark.parametrize(
    ("text", "found", "slot", "value"),
    [
        ("不对，抬头是李雷公司", {"company": "李雷公司"}, "invoice_title", "李雷公司"),
        ("不对，抬头写云杉", {}, "invoice_title", "云杉"),
        ("no, send it to b@example.com", {"email": "b@example.com"}, "email", "b@example.com"),
        (
            "不是，税号错了",
            {"tax_number": "91350100M000100Y43"},
            "tax_number",
            "91350100M000100Y43",
        ),
    ],
)
async def test_a_no_with_something_else_asks_again_with_it(
    customer: Any, text: str, found: Any, slot: str, value: str
) -> None:
    scene = customer()
    await collects(scene)
    await fills(scene, text, intent="deny", **found)
    assert scene.slots["requested_slot"] == "confirmed" and scene.slots["confirmed"] is None
    assert scene.slots[slot] == value


@pytest.mark.parametrize(
    ("text", "intent"),
    [("no, change it to Jane Miller", "exchange_item"), ("不对，改成李雷", "change_address")],
)
async def test_another_name_begins_nothing_else(customer: Any, text: str, intent: str) -> None:
    scene = customer()
    await collects(scene)
    await fills(scene, text, intent=intent)
    assert scene.slots["invoice_title"] in ("Jane Miller", "李雷")
    assert scene.slots["requested_slot"] == "confirmed"


async def test_another_kind_needs_another_name(customer: Any) -> None:
    scene = customer()
    await collects(scene)
    await fills(scene, "还是开个人吧", invoice_kind="personal", intent="invoice")
    assert scene.slots["requested_slot"] == "invoice_title"


async def test_a_question_is_never_taken_for_the_name(customer: Any) -> None:
    scene = begun(customer())
    await fills(scene, "开发票", order_number=PAID, invoice_kind="company", intent="invoice")
    await fills(scene, "抬头一定要和营业执照一样吗？", intent="invoice")
    assert scene.slots["invoice_title"] is None
    assert scene.slots["requested_slot"] == "invoice_title"


async def test_a_wrong_invoice_is_replaced_once(customer: Any, rows: Any) -> None:
    scene = customer()
    await collects(scene)
    await fills(scene, "对", intent="affirm")
    await scene.does(ActionRequestInvoice())
    (first,) = rows("select number from invoices")[0]
    await fills(scene, "抬头错了，重开", order_number=PAID, intent="invoice")
    assert await scene.does(ActionAskInvoiceKind()) == ["utter_invoices_ask_kind_requested"]
    assert scene.messages[0]["number"] == first
    await fills(scene, "开个人", invoice_kind="personal")
    await fills(scene, "李雷")
    assert await scene.does(ActionAskConfirmed()) == ["utter_invoices_ask_confirm_again"]
    assert scene.messages[0]["earlier"] == f"{COMPANY}、{TAX_NUMBER}"
    await fills(scene, "对", intent="affirm")
    assert await scene.does(ActionRequestInvoice()) == ["utter_invoices_requested"]
    assert rows(INVOICES + " order by requested_at, replaces is not null") == [
        ("company", COMPANY, TAX_NUMBER, "", "replaced", None),
        ("personal", "李雷", "", "", "requested", first),
    ]
    await fills(scene, "再重开一次", order_number=PAID, intent="invoice")
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionRequestInvoice()) == ["utter_rights_needs_person"]


async def test_the_very_same_invoice_is_not_made_twice(customer: Any, rows: Any) -> None:
    scene = customer()
    await collects(scene)
    await fills(scene, "对", intent="affirm")
    await scene.does(ActionRequestInvoice())
    same = {"order_number": PAID, "company": COMPANY, "tax_number": TAX_NUMBER}
    await fills(scene, "再开一张", intent="invoice", **same)
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionRequestInvoice()) == ["utter_rights_denied"]
    assert len(rows(INVOICES)) == 1


async def test_a_message_sent_again_requests_nothing_more(customer: Any, rows: Any) -> None:
    scene = customer()
    await collects(scene)
    collected = dict(scene.slots)
    for _ in range(2):
        scene.slots.update(collected)
        scene.hears("对", intent="affirm", message_id="m-same")
        await scene.does(ValidateInvoiceForm())
        scene.slots["confirmed"] = True
        said = await scene.does(ActionRequestInvoice())
    assert len(rows(INVOICES)) == 1, said


@pytest.mark.parametrize("status", ["unpaid", "cancelled", "refunded"])
async def test_what_was_not_paid_is_refused_before_any_question(
    customer: Any, rows: Any, status: str
) -> None:
    rows("update orders set status = ? where number = ?", status, PAID)
    scene = begun(customer(language="en"))
    await fills(scene, f"invoice for {PAID}", order_number=PAID, intent="invoice")
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionRequestInvoice()) == ["utter_rights_denied"]
    assert rows(INVOICES) == []


async def test_a_visitor_proves_the_order_first(visitor: Any, rows: Any) -> None:
    scene = begun(visitor())
    said = {"order_number": PAID, "invoice_kind": "personal"}
    await fills(scene, f"{PAID} 开个人发票", intent="invoice", **said)
    assert scene.slots["requested_slot"] == "phone_last4"
    await fills(scene, "1001", phone_last4="1001")
    assert scene.slots["requested_slot"] == "invoice_title"
    await fills(scene, "李雷")
    await fills(scene, "对", intent="affirm")
    assert await scene.does(ActionRequestInvoice()) == ["utter_invoices_requested"]
    assert rows(INVOICES) == [("personal", "李雷", "", "", "requested", None)]
