"""A trained model's understanding, as the running assistant goes through it for each message."""

import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, FrozenSet, Optional, Text

from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.log_utils import configure_structlog

from bot.assistant.channel import without_command, wordless
from bot.assistant.graph_runner import SequentialGraphRunner
from bot.conversation.language import detect
from bot.evaluation.errors import EvaluationError
from bot.nlu.intent_classifier import NgramIntentClassifier
from bot.training import ROOT, model_path


class Understanding:
    """Parses messages one by one; `intents` are those of the model's domain."""

    def __init__(
        self,
        runner: SequentialGraphRunner,
        target: Text,
        intents: FrozenSet[Text] = frozenset(),
    ) -> None:
        # Otherwise Rasa tells every step of every message.
        configure_structlog(logging.ERROR)
        self.intents = intents
        self._runner = runner
        self._target = target
        self._nobody = DialogueStateTracker.from_events("evaluation", [])

    @classmethod
    def trained(cls) -> "Understanding":
        """That of the present sources; trains it first if nobody has.

        Raises:
            EvaluationError: it cannot be trained.
        """
        model = ROOT / model_path()
        if not model.exists():
            command = [sys.executable, "-m", "bot", "train"]
            if subprocess.run(command, cwd=ROOT, stdout=sys.stderr).returncode:
                raise EvaluationError("there is no model, and training one failed")
        with tempfile.TemporaryDirectory() as folder:
            metadata, runner = load_predict_graph_runner(
                Path(folder), model, LocalModelStorage, DaskGraphRunner
            )
        intents = frozenset(metadata.domain.intents)
        return cls(SequentialGraphRunner(runner), metadata.nlu_target, intents)

    def parse(self, text: Text, *, now: Optional[Text] = None) -> Dict[Text, Any]:
        """What is understood of a message that comes without a conversation before it.

        Args:
            text: as the shopper wrote it.
            now: the day (ISO) from which "yesterday" counts; today if not given.

        Returns:
            `text`, `intent`, `intent_ranking`, `entities`, as Rasa has them.
        """
        read, language = without_command(text), detect(text)
        understood = wordless(read, language)
        if understood is not None:
            return understood
        metadata = {"language": language, "text": text, **({"now": now} if now else {})}
        results = self._runner.run(
            inputs={
                PLACEHOLDER_MESSAGE: [UserMessage(read, metadata=metadata)],
                PLACEHOLDER_TRACKER: self._nobody,
            },
            targets=[self._target],
        )
        message = results[self._target][0].as_dict(only_output_properties=True)
        return {"entities": [], "intent_ranking": [], **message}

    @property
    def threshold(self) -> Optional[float]:
        """What decides whether a message counts as not understood, as the model has it."""
        classifier = self._runner.component(NgramIntentClassifier)
        return classifier.threshold if classifier else None
