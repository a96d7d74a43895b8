"""Somebody upset, from the message to the desk."""

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]


@pytest.mark.parametrize(
    ("angry", "word", "threat"),
    [
        ("气死我了，运费到底怎么算的", "真让你生气", "再不给个准话我就打12315"),
        ("I'm furious, what does shipping cost?", "how angry", "then I'm doing a chargeback"),
    ],
)
def test_anger_is_met_once_and_a_threat_reaches_a_person_at_once(
    visitor, agent, angry, word, threat
):
    first = visitor.say(angry)
    assert first.splitlines()[0].count(word) == 1 and visitor.last["owner"] == "bot"
    assert len(visitor.last["replies"]) > 1
    assert word not in visitor.say(angry)

    said = visitor.say(threat)
    assert visitor.last["owner"] == "queued"
    assert [reply["from"] for reply in visitor.last["replies"]] == ["system"]
    ticket = agent.ticket_of(visitor.last["conversation_id"])
    assert ticket["ticket"] in said
    assert (ticket["priority"], ticket["reason"]) == ("urgent", "threat")
    assert ticket["facts"]["emotion"] == "threat"
    assert ticket["summary"].startswith("threat · ") and threat in ticket["summary"]


def test_an_angry_shopper_who_asks_for_a_person_comes_before_calm_ones(visitor, agent):
    visitor.say("你们这什么破店，太坑人了")
    visitor.say("转人工")
    ticket = agent.ticket_of(visitor.last["conversation_id"])
    assert (ticket["priority"], ticket["reason"]) == ("high", "asked_for_person")
    assert "anger" in ticket["summary"]


@pytest.mark.parametrize(
    "text", ["麻烦尽快发货哦，我的快递到哪了", "where is my order? asap please"]
)
def test_an_urgent_but_calm_request_goes_its_usual_way(visitor, text):
    said = visitor.say(text)
    assert visitor.last["owner"] == "bot" and len(visitor.last["replies"]) == 1
    assert "订单" in said or "order" in said
