"""Which intent a message has: logistic regression over words, pairs of words and parts of words.

Trained by scikit-learn. Applied as a sum over the rows of the few hundred n-grams that a message
has: building sparse matrices for a single message would take most of the time of understanding it.
"""

from typing import Any, Callable, Dict, List, Optional, Text

import numpy as np
import rasa.shared.utils.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

_WEIGHTS, _VOCABULARIES = "weights.npz", "vocabularies.json"


def vectorizers() -> List[CountVectorizer]:
    """Words and pairs of words; parts of words."""
    return [
        # Single characters are words in Chinese; the default pattern would drop them.
        CountVectorizer(token_pattern=r"(?u)\b\w+\b", ngram_range=(1, 2)),
        # Typos, endings, and Chinese words that jieba cut otherwise. A piece seen once is noise:
        # without them the model is a quarter smaller and no worse.
        CountVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=2),
    ]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramIntentClassifier(GraphComponent, IntentClassifier):
    """Intent and ranking of a message from its tokens."""

    @classmethod
    def required_components(cls) -> List[Any]:
        """See parent class for the full docstring."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Returns the component's default config."""
        return {"max_iter": 200, "ranking_length": 10}

    def __init__(
        self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._analyzers: List[Callable[[Text], List[Text]]] = [
            vectorizer.build_analyzer() for vectorizer in vectorizers()
        ]
        self._rows: List[Dict[Text, int]] = []
        # n-grams x intents, and one more per intent.
        self._weights: "Optional[np.ndarray[Any, Any]]" = None
        self._intercepts: "np.ndarray[Any, Any]" = np.zeros(0)
        self._intents: List[Text] = []

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "NgramIntentClassifier":
        """Creates an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the weights and stores them; there is nothing to learn without two intents."""
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        if len({example.get(INTENT) for example in examples}) < 2:
            return self._resource
        texts = [_joined(example) for example in examples]
        counted = vectorizers()
        matrix = hstack([vectorizer.fit_transform(texts) for vectorizer in counted]).tocsr()
        # As good as the default solver on this data and twenty times faster.
        regression = LogisticRegression(
            solver="liblinear",
            class_weight="balanced",
            max_iter=self._config["max_iter"],
            random_state=0,
        )
        regression.fit(matrix, [example.get(INTENT) for example in examples])
        self._set(counted, regression)
        self._persist()
        return self._resource

    def _set(self, counted: List[CountVectorizer], regression: LogisticRegression) -> None:
        self._rows, first = [], 0
        for vectorizer in counted:
            self._rows.append({g: first + int(i) for g, i in vectorizer.vocabulary_.items()})
            first += len(vectorizer.vocabulary_)
        coefficients, intercepts = regression.coef_, regression.intercept_
        if len(regression.classes_) == 2:
            # Of two intents scikit-learn keeps the second's weights alone.
            coefficients = np.vstack([-coefficients, coefficients])
            intercepts = np.concatenate([-intercepts, intercepts])
        self._weights = np.ascontiguousarray(coefficients.T, dtype=np.float32)
        self._intercepts = intercepts
        self._intents = [str(intent) for intent in regression.classes_]

    def process(self, messages: List[Message]) -> List[Message]:
        """Sets the likeliest intent and the ranking of each message."""
        for message in messages:
            ranking = self._ranking(_joined(message)) if self._weights is not None else []
            likeliest = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, likeliest, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, text: Text) -> List[Dict[Text, Any]]:
        confidences = self.confidences(text)
        order = np.argsort(-confidences, kind="stable")[: self._config["ranking_length"]]
        return [{"name": self._intents[i], "confidence": float(confidences[i])} for i in order]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing that comes later learns from this component's output."""
        return training_data

    def confidences(self, text: Text) -> "np.ndarray[Any, Any]":
        """One number per intent, in the order of their names; they add up to 1."""
        assert self._weights is not None
        known = [
            rows[gram]
            for analyze, rows in zip(self._analyzers, self._rows)
            for gram in analyze(text)
            if gram in rows
        ]
        scores = self._weights[known].sum(axis=0, dtype=np.float64) + self._intercepts
        each = 1 / (1 + np.exp(-scores))
        total = each.sum()
        # As scikit-learn does it: one classifier per intent, brought to a sum of 1.
        return np.asarray(each / total if total else np.full(len(each), 1 / len(each)))

    def _persist(self) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            assert self._weights is not None
            np.savez(folder / _WEIGHTS, weights=self._weights, intercepts=self._intercepts)
            content = {"intents": self._intents, "rows": self._rows}
            rasa.shared.utils.io.dump_obj_as_json_to_file(folder / _VOCABULARIES, content)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "NgramIntentClassifier":
        """Loads a trained component; one that had nothing to learn stays empty."""
        component = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                with np.load(folder / _WEIGHTS, allow_pickle=False) as stored:
                    component._weights = stored["weights"]
                    component._intercepts = stored["intercepts"]
                content = rasa.shared.utils.io.read_json_file(folder / _VOCABULARIES)
                component._intents, component._rows = content["intents"], content["rows"]
        except ValueError:
            # What Rasa's storage says when nothing was stored.
            return cls(config, model_storage, resource)
        return component


def _joined(message: Message) -> Text:
    """A message as the n-grams see it: its folded words, a blank between each two."""
    return " ".join(token.text for token in message.get(TOKENS_NAMES[TEXT]) or [])
