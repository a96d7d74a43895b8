"""What was promised is written down, and mentioned unasked when the shopper is back."""

from datetime import date, datetime, timedelta, timezone
from typing import Any, Callable, Optional

import pytest

from actions.contact import ActionRequestHandoff
from actions.orders import ActionTellOrderStatus
from actions.promises import KINDS, TOLD, ActionMentionPromises, due_moment, promise
from actions.refunds import ActionTellRefundStatus
from actions.services import services
from actions.turn import Turn
from shop import Identity, Promise, PromiseState

REFUNDED = "XE20260006"


@pytest.fixture
def refund(shop: Any, rows: Callable[..., Any]) -> Callable[[str], str]:
    """The refund of the demo shop's refunded order; it becomes what is said."""

    def refund(state: str = "approved") -> str:
        ((number,),) = rows("SELECT number FROM refunds WHERE order_number = ?", REFUNDED)
        rows("UPDATE refunds SET state = ? WHERE number = ?", state, number)
        return str(number)

    return refund


@pytest.fixture
def promised(shop: Any, clock: Any) -> Callable[..., Any]:
    """A promise that was made so many days ago and is due in so many."""

    async def make(
        kind: str = "call_back",
        reference: str = "CB1",
        *,
        due_in: float = 3,
        made: float = 2,
        actor: str = "customer:C1001",
        order_number: str = REFUNDED,
    ) -> Promise:
        made_promise = Promise(
            id=f"m:{kind}:{reference}",
            kind=kind,
            reference=reference,
            order_number=order_number,
            actor=actor,
            conversation_id="c-1",
            made_at=clock() - timedelta(days=made),
            due_at=clock() + timedelta(days=due_in),
        )
        await services().promises.make(made_promise)
        return made_promise

    return make


async def mentioned(scene: Any, text: str = "你好") -> Any:
    scene.hears(text, intent="greet")
    return await scene.does(ActionMentionPromises())


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_a_first_visit_is_as_ever(customer: Any, visitor: Any, language: str) -> None:
    assert await mentioned(customer(language=language)) == []
    assert await mentioned(visitor(language=language)) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
async def test_what_is_open_is_mentioned(
    customer: Any, promised: Any, kind: str, language: str
) -> None:
    await promised(kind)
    assert await mentioned(customer(language=language)) == [f"utter_promises_open_{kind}"]


@pytest.mark.parametrize("kind", KINDS)
async def test_for_what_is_overdue_the_assistant_apologises_and_offers_a_person(
    customer: Any, promised: Any, responses: Any, kind: str
) -> None:
    await promised(kind, due_in=-1)
    response = f"utter_promises_overdue_{kind}"
    assert await mentioned(customer()) == [response]
    for wording, sorry in zip(responses[response], ("sorry", "对不起")):
        assert sorry in wording["text"]
        assert wording["buttons"][0]["payload"] == "/human_agent"


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("zh-Hans", "11月23日", "11月23日 10:00"), ("en", "23 Nov", "23 Nov 10:00")],
)
async def test_days_are_written_as_the_reader_writes_them(
    customer: Any, promised: Any, language: str, day: str, moment: str
) -> None:
    await promised()
    scene = customer(language=language)
    await mentioned(scene)
    facts = scene.facts("utter_promises_open_call_back")
    assert (facts["due_on"], facts["due_at"]) == (day, moment)
    assert facts["order_number"] == REFUNDED


async def test_at_most_two_are_mentioned_and_the_worst_comes_last(
    customer: Any, promised: Any
) -> None:
    for number, (kind, due_in) in enumerate([("repair", 3), ("invoice", -1), ("exchange", 2)]):
        await promised(kind, f"R{number}", due_in=due_in)
    assert await mentioned(customer()) == [
        "utter_promises_open_exchange",
        "utter_promises_overdue_invoice",
    ]


async def test_each_is_mentioned_once_in_a_dialogue(customer: Any, promised: Any) -> None:
    first = await promised("repair", "R1")
    scene = customer()
    assert await mentioned(scene) == ["utter_promises_open_repair"]
    assert scene.slots[TOLD] == [first.id]
    assert await mentioned(scene) == []
    second = await promised("invoice", "FP1")
    assert await mentioned(scene) == ["utter_promises_open_invoice"]
    assert scene.slots[TOLD] == [first.id, second.id]
    assert await mentioned(customer()) != []


async def test_who_has_just_been_promised_something_is_not_told_again(
    customer: Any, promised: Any, clock: Any
) -> None:
    await promised(made=0)
    assert await mentioned(customer()) == []
    clock.forward(minutes=31)
    assert len(await mentioned(customer())) == 1


@pytest.mark.parametrize("due_in", [3, -1])
async def test_whoever_asks_about_an_order_hears_what_else_is_promised_and_what_is_overdue(
    customer: Any, promised: Any, due_in: float
) -> None:
    actor = "customer:C1003"
    await promised("refund", "RF1", due_in=due_in, actor=actor)
    await promised("invoice", "FP1", due_in=4, actor=actor, order_number="XE20260005")
    for action in (ActionTellOrderStatus(), ActionTellRefundStatus()):
        scene = customer("C1003")
        scene.hears(REFUNDED, intent="track_order")
        said = await scene.does(action, order_number=REFUNDED)
        overdue = ["utter_promises_overdue_refund"] if due_in < 0 else []
        assert said[1:] == ["utter_promises_open_invoice", *overdue]
        assert scene.slots["order_number"] is None


async def test_nobody_hears_of_what_others_were_promised(
    customer: Any, visitor: Any, promised: Any
) -> None:
    await promised(actor="customer:C1002")
    await promised("invoice", actor="visitor:v-2")
    assert await mentioned(customer()) == []
    assert await mentioned(visitor()) == []
    assert await mentioned(visitor("v-2")) == ["utter_promises_open_invoice"]


async def test_what_the_shop_has_done_is_not_mentioned_and_counts_as_kept(
    customer: Any, promised: Any, refund: Any, rows: Any
) -> None:
    await promised("refund", refund("paid"))
    assert await mentioned(customer()) == []
    assert rows("SELECT state FROM promises") == [("kept",)]


@pytest.mark.parametrize(
    ("known", "said"), [(True, ["utter_promises_overdue_refund"]), (False, [])]
)
async def test_what_the_desk_was_told_of_is_apologised_for_while_the_shop_says_it_is_not_done(
    customer: Any, promised: Any, refund: Any, rows: Any, known: bool, said: Any
) -> None:
    await promised("refund", refund() if known else "CB1", due_in=-1)
    rows("UPDATE promises SET state = 'broken'")
    assert await mentioned(customer()) == said


async def test_after_a_month_an_old_failure_is_let_rest(
    customer: Any, promised: Any, refund: Any, rows: Any
) -> None:
    await promised("refund", refund(), due_in=-31, made=40)
    rows("UPDATE promises SET state = 'broken'")
    assert await mentioned(customer()) == []


async def test_a_shop_that_is_down_stops_no_greeting(
    customer: Any, promised: Any, break_shop: Any
) -> None:
    await promised()
    scene = customer()
    break_shop()
    assert await mentioned(scene) == []
    scene.hears("转人工", intent="human_agent")
    assert await scene.does(ActionRequestHandoff()) == []


async def make(scene: Any, *args: Any, message_id: Optional[str] = None) -> None:
    """Promise something in the turn of a new message."""
    scene.hears("好的", intent="affirm", message_id=message_id)
    trusted = scene.history[-1]

    class Told:
        events = [trusted]
        latest_message = trusted

    await promise(Turn(Told()), services(), *args)  # type: ignore[arg-type]


async def test_a_promise_is_written_down_with_all_that_is_known(customer: Any, clock: Any) -> None:
    due = clock() + timedelta(hours=48)
    await make(customer(), "inquiry", "IQ1", REFUNDED, due)
    assert await services().promises.awaited_by("customer:C1001", clock()) == [
        Promise(
            id="m-1:inquiry:IQ1",
            kind="inquiry",
            reference="IQ1",
            order_number=REFUNDED,
            actor="customer:C1001",
            conversation_id="c-1",
            made_at=clock(),
            due_at=due,
            state=PromiseState.OPEN,
        )
    ]


async def test_a_turn_that_is_repeated_promises_once(visitor: Any, clock: Any) -> None:
    scene = visitor()
    for _ in range(2):
        await make(scene, "refund", "RF1", REFUNDED, date(2026, 11, 27), message_id="m-7")
    actor = Identity(visitor_id="v-1").actor
    assert len(await services().promises.awaited_by(actor, clock())) == 1


async def test_what_has_no_words_cannot_be_promised(customer: Any) -> None:
    with pytest.raises(ValueError, match="miracle"):
        await make(customer(), "miracle", "M1", REFUNDED, date(2026, 11, 27))


async def test_a_book_that_is_down_undoes_nothing_that_was_settled(
    customer: Any, break_shop: Any
) -> None:
    scene = customer()
    break_shop()
    await make(scene, "refund", "RF1", REFUNDED, date(2026, 11, 27))


def test_a_day_ends_with_its_last_second_in_the_shops_zone(policy: Any) -> None:
    moment = due_moment(date(2026, 11, 27), policy.zone)
    assert moment.astimezone(timezone.utc) == datetime(
        2026, 11, 27, 15, 59, 59, tzinfo=timezone.utc
    )
    exact = datetime(2026, 11, 27, 9, 0, tzinfo=timezone.utc)
    assert due_moment(exact, policy.zone) == exact


async def test_an_agent_learns_what_was_promised(
    customer: Any, promised: Any, neighbour: Any
) -> None:
    kept = await promised("repair", "R1")
    scene = customer()
    scene.hears("转人工", intent="human_agent")
    await scene.does(ActionRequestHandoff())
    assert neighbour.bodies[0]["facts"] == {
        "promises": [
            {
                "promise": "repair",
                "order_number": REFUNDED,
                "reference": "R1",
                "due_at": kept.due_at.astimezone(timezone.utc).isoformat(),
            }
        ]
    }
