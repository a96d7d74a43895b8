"""Versions of the rules: what was in force when, and a file that changes while the shop is open."""

import logging
import os
from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from shop.errors import PolicyError
from shop.rights.policy_book import POLICY_FILE, PolicySource, load_policies

LATER = """changes:
  - version: 2026-12-01
    effective_from: 2026-12-01
    returns: {no_reason_days: 15}
  - version: 2026-12-15
    effective_from: 2027-01-20
    effective_until: 2027-02-20
    exchanges: {days: 30}
  - version: 2027-03-01
    effective_from: 2027-03-01
    returns: {quality_days: 60}
"""


def _file(folder: Path, changes: str) -> Path:
    text = POLICY_FILE.read_text(encoding="utf-8")
    assert "changes: []\n" in text
    path = folder / "policy.yml"
    path.write_text(text.replace("changes: []\n", changes), encoding="utf-8")
    return path


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("moment", "no_reason", "exchange", "quality"),
    [
        ("2025-06-01T12:00", 7, 15, 30),  # before the first version: the first
        ("2026-11-30T23:59", 7, 15, 30),
        ("2026-12-01T00:00", 15, 15, 30),
        ("2027-01-20T00:00", 15, 30, 30),
        ("2027-02-20T23:59", 15, 30, 30),
        ("2027-02-21T00:00", 15, 15, 30),  # the campaign is over: the one before it
        ("2027-03-01T00:00", 15, 15, 60),  # builds on the lasting one, not on the campaign
    ],
)
def test_the_rules_in_force_are_those_of_the_day(tmp_path, moment, no_reason, exchange, quality):
    policy = load_policies(_file(tmp_path, LATER)).at(_at(moment))
    found = (policy.returns.no_reason_days, policy.exchanges.days, policy.returns.quality_days)
    assert found == (no_reason, exchange, quality)


def test_a_moment_needs_a_time_zone():
    with pytest.raises(ValueError, match="time zone"):
        load_policies().at(datetime(2026, 11, 1))


def _change(**keys: str) -> str:
    change = {"version": "2026-12-01", "effective_from": "2026-12-01", **keys}
    lines = [f"    {key}: {value}" for key, value in change.items() if value]
    return "changes:\n  -" + "\n".join(lines)[3:] + "\n"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        (_change(effective_from="2025-12-31"), "changes.0.effective_from: overlaps"),
        (_change(effective_from="2026-01-01"), "changes.0.effective_from: overlaps"),
        (_change(effective_until="2026-11-01"), "changes.0.effective_until: is before"),
        (_change(version="2026-11-01"), "changes.0.version: 2026-11-01 is there already"),
        (_change(version=""), "changes.0.version: field required"),
        (_change(effective_from=""), "changes.0.effective_from: field required"),
        (_change(calendar="{weekend: [7]}"), "changes.0.calendar: is the same for every version"),
        (_change(law="none"), "changes.0.law: is the same"),
        (_change(returns="{no_reason_dayz: 9}"), "changes.0.returns.no_reason_dayz: extra"),
        (_change(returns="{no_reason_days: 6}"), "returns.no_reason_days: the law grants 7 days"),
        (
            LATER.replace("2027-03-01\n    returns", "2027-02-20\n    returns"),
            "changes.2.effective_from: overlaps with version 2026-12-15",
        ),
        ("changes: soon\n", "changes: should be a list"),
        ("changes: [soon]\n", "changes.0: should hold"),
        ("effective_until: 2027-01-01\n", "effective_until: the first version has no end"),
    ],
)
def test_a_mistake_in_a_version_names_the_file_and_the_key(tmp_path, changes, complaint):
    path = _file(tmp_path, changes)
    with pytest.raises(PolicyError) as caught:
        load_policies(path)
    assert str(path) in str(caught.value)
    assert complaint in str(caught.value)


def test_the_two_sets_that_come_along_can_be_named():
    assert load_policies("default").versions[0].returns.no_reason_days == 7
    assert load_policies("international").versions[0].returns.no_reason_days == 30


def _touch(path: Path) -> None:
    # A later time of change, whatever the file system's clock can tell apart.
    state = path.stat()
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns + 1_000_000_000))


def test_a_changed_file_is_read_again_and_an_unchanged_one_is_not(tmp_path):
    path = _file(tmp_path, "changes: []\n")
    source = PolicySource(path)
    first = source.book()
    assert source.book() is first
    _file(tmp_path, LATER)
    _touch(path)
    assert [policy.version for policy in source.book().versions][-1] == date(2027, 3, 1)


@pytest.mark.parametrize("broken", ["changes: soon\n", "version: [\n"])
def test_a_broken_new_file_keeps_the_old_rules_and_says_so_once(tmp_path, caplog, broken):
    path = _file(tmp_path, "changes: []\n")
    source = PolicySource(path)
    first = source.book()
    _file(tmp_path, broken)
    _touch(path)
    with caplog.at_level(logging.INFO):
        assert source.book() is first
        assert source.book() is first
    assert [record.message.split()[0] for record in caplog.records] == ["policy_rejected"]
    _file(tmp_path, LATER)
    _touch(path)
    _touch(path)
    assert len(source.book().versions) == 4


def test_a_file_that_vanishes_keeps_the_old_rules(tmp_path):
    path = _file(tmp_path, "changes: []\n")
    source = PolicySource(path)
    first = source.book()
    path.unlink()
    assert source.book() is first


def test_an_order_placed_at_night_in_london_has_the_rules_of_the_day_in_shanghai(tmp_path):
    book = load_policies(_file(tmp_path, LATER))
    moment = datetime(2026, 11, 30, 16, 30, tzinfo=timezone.utc)
    assert book.at(moment).version == date(2026, 12, 1)
