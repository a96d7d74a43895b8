"""Which rules were in force when: the versions of a policy file.

Step 6 of a message's way (act): an order is judged by the rules of the day on which it was placed,
so that no later version changes what a shopper was promised.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from shop.errors import PolicyError
from shop.rights.policy import Policy

_SHOP = Path(__file__).resolve().parent.parent
POLICY_FILE = _SHOP / "policy.yml"
POLICY_SETS = {"default": POLICY_FILE, "international": _SHOP / "policy.international.yml"}
# What holds for every version: who the shop is, and which days are holidays.
_NEVER_CHANGES = ("calendar", "law", "timezone", "changes")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PolicyBook:
    """The versions of a shop's rules, oldest first.

    A version with ``effective_until`` is in force to the end of that day; then what was before it
    is again. Before the first version begins, the first one holds.
    """

    versions: tuple[Policy, ...]

    def at(self, moment: datetime) -> Policy:
        """Give the rules in force at a moment.

        Raises:
            ValueError: the moment has no time zone.
        """
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        day = moment.astimezone(self.versions[0].zone).date()
        begun = [policy for policy in self.versions if policy.effective_from <= day]
        in_force = [policy for policy in begun if (policy.effective_until or date.max) >= day]
        return in_force[-1] if in_force else self.versions[0]

    def current(self, now: datetime) -> Policy:
        """Give the rules in force now: for an order placed now, and for questions about the rules.

        Raises:
            ValueError: ``now`` has no time zone.
        """
        return self.at(now)


class PolicySource:
    """A policy file that is read again when it has changed.

    A new file that cannot be used is logged once as ``policy_rejected``; the last good one stays.
    """

    def __init__(self, name_or_path: str | Path = "default") -> None:
        """Read the file.

        Raises:
            PolicyError: as for ``load_policies``.
        """
        self._path = policy_path(name_or_path)
        self._seen = self._look()
        self._book = load_policies(self._path)

    def book(self) -> PolicyBook:
        """Give the rules as the file has them now."""
        seen = self._look()
        if seen != self._seen:
            self._seen = seen
            try:
                self._book = load_policies(self._path)
            except PolicyError as error:
                logger.error("policy_rejected error=%s", error)
            else:
                logger.info("policy_loaded versions=%d", len(self._book.versions))
        return self._book

    def _look(self) -> tuple[int, int] | None:
        try:
            state = self._path.stat()
        except OSError:
            return None
        return state.st_mtime_ns, state.st_size


def policy_path(name_or_path: str | Path) -> Path:
    """Find the file of a policy set that comes along (``POLICY_SETS``), or of the shop's own."""
    return POLICY_SETS.get(str(name_or_path), Path(name_or_path))


def load_policies(name_or_path: str | Path = "default") -> PolicyBook:
    """Read a shop's rules: ``default``, ``international``, or a path.

    Raises:
        PolicyError: the file is missing or not YAML; a key is missing, unknown or of the wrong
            kind; versions overlap or are out of order; something is below the law that the file
            names. The message names the file and every such key.
    """
    path = policy_path(name_or_path)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise PolicyError(f"{path}: cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise PolicyError(f"{path}: should hold sections such as 'returns:'")
    changes = content.pop("changes", None) or []
    if not isinstance(changes, list):
        raise PolicyError(f"{path}: changes: should be a list of versions")
    if "effective_until" in content:
        raise PolicyError(f"{path}: effective_until: the first version has no end")
    versions = [_parse(content, path, "")]
    for number, change in enumerate(changes):
        where = f"changes.{number}."
        content, policy = _change(content, change, versions, path, where)
        versions.append(policy)
    return PolicyBook(tuple(versions))


def load_policy(path: Path = POLICY_FILE) -> Policy:
    """Read the newest lasting rules of a file, whether they are in force yet or not.

    Raises:
        PolicyError: as for ``load_policies``.
    """
    lasting = [each for each in load_policies(path).versions if each.effective_until is None]
    return lasting[-1]


def _change(
    base: dict[str, Any], change: object, before: list[Policy], path: Path, where: str
) -> tuple[dict[str, Any], Policy]:
    """Give what the next change builds on, and the rules after this one."""
    if not isinstance(change, dict):
        raise PolicyError(f"{path}: {where[:-1]}: should hold version, effective_from and sections")
    for key in ("version", "effective_from"):
        if key not in change:
            raise PolicyError(f"{path}: {where}{key}: field required")
    for key in _NEVER_CHANGES:
        if key in change:
            raise PolicyError(f"{path}: {where}{key}: is the same for every version")
    merged = _merge(base, change)
    policy = _parse(merged, path, where)
    _check_order(before, policy, path, where)
    return (base if policy.effective_until else merged), policy


def _check_order(before: list[Policy], policy: Policy, path: Path, where: str) -> None:
    if policy.effective_until and policy.effective_until < policy.effective_from:
        raise PolicyError(f"{path}: {where}effective_until: is before effective_from")
    last = before[-1]
    free_from = (last.effective_until or last.effective_from) + timedelta(days=1)
    if policy.effective_from < free_from:
        raise PolicyError(
            f"{path}: {where}effective_from: overlaps with version {last.version},"
            f" the next may begin on {free_from}"
        )
    if policy.version in {each.version for each in before}:
        raise PolicyError(f"{path}: {where}version: {policy.version} is there already")


def _parse(content: dict[str, Any], path: Path, where: str) -> Policy:
    try:
        return Policy.parse_obj(content)
    except ValidationError as error:
        complaints = [
            f"{where}{'.'.join(map(str, item['loc']))}: {item['msg']}".replace("__root__: ", "")
            for item in error.errors()
        ]
        raise PolicyError(f"{path}: {'; '.join(complaints)}") from error


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        merged[key] = _merge(old, value) if both else value  # type: ignore[arg-type]
    return merged
