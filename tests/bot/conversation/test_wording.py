"""What the gateway and the desk say themselves is in the domain files, in every language."""

import re
from pathlib import Path

import pytest

from bot.conversation.wording import Wording

BOT = Path(__file__).resolve().parents[3] / "bot"
# Every response that the gateway says, with the facts that it gives.
SAID = {
    "utter_handoff_queued": {"position": 3, "ticket": "T-261120-0007"},
    "utter_handoff_taken": {"agent": "Mei"},
    "utter_handoff_returned": {"agent": "Mei"},
    "utter_handoff_closed": {"agent": "Mei"},
    "utter_handoff_assistant_down": {},
}
# Of those, the ones that a shopper must read.
SHOWN = {
    "utter_handoff_queued": ["3", "T-261120-0007"],
    "utter_handoff_taken": ["Mei"],
}
HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def wording():
    return Wording.from_domain()


def test_the_table_above_names_all_that_is_said():
    found = set()
    # What the assistant says is told by Rasa, from the same files (tests/test_architecture.py).
    for path in set(BOT.rglob("*.py")) - set((BOT / "assistant").glob("*.py")):
        found |= set(re.findall(r'"(utter_\w+)"', path.read_text(encoding="utf-8")))
    assert found == set(SAID)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("name", SAID)
def test_it_is_there_in_every_language_and_takes_the_facts_given(wording, name, language):
    text = wording.say(name, language, **SAID[name])
    assert bool(HAN.search(text)) == (language != "en")
    assert "{" not in text
    for fact in SHOWN.get(name, []):
        assert fact in text


@pytest.mark.parametrize("name", SAID)
def test_traditional_is_converted_and_simplified_is_left_alone(wording, name):
    simplified = wording.say(name, "zh-Hans", **SAID[name])
    traditional = wording.say(name, "zh-Hant", **SAID[name])
    assert simplified != traditional
    assert not set("这务请给为") & set(traditional)


def test_taiwans_own_words_are_used():
    wording = Wording({"utter_x": [{"text": "软件更新了"}]})
    assert wording.say("utter_x", "zh-Hant") == "軟體更新了"


def test_a_response_that_does_not_exist_is_an_error(wording):
    with pytest.raises(KeyError):
        wording.say("utter_nothing", "en")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_fact_that_was_not_given_is_an_error(wording, language):
    with pytest.raises(KeyError):
        wording.say("utter_handoff_queued", language, position=1)


def test_a_fact_is_never_read_as_a_fact_itself(wording):
    assert "{ticket}" in wording.say("utter_handoff_taken", "en", agent="{ticket}")


def test_the_language_is_chosen_by_its_condition_and_the_rest_is_the_default():
    english = {"condition": [{"type": "slot", "name": "language", "value": "en"}], "text": "hi"}
    unrelated = {"condition": [{"type": "slot", "name": "channel", "value": "x"}], "text": "你好"}
    wording = Wording({"utter_x": [english, unrelated]})
    assert wording.say("utter_x", "en") == "hi"
    assert wording.say("utter_x", "zh-Hans") == "你好"


def test_an_empty_domain_file_does_no_harm(tmp_path):
    (tmp_path / "empty.yml").write_text("")
    (tmp_path / "one.yml").write_text("responses:\n  utter_x:\n    - text: 好\n", encoding="utf-8")
    assert Wording.from_domain(tmp_path).say("utter_x", "zh-Hans") == "好"
