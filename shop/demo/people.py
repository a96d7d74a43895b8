"""The demo shop's customers before they have bought anything.

Beside the way of a message: names from ``people.yml``, combined the same way every time.
Phone numbers follow one visible pattern, so that nobody's real number can appear.
"""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from shop.models import Language

_FILE = Path(__file__).with_name("people.yml")


@dataclass(frozen=True)
class Person:
    """Somebody with an account; level and points follow from what they buy."""

    id: str
    name: str
    language: Language

    @property
    def phone(self) -> str:
        """``13800001001`` for ``C1001``."""
        return f"1380000{self.id[1:]}"


KNOWN = (
    Person("C1001", "林晓雯", Language.SIMPLIFIED),
    Person("C1002", "陳大文", Language.TRADITIONAL),
    Person("C1003", "Emma Clark", Language.ENGLISH),
    Person("C1004", "赵思敏", Language.SIMPLIFIED),
)


def make_people(rng: random.Random, *, count: int) -> list[Person]:
    """Make ``count`` people: the four known ones, then others with names of their own."""
    pools = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    people = list(KNOWN)
    taken = {person.name for person in people}
    shares = [pool["share"] for pool in pools.values()]
    while len(people) < count:
        language = rng.choices(list(pools), weights=shares)[0]
        name = _new_name(rng, pools[language], taken)
        taken.add(name)
        people.append(Person(f"C{1001 + len(people)}", name, Language(language)))
    return people


def _new_name(rng: random.Random, pool: dict[str, Any], taken: set[str]) -> str:
    while True:
        name: str = pool["joiner"].join(rng.choice(pool[part]) for part in pool["order"])
        if name not in taken:
            return name
