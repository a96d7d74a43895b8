"""Which intent a message has, how sure that is, and whether it is any intent at all.

A linear support vector machine over n-grams (ngrams.py); its scores become probabilities that mean
what they say (calibration.py). docs/understanding.md compares it with others.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Callable, Dict, List, Optional, Sequence, Set, Text, Tuple

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
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from bot.nlu import calibration
from bot.nlu.calibration import Array, Calibration, Evidence, Fold
from bot.nlu.entities import order_numbers
from bot.nlu.ngrams import Analyzer, Counts, Ngrams, analyzers

OUTSIDE, REJECTED = "out_of_scope", "nlu_fallback"
_WEIGHTS, _VOCABULARIES = "weights.npz", "vocabularies.json"
# Numbers of orders, parcels, companies and phones; in the n-grams all of them are the same.
_NUMBER = re.compile(
    rf"{order_numbers.LIKE_ONE}|\b(?=[a-z]*[0-9]{{4}})[0-9a-z]{{10,}}\b|\b[0-9]{{6,}}\b"
)
_A_NUMBER = "#"
# The outside score where no class for it was learned: that of a class that never fits.
_NEVER = -1.0


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramIntentClassifier(GraphComponent, IntentClassifier):
    """Intent and ranking of a message from its tokens.

    A message that belongs to no intent gets `nlu_fallback`, with the probability of just that. When
    two intents are about equally likely, `ambiguous` names both.
    """

    @classmethod
    def required_components(cls) -> List[Any]:
        """See parent class for the full docstring."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Returns the component's default config."""
        return {
            "ranking_length": 10,
            # Softer learns less by heart; between 0.3 and 1 nothing changes.
            "C": 1.0,
            # How much of what shoppers write belongs to no intent; a shop's own count is better.
            "outside_share": 0.15,
            # Two intents closer than this are asked about.
            "ambiguous_within": 0.1,
            # Intents that nobody is asked about, because nothing depends on them.
            "never_asked": [],
        }

    def __init__(
        self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._analyzers = analyzers()
        self._learned: Optional[_Learned] = None
        self._calibration = Calibration()

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
        """Fits weights and calibration; there is nothing to learn without two intents."""
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        texts = [_joined(example) for example in examples]
        labels = [str(example.get(INTENT)) for example in examples]
        if len(set(labels) - {OUTSIDE}) < 2:
            return self._resource
        counts = Counts.of(texts)
        self._learned, _ = _Learned.fit(counts, labels, np.arange(len(labels)), self._config["C"])
        self._calibration = self._calibrated(counts, texts, labels)
        self._persist()
        return self._resource

    def _calibrated(self, counts: Counts, texts: List[Text], labels: List[Text]) -> Calibration:
        if not calibration.is_possible(labels, outside=OUTSIDE):
            return Calibration()
        intents = sorted(set(labels) - {OUTSIDE})

        def ask(fold: Fold) -> Tuple[Evidence, List[int], List[int]]:
            learned, weigh = _Learned.fit(counts, labels, fold.learned, self._config["C"])
            asked = [labels[row] for row in fold.asked]
            known = set(learned.intents)
            return (
                learned.evidence_of(weigh(fold.asked), [texts[row] for row in fold.asked], intents),
                [_kind(label, known) for label in asked],
                [intents.index(label) if label in known else -1 for label in asked],
            )

        # Learning lets go of the interpreter's lock: two cores take half the time.
        with ThreadPoolExecutor(2) as threads:
            found = list(threads.map(ask, calibration.folds(labels, outside=OUTSIDE)))
        evidence = Evidence.together([each for each, _, _ in found])
        kinds = np.concatenate([each for _, each, _ in found])
        truth = np.concatenate([each for _, _, each in found])
        return calibration.fit(
            evidence,
            evidence.scores.argmax(axis=1) == truth,
            kinds,
            truth,
            outside_share=self._config["outside_share"],
        )

    def process(self, messages: List[Message]) -> List[Message]:
        """Sets intent, ranking and, where two are about equally likely, `ambiguous`."""
        for message in messages:
            ranking, rejected = self._ranked(_joined(message))
            intent = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            if rejected is not None:
                intent = {"name": REJECTED, "confidence": rejected}
                ranking = [intent, *ranking]
            elif self._is_ambiguous(ranking):
                message.set("ambiguous", [r["name"] for r in ranking[:2]], add_to_output=True)
            message.set(INTENT, intent, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    @property
    def threshold(self) -> float:
        """The probability of belonging to no intent above which a message is rejected."""
        return self._calibration.threshold

    def _is_ambiguous(self, ranking: List[Dict[Text, Any]]) -> bool:
        if len(ranking) < 2 or {r["name"] for r in ranking[:2]} & set(self._config["never_asked"]):
            return False
        lead = ranking[0]["confidence"] - ranking[1]["confidence"]
        return bool(lead < self._config["ambiguous_within"])

    def _ranked(self, text: Text) -> Tuple[List[Dict[Text, Any]], Optional[float]]:
        """The likeliest intents, and the probability of being outside if it decides."""
        if self._learned is None:
            return [], None
        evidence = self._learned.evidence(text, self._analyzers)
        outside = float(self._calibration.outside(evidence)[0])
        chances = self._calibration.intents(evidence)[0] * (1.0 - outside)
        order = np.argsort(-chances, kind="stable")[: self._config["ranking_length"]]
        ranking = [
            {"name": self._learned.intents[place], "confidence": float(chances[place])}
            for place in order
        ]
        return ranking, outside if outside > self._calibration.threshold else None

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing that comes later learns from this component's output."""
        return training_data

    def _persist(self) -> None:
        assert self._learned is not None
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / _WEIGHTS, **self._learned.arrays())
            content = {
                "intents": self._learned.intents,
                "rows": self._learned.ngrams.rows,
                "calibration": self._calibration.as_dict(),
            }
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
                content = rasa.shared.utils.io.read_json_file(folder / _VOCABULARIES)
                with np.load(folder / _WEIGHTS, allow_pickle=False) as stored:
                    component._learned = _Learned(
                        Ngrams(content["rows"], stored["rarity"]),
                        content["intents"],
                        stored["weights"],
                        stored["intercepts"],
                    )
                component._calibration = Calibration.load(content["calibration"])
        except ValueError:
            # What Rasa's storage says when nothing was stored.
            return cls(config, model_storage, resource)
        return component


class _Learned:
    """Weights (n-grams × classes) and intercepts; the class for other matters comes last."""

    def __init__(
        self, ngrams: Ngrams, intents: List[Text], weights: Array, intercepts: Array
    ) -> None:
        self.ngrams, self.intents = ngrams, intents
        self._weights, self._intercepts = weights, intercepts

    @classmethod
    def fit(
        cls, counts: Counts, labels: Sequence[Text], learned: Array, softness: float
    ) -> "Tuple[_Learned, Callable[[Array], csr_matrix]]":
        """Learn from some of the examples; returns also what weighs the others alike."""
        ngrams, weigh = Ngrams.learn(counts, learned)
        machine = LinearSVC(C=softness, class_weight="balanced", random_state=0)
        machine.fit(weigh(learned), [labels[row] for row in learned])
        coefficients, intercepts = machine.coef_, machine.intercept_
        if len(machine.classes_) == 2:
            # Of two classes scikit-learn keeps the second's weights alone.
            coefficients = np.vstack([-coefficients, coefficients])
            intercepts = np.concatenate([-intercepts, intercepts])
        names = [str(name) for name in machine.classes_]
        order = sorted(range(len(names)), key=lambda place: (names[place] == OUTSIDE, names[place]))
        intents = [names[place] for place in order if names[place] != OUTSIDE]
        weights = np.ascontiguousarray(coefficients[order].T, dtype=np.float32)
        return cls(ngrams, intents, weights, intercepts[order]), weigh

    def evidence(self, text: Text, analyze: Sequence[Analyzer]) -> Evidence:
        """What is known of one text."""
        rows, amounts = self.ngrams.weigh(text, analyze)
        return self._evidence((self._intercepts + amounts @ self._weights[rows])[None, :], [text])

    def evidence_of(
        self, matrix: csr_matrix, texts: Sequence[Text], columns: Sequence[Text]
    ) -> Evidence:
        """The same of many; `columns` orders the intents, one that was not learned never fits."""
        found = self._evidence(self._intercepts + matrix @ self._weights, texts)
        scores = np.full((len(texts), len(columns)), -np.inf)
        scores[:, [columns.index(intent) for intent in self.intents]] = found.scores
        return replace(found, scores=scores)

    def _evidence(self, scores: Array, texts: Sequence[Text]) -> Evidence:
        inside = scores[:, : len(self.intents)]
        learned_outside = scores.shape[1] > len(self.intents)
        return Evidence(
            scores=inside,
            outside=scores[:, -1] if learned_outside else np.full(len(texts), _NEVER),
            unknown=np.array([self.ngrams.unknown(text) for text in texts]),
            words=np.array([len(text.split()) for text in texts]),
        )

    def arrays(self) -> Dict[Text, Array]:
        return {
            "weights": self._weights,
            "intercepts": self._intercepts,
            "rarity": self.ngrams.rarity,
        }


def _kind(label: Text, known: Set[Text]) -> int:
    if label == OUTSIDE:
        return calibration.FOREIGN
    return calibration.INSIDE if label in known else calibration.UNLEARNED


def _joined(message: Message) -> Text:
    """A message as the n-grams see it: its folded words, a blank between each two.

    Which number somebody writes says nothing about what they want, only that they write one.
    """
    words = " ".join(token.text for token in message.get(TOKENS_NAMES[TEXT]) or [])
    return _NUMBER.sub(_A_NUMBER, words)
