"""Trains the pipeline of config.yml on examples that are not ours, and on nothing else."""

from pathlib import Path
from typing import Any, Dict, List, Optional, Text, Tuple, Union

import yaml
from rasa.engine.constants import PLACEHOLDER_IMPORTER
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.data import TrainingType
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.assistant.graph_runner import SequentialGraphRunner
from bot.evaluation.understanding import Understanding
from bot.training import ROOT


class Examples(TrainingDataImporter):
    """Texts and their intents as Rasa's training takes them; there is nothing else."""

    def __init__(
        self,
        config_file: Optional[Text] = None,
        domain_path: Optional[Text] = None,
        training_data_paths: Optional[Union[List[Text], Text]] = None,
        *,
        examples: "List[Tuple[Text, Text]] | None" = None,
        config: Optional[Dict[Text, Any]] = None,
    ) -> None:
        self._examples = examples or []
        self._config = config or {}

    def get_domain(self) -> Domain:
        """See parent class for the full docstring."""
        return Domain.from_dict({"intents": sorted({intent for _, intent in self._examples})})

    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        """See parent class; there are none."""
        return StoryGraph([])

    def get_config(self) -> Dict[Text, Any]:
        """See parent class for the full docstring."""
        return self._config

    def get_config_file_for_auto_config(self) -> Optional[Text]:
        """See parent class; nothing may be filled in."""
        return None

    def get_nlu_data(self, language: Optional[Text] = "en") -> TrainingData:
        """See parent class for the full docstring."""
        return TrainingData(
            [Message(data={TEXT: _whole(text), INTENT: intent}) for text, intent in self._examples]
        )


def _whole(text: Text) -> Text:
    """Without half character pairs: Rasa takes the digests of its examples, as UTF-8."""
    return text.encode("utf-8", "replace").decode()


def trained_on(examples: List[Tuple[Text, Text]], folder: Path) -> Understanding:
    """The pipeline, trained on texts and their intents; `folder` is empty and stays needed.

    Rasa's cache of earlier trainings takes no part: nothing of ours gets in, nothing stays behind.
    """
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    graphs = DefaultV1Recipe().graph_config_for_recipe(config, {}, training_type=TrainingType.NLU)
    storage = LocalModelStorage.create(folder)
    training = DaskGraphRunner.create(
        graphs.train_schema, storage, ExecutionContext(graphs.train_schema)
    )
    training.run({PLACEHOLDER_IMPORTER: Examples(examples=examples, config=config)})
    loaded = DaskGraphRunner.create(
        graphs.predict_schema, storage, ExecutionContext(graphs.predict_schema)
    )
    return Understanding(SequentialGraphRunner(loaded), str(graphs.nlu_target))
