"""The classifier's sums are scikit-learn's, at a fraction of the time."""

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.nlu.decision import decided
from bot.nlu.intent_classifier import NgramIntentClassifier, _joined
from bot.nlu.ngrams import analyzers
from bot.nlu.tokenizer import MixedScriptTokenizer

EXAMPLES = {
    "track_order": [
        "我的快递到哪了",
        "物流怎么不动了",
        "包裹什么时候能到",
        "查一下我的订单",
        "where is my parcel",
        "has my order shipped yet",
        "track my package please",
    ],
    "return_item": [
        "我要退货",
        "这件不合适想退掉",
        "東西壞了，我要退錢",
        "I want to return the mug",
        "send it back and get a refund",
    ],
    "human_agent": ["转人工", "找真人客服", "請幫我轉人工", "talk to a person", "human please"],
    "greet": ["你好", "在吗", "哈囉", "hi there", "good morning"],
}
TEXTS = [
    *("快递到哪了", "這個可以退嗎", "你好在吗", "退 refund 到哪了", "order XE20260001"),
    *("where's my refund", "真人", "a", "好", "zzz qqq", "👍", "。", ""),
]


@pytest.fixture(scope="module")
def tokenizer():
    return MixedScriptTokenizer(MixedScriptTokenizer.get_default_config())


@pytest.fixture(scope="module")
def message(tokenizer):
    """A message as the classifier gets it."""

    def make(text, intent=None):
        made = Message({TEXT: text, **({INTENT: intent} if intent else {})})
        tokenizer.process([made])
        return made

    return make


@pytest.fixture(scope="module")
def data(message):
    def of(intents):
        return TrainingData(
            [message(text, intent) for intent in intents for text in EXAMPLES[intent]]
        )

    return of


@pytest.fixture
def make(tmp_path: Path):
    """A classifier that is stored in a folder of the test."""
    storage = LocalModelStorage(tmp_path)

    def classifier(load=False, **config):
        given_config = {**NgramIntentClassifier.get_default_config(), **config}
        create = NgramIntentClassifier.load if load else NgramIntentClassifier.create
        return create(given_config, storage, Resource("classifier"), None)

    return classifier


def reference(training_data, texts):
    """What scikit-learn says: intents and scores."""
    examples = training_data.intent_examples
    fitted = [
        TfidfVectorizer(analyzer=analyze, min_df=least, sublinear_tf=True)
        for analyze, least in zip(analyzers(), (1, 2, 2))
    ]
    known = [_joined(example) for example in examples]
    matrix = hstack([vectorizer.fit_transform(known) for vectorizer in fitted])
    machine = LinearSVC(C=1.0, class_weight="balanced", random_state=0)
    machine.fit(matrix, [example.get(INTENT) for example in examples])
    scores = machine.decision_function(hstack([v.transform(texts) for v in fitted]))
    if scores.ndim == 1:
        scores = np.stack([-scores, scores], axis=1)
    return list(machine.classes_), scores


@pytest.mark.parametrize(
    "intents",
    [["track_order", "return_item"], ["greet", "human_agent", "return_item"], list(EXAMPLES)],
    ids=len,
)
def test_scores_are_those_of_scikit_learn(make, data, message, intents):
    classifier = make()
    classifier.train(data(intents))
    ngrams = classifier._learned.ngrams
    texts = [_joined(message(text)) for text in TEXTS]
    texts = [text for text in texts if ngrams.weigh(text, analyzers())[0]]
    assert len(texts) > 4
    names, expected = reference(data(intents), texts)
    assert classifier._learned.intents == names
    found = [classifier._learned.evidence(text, analyzers()).scores[0] for text in texts]
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    storage = LocalModelStorage(tmp_path_factory.mktemp("trained"))
    config = NgramIntentClassifier.get_default_config()
    classifier = NgramIntentClassifier(config, storage, Resource("classifier"))
    classifier.train(data(list(EXAMPLES)))
    return classifier


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("我要退货快递到哪了你好人工 ,?。refundhiXE12👍\x00/"), max_size=30))
def test_confidences_add_up_to_one_whatever_is_written(trained, message, text):
    ranking, rejected = trained._ranked(_joined(message(text)))
    assert sum(ranked["confidence"] for ranked in ranking) == pytest.approx(1)
    assert rejected is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("快递怎么还没到", "track_order"),
        ("我想退掉，要退錢", "return_item"),
        ("人工客服", "human_agent"),
        ("你好呀", "greet"),
        ("is my parcel shipped", "track_order"),
        ("i'd like to return this", "return_item"),
        ("a real human please", "human_agent"),
        ("想 return 这件", "return_item"),
    ],
)
def test_a_message_gets_its_intent_and_a_ranking(trained, message, text, intent):
    asked = message(text)
    trained.process([asked])
    assert asked.get(INTENT)["name"] == intent
    ranking = asked.get(INTENT_RANKING_KEY)
    assert ranking[0] == asked.get(INTENT)
    confidences = [ranked["confidence"] for ranked in ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert {ranked["name"] for ranked in ranking} == set(EXAMPLES)
    assert all(type(confidence) is float for confidence in confidences)
    assert asked.as_dict(only_output_properties=True)[INTENT] == asked.get(INTENT)


def test_a_ranking_is_no_longer_than_configured(make, data, message):
    classifier = make(ranking_length=2)
    classifier.train(data(list(EXAMPLES)))
    asked = message("退货")
    classifier.process([asked])
    assert len(asked.get(INTENT_RANKING_KEY)) == 2


@pytest.mark.parametrize("text", ["", "  ", "👍", "。。。", "ζξ"])
def test_a_message_of_nothing_known_is_nobodys_favourite(trained, message, text):
    asked = message(text)
    trained.process([asked])
    assert asked.get(INTENT)["confidence"] < 0.6


@pytest.mark.parametrize("text", ["龘", "zzz qqq", "👍", ""])
def test_sounds_alone_say_nothing(trained, message, text):
    assert trained._learned.ngrams.weigh(_joined(message(text)), analyzers())[0] == []


def test_what_was_trained_is_what_is_loaded(make, data, message):
    trained = make()
    trained.train(data(list(EXAMPLES)))
    loaded = make(load=True)
    for text in TEXTS:
        asked = _joined(message(text))
        assert loaded._ranked(asked) == trained._ranked(asked)


def test_training_twice_gives_the_same(make, data, message):
    first, second = make(), make()
    first.train(data(list(EXAMPLES)))
    second.train(data(list(EXAMPLES)))
    for name, array in first._learned.arrays().items():
        np.testing.assert_array_equal(array, second._learned.arrays()[name])


@pytest.mark.parametrize("intents", [[], ["greet"]], ids=["no examples", "one intent"])
def test_without_a_choice_of_intents_nothing_is_understood(make, data, message, intents):
    classifier = make()
    classifier.train(data(intents))
    for one in (classifier, make(load=True)):
        asked = message("你好")
        one.process([asked])
        assert asked.get(INTENT) == {"name": None, "confidence": 0.0}
        assert asked.get(INTENT_RANKING_KEY) == []
        assert decided({"intent": asked.get(INTENT)}) == ("out_of_scope", 0.0)


def test_examples_without_text_or_intent_do_no_harm(make, data, message):
    training = data(["greet", "human_agent"])
    odd = [Message({INTENT: "greet"}), Message({TEXT: "没有意图"})]
    classifier = make()
    classifier.train(TrainingData([*training.training_examples, *odd]))
    assert classifier._learned.intents == ["greet", "human_agent"]


def test_a_message_takes_less_than_a_millisecond(trained, message):
    text = _joined(message("我上周买的杯子碎了能不能退，快递什么时候来取呢"))

    def seconds():
        started = time.perf_counter()
        trained._ranked(text)
        return time.perf_counter() - started

    assert min(seconds() for _ in range(200)) < 0.001
