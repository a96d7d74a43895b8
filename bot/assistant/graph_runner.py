"""Runs a trained graph in an order worked out once; dask would work it out at every message."""

from typing import Any, Dict, List, Optional, Text, Tuple, Type, TypeVar

from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner

Component = TypeVar("Component")
# A step: where its output goes, the bound function, and which outputs are its arguments.
_Step = Tuple[Text, Any, Dict[Text, Text]]


class SequentialGraphRunner(GraphRunner):
    """The loaded graph of a `DaskGraphRunner`, without its scheduler, hooks and log lines."""

    def __init__(self, loaded: DaskGraphRunner) -> None:
        self._schema = loaded._graph_schema
        self._nodes: Dict[Text, GraphNode] = loaded._instantiated_nodes
        self._steps: Dict[Text, List[_Step]] = {}

    @classmethod
    def create(cls, *args: Any, **kwargs: Any) -> "SequentialGraphRunner":
        """See parent class; loads as `DaskGraphRunner` does."""
        return cls(DaskGraphRunner.create(*args, **kwargs))

    def run(
        self, inputs: Optional[Dict[Text, Any]] = None, targets: Optional[List[Text]] = None
    ) -> Dict[Text, Any]:
        """See parent class for the full docstring."""
        results: Dict[Text, Any] = dict(inputs or {})
        wanted = targets or self._schema.target_names
        for target in wanted:
            for name, function, arguments in self._steps_to(target):
                if name not in results:
                    results[name] = function(
                        **{argument: results[source] for argument, source in arguments.items()}
                    )
        return {target: results[target] for target in wanted}

    def component(self, kind: Type[Component]) -> Optional[Component]:
        """The loaded component of a kind, None when the configuration has none."""
        found = (node._component for node in self._nodes.values())
        return next((component for component in found if isinstance(component, kind)), None)

    def _steps_to(self, target: Text) -> List[_Step]:
        if target not in self._steps:
            order: List[Text] = []
            self._visit(target, order)
            self._steps[target] = [self._step(name) for name in order]
        return self._steps[target]

    def _visit(self, name: Text, order: List[Text]) -> None:
        """Depth first: a node comes after everything that it needs; inputs are no nodes."""
        if name in order or name not in self._nodes:
            return
        for source in self._schema.nodes[name].needs.values():
            self._visit(source, order)
        order.append(name)

    def _step(self, name: Text) -> _Step:
        node = self._nodes[name]
        return name, getattr(node._component, node._fn_name), dict(node._inputs)
