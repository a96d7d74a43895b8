"""One message through Rasa's model: understood, decided, acted on, and stored once.

Takes over what Rasa has loaded (model, domain, wording) and goes the same way as Rasa's own
processor, without what that does at every message for nobody: see docs/performance.md.
"""

import json
import logging
from collections import OrderedDict
from itertools import takewhile
from typing import Any, Dict, List, Optional, Text

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_EXTRACT_SLOTS, ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.assistant.dialogue import DialogueWindow
from bot.assistant.empathy import emotion_of, first_word, routed
from bot.assistant.graph_runner import SequentialGraphRunner
from bot.assistant.remote_action import ActionServer
from bot.assistant.requests import WAITING, is_handed_over, request, requests_of
from bot.assistant.turn import ReplyCollector, Turn, TurnSuperseded
from bot.storage.tracker_store import COMMITTED, WindowTrackerStore

logger = logging.getLogger(__name__)

# Dialogues held in memory between their turns, some 100 kB each; any other is read from Redis,
# which takes a millisecond or two.
_MOST_HELD = 256
# Of the intents that a message might have had, what explains a decision.
_MOST_RANKED = 3
# Decided by the rules like any other intent (data/rules/clarification.yml).
AMBIGUOUS = "nlu_ambiguous"


class TurnProcessor(MessageProcessor):
    """Rasa's processor for turns that are stored with their answer."""

    def __init__(self, loaded: MessageProcessor, store: WindowTrackerStore) -> None:
        self.__dict__.update(loaded.__dict__)
        self.graph_runner = SequentialGraphRunner(loaded.graph_runner)
        endpoint: Optional[EndpointConfig] = loaded.action_endpoint
        self.action_endpoint = ActionServer(endpoint) if endpoint else None
        self._store = store
        self._held: "OrderedDict[Text, DialogueWindow]" = OrderedDict()
        self._actions: Dict[Text, Optional[Action]] = {}
        self._rules = self.graph_runner.component(RulePolicy)

    async def answer(self, turn: Turn) -> Text:
        """The answer to a message as JSON; one that was answered before acts only once.

        Raises:
            TurnSuperseded: another worker has it.
            ActionFailed: the action server failed; nothing is stored.
            RedisError: the dialogue cannot be read or written.
        """
        sender_id = turn.message.sender_id
        # Taken out while it changes: a second worker's turn must not find it half changed.
        tracker = self._held.pop(sender_id, None)
        opened = await self._store.open(
            turn.conversation_id,
            turn.dialogue,
            turn.message_id,
            known=tracker.version if tracker else -1,
        )
        if opened.answer is not None:
            return opened.answer
        if tracker is None or tracker.version != opened.version:
            tracker = DialogueWindow.restore(
                sender_id, self.domain, version=opened.version, rows=opened.rows
            )
        answer = await self._take(turn.message, tracker)
        return await self._commit(turn, tracker, answer)

    async def _take(self, message: UserMessage, tracker: DialogueWindow) -> Text:
        collector = ReplyCollector()
        tracker.begin_turn()
        before = len(tracker.events)
        busy = tracker.active_loop_name is not None
        first, *others = await requests_of(message, self.parse_message, busy=busy)
        await self._serve(first, tracker, collector)
        waited: List[Text] = tracker.get_slot(WAITING) or []
        waiting = [*waited, *(other.text for other in others)]
        for number in range(1, len(waiting) + 1):
            if tracker.active_loop_name is not None or is_handed_over(_since(tracker, before)):
                break
            await self._serve(request(message, waiting.pop(0), number), tracker, collector)
        if is_handed_over(_since(tracker, before)):
            waiting = []
        if waiting != waited:
            tracker.update(SlotSet(WAITING, waiting or None))
        await self._meet(_since(tracker, before), tracker, collector)
        return json.dumps({"replies": collector.replies}, ensure_ascii=False)

    async def _serve(
        self, message: UserMessage, tracker: DialogueWindow, collector: ReplyCollector
    ) -> None:
        """One request, from understanding to listening again."""
        await self._handle_message_with_tracker(message, tracker)
        await self.run_action_extract_slots(collector, tracker)
        await self._run_prediction_loop(collector, tracker)
        if tracker.latest_action_name != ACTION_LISTEN_NAME:
            # The limit of actions cut it off; the next message finds a dialogue that listens.
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))

    async def _meet(
        self, turn: List[Event], tracker: DialogueWindow, collector: ReplyCollector
    ) -> None:
        """A word in front for somebody upset; who says nothing has handed over, the desk speaks."""
        emotion = emotion_of(turn)
        if emotion is None or not collector.replies or is_handed_over(turn):
            return
        said = await first_word(emotion, tracker, self.nlg, collector.name())
        if said is not None:
            collector.begin_with(said)

    async def _commit(self, turn: Turn, tracker: DialogueWindow, answer: Text) -> Text:
        outcome = await self._store.commit(
            turn.conversation_id,
            turn.dialogue,
            turn.message_id,
            fence=turn.fence,
            version=tracker.version,
            row=tracker.end_turn(),
            answer=answer,
        )
        if outcome == COMMITTED:
            tracker.version += 1
            self._hold(tracker)
            return answer
        # The same message may have been answered by a call that was thought dead.
        opened = await self._store.open(
            turn.conversation_id, turn.dialogue, turn.message_id, known=-1
        )
        if opened.answer is None:
            raise TurnSuperseded(outcome)
        return opened.answer

    def _hold(self, tracker: DialogueWindow) -> None:
        self._held[tracker.sender_id] = tracker
        while len(self._held) > _MOST_HELD:
            self._held.popitem(last=False)

    async def parse_message(
        self,
        message: UserMessage,
        tracker: Any = None,
        only_output_properties: bool = True,
    ) -> Dict[Text, Any]:
        """See parent class; of the intents only the likeliest are kept, a threat is routed."""
        data = self._parse_message_with_graph(message, tracker, only_output_properties)
        intent = data["intent"]
        if data.get("ambiguous") and tracker is not None and tracker.active_loop_name is None:
            # Asked about; in the middle of a form the likelier reading counts.
            intent = {**intent, "name": AMBIGUOUS}
        return routed(
            {
                "text": data["text"],
                "intent": intent,
                "entities": data["entities"],
                "intent_ranking": (data.get("intent_ranking") or [])[:_MOST_RANKED],
            }
        )

    def _predict_next_with_tracker(self, tracker: Any) -> PolicyPrediction:
        """See parent class; a rule that is sure outvotes all other policies: it is asked first.

        Not after a rejection: what was just rejected must not be chosen again, and that is seen to
        where the policies' predictions are put together.
        """
        if self._rules is not None and not tracker.followup_action and not _rejected(tracker):
            ruled = self._rules.predict_action_probabilities(tracker, self.domain)
            if ruled.max_confidence >= 1.0:
                return ruled
        return super()._predict_next_with_tracker(tracker)

    def is_action_limit_reached(self, tracker: Any, should_predict_another_action: bool) -> bool:
        """See parent class; what refuses to run counts as well, or it could go on for ever."""
        kinds = (ActionExecuted, ActionExecutionRejected)
        turn = takewhile(lambda event: not isinstance(event, UserUttered), reversed(tracker.events))
        taken = sum(isinstance(event, kinds) for event in turn)
        return bool(taken >= self.max_number_of_predictions)

    async def run_action_extract_slots(self, output_channel: OutputChannel, tracker: Any) -> Any:
        """See parent class for the full docstring."""
        action = self._get_action(ACTION_EXTRACT_SLOTS)
        assert action is not None
        events = await action.run(output_channel, self.nlg, tracker, self.domain)
        await self._send_bot_messages(events, tracker, output_channel)
        tracker.update_with_events(events, self.domain)
        return tracker

    def _get_action(self, action_name: Text) -> Optional[Action]:
        # Rasa makes all its default actions anew to find one of them.
        if action_name not in self._actions:
            self._actions[action_name] = super()._get_action(action_name)
        return self._actions[action_name]

    async def _run_action(
        self,
        action: Action,
        tracker: Any,
        output_channel: OutputChannel,
        nlg: Any,
        prediction: PolicyPrediction,
    ) -> bool:
        """See parent class; a failure is raised, not passed over."""
        seen = tracker
        if prediction.events:
            seen = tracker.copy()
            seen.update_with_events(prediction.events, self.domain)
        try:
            events = await action.run(output_channel, nlg, seen, self.domain)
        except ActionExecutionRejection:
            rejected = ActionExecutionRejected(
                action.name(), prediction.policy_name, prediction.max_confidence
            )
            tracker.update(rejected)
            return self.should_predict_another_action(action.name())
        self._log_action_on_tracker(tracker, action, events, prediction)
        await self._send_bot_messages(events, tracker, output_channel)
        return self.should_predict_another_action(action.name())

    def _log_action_on_tracker(
        self,
        tracker: Any,
        action: Action,
        events: Optional[List[Event]],
        prediction: PolicyPrediction,
    ) -> None:
        """See parent class; without its copies for the debug log."""
        events = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)

    @staticmethod
    async def _send_bot_messages(
        events: List[Event], tracker: Any, output_channel: OutputChannel
    ) -> None:
        """See parent class for the full docstring."""
        for event in events:
            if isinstance(event, BotUttered):
                await output_channel.send_response(tracker.sender_id, event.message())

    @staticmethod
    def _log_slots(tracker: Any) -> None:
        """Nothing: it would write down what shoppers said."""

    async def close(self) -> None:
        """Close the connections to the action server and to Redis."""
        if isinstance(self.action_endpoint, ActionServer):
            await self.action_endpoint.close()
        await self._store.close()


def _since(tracker: DialogueStateTracker, begin: int) -> List[Event]:
    """The events after the first so many."""
    return list(tracker.events)[begin:]


def _rejected(tracker: DialogueStateTracker) -> bool:
    """Whether the latest action refused to run."""
    kinds = (ActionExecuted, ActionExecutionRejected)
    latest = next((event for event in reversed(tracker.events) if isinstance(event, kinds)), None)
    return isinstance(latest, ActionExecutionRejected)
