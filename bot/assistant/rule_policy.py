"""Rasa's rules, found by an index instead of by trying all of them at every step."""

import json
from collections import defaultdict
from typing import Any, Dict, List, Optional, Set, Text, Tuple

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT

# Previous action and intent: what nearly every rule asks of the present state.
_Sign = Tuple[Optional[Text], Optional[Text]]


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class IndexedRulePolicy(RulePolicy):
    """Trains and decides as `RulePolicy` does; only the search is another."""

    _index: Dict[int, Dict[_Sign, Dict[Text, Text]]]
    # How many states a rule looks at, at most; None while it is being trained.
    _longest: Optional[int] = None
    _reads_texts = True

    @classmethod
    def load(cls, *args: Any, **kwargs: Any) -> "IndexedRulePolicy":
        """See parent class; builds the index."""
        policy: IndexedRulePolicy = super().load(*args, **kwargs)  # type: ignore[assignment]
        lookups = [policy.lookup.get(name, {}) for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)]
        rules = [json.loads(key) for lookup in lookups for key in lookup]
        policy._index = {id(lookup): _by_sign(lookup) for lookup in lookups}
        policy._longest = max((len(states) for states in rules), default=1)
        policy._reads_texts = any(TEXT in s.get(USER, {}) for states in rules for s in states)
        return policy

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Tuple[Optional[Text], Optional[Text], bool]:
        if use_text_for_last_user_input and not self._reads_texts:
            return None, None, False
        name, rule, returning = super()._find_action_from_rules(
            tracker, domain, use_text_for_last_user_input
        )
        if use_text_for_last_user_input and name is None:
            # No rule is about these very words; what is about the intent is asked next.
            return None, rule, returning
        return self._within_form(tracker, name), rule, returning

    def _within_form(self, tracker: DialogueStateTracker, name: Optional[Text]) -> Optional[Text]:
        """What a message leads to that a form could make nothing of: every rule's action, but.

        An answer that did not fit is asked for again, instead of beginning what the same words
        would begin outside of the form. What only looks something up does so without a form of its
        own. After whatever was done the form goes on.
        """
        if not tracker.is_active_loop_rejected:
            return name
        if tracker.latest_action_name != ACTION_LISTEN_NAME:
            return tracker.active_loop_name if name in (None, ACTION_LISTEN_NAME) else name
        intent = (tracker.latest_message.intent if tracker.latest_message else {}).get("name")
        if intent in self.config["answers"] or name == tracker.active_loop_name:
            return str(self.config["ask_again_action_name"])
        look_ups: Dict[Text, Text] = self.config["look_ups"]
        beside = tracker.active_loop_name not in look_ups
        return look_ups.get(name, name) if name and beside else name

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """See parent class.

        `answers`: intents that answer a form's question; `ask_again_action_name`: what is said
        when such an answer did not fit; `look_ups`: forms that only look something up, or actions
        that begin one, with the action that does so in the middle of another form.
        """
        return {
            **RulePolicy.get_default_config(),
            "answers": [],
            "look_ups": {},
            "ask_again_action_name": "utter_form_again",
        }

    def _prediction_states(self, *args: Any, **kwargs: Any) -> List[State]:
        states = super()._prediction_states(*args, **kwargs)
        # No rule looks further back than the longest; what comes before changes nothing.
        return states if self._longest is None else states[-self._longest :]

    def _get_possible_keys(self, lookup: Dict[Text, Text], states: List[State]) -> Set[Text]:
        if self._longest is None or not states:
            return super()._get_possible_keys(lookup, states)
        action, intent = _sign(states[-1])
        if action is None:
            # Before any action a rule for a dialogue's start fits, whatever else it says.
            return super()._get_possible_keys(lookup, states)
        by_sign = self._index[id(lookup)]
        likely: Dict[Text, Text] = {}
        for sign in ((action, intent), (action, None)):
            likely.update(by_sign.get(sign, {}))
        return super()._get_possible_keys(likely, states)


def _by_sign(lookup: Dict[Text, Text]) -> Dict[_Sign, Dict[Text, Text]]:
    index: Dict[_Sign, Dict[Text, Text]] = defaultdict(dict)
    for key, value in lookup.items():
        index[_sign(json.loads(key)[-1])][key] = value
    return dict(index)


def _sign(state: State) -> _Sign:
    action = state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME)
    return _text(action), _text(state.get(USER, {}).get(INTENT))


def _text(value: Any) -> Optional[Text]:
    return value if isinstance(value, str) else None
