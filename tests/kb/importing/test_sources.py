"""Whatever a file is called and whatever is in it: a draft, a problem or a remark."""

from pathlib import Path
from typing import Any, Callable, List, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.importing import sources
from knowledge_base.importing.draft import Draft, Problem, Remark

WHOLE = (
    '标题,内容\n怎么退货,"七天\n内"\n'.encode(),
    "title;text\na;b".encode("utf-16"),
    b'{"title": "a", "text": "b"}\n',
    b"# T\n\n- a\n\n| a | b |\n|---|---|\n| c | d |",
    b"---\nid: a\ntitle: b\n---\nx",
    b"<html><body><h1>A</h1><p>b</p><h1>C</h1><ul><li>d</li></ul></body></html>",
)
Damage = st.lists(
    st.tuples(st.integers(0, 100), st.integers(0, 9), st.binary(max_size=4)), max_size=5
)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(WHOLE) | st.binary(max_size=60),
    Damage,
    st.sampled_from(sorted(sources.READERS)),
)
def test_no_damage_breaks_a_reader(
    whole: bytes, damage: List[Tuple[int, int, bytes]], suffix: str
) -> None:
    data = whole
    for position, cut, added in damage:
        data = data[:position] + added + data[position + cut :]
    found = list(sources.READERS[suffix](Path(f"in{suffix}"), data))
    assert all(isinstance(one, (Draft, Problem, Remark)) for one in found)


def test_a_file_that_is_far_too_large_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problems: Callable[..., List[Any]]
) -> None:
    monkeypatch.setattr(sources, "MOST_FILE_BYTES", 10)
    assert problems("in.csv", "title,text\nA,one\n") == ["in.csv: 17 bytes; a file may have 10"]


def test_json_that_is_nested_too_deeply_is_refused(problems: Callable[..., List[str]]) -> None:
    (problem,) = problems("in.jsonl", "[" * 100_000)
    assert problem.startswith("in.jsonl:1: not JSON")
