"""The replay gate: a new index is asked what the one in use was asked."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple

import pytest

from knowledge_base.answerer import Answered, Answerer, Candidate, NotAnswered, Unsure
from knowledge_base.build import build, ensure_built
from knowledge_base.gate import replay_questions
from knowledge_base.journal import AskedQuestion, Journal
from knowledge_base.replay import Change, Question, recent_questions, replay
from knowledge_base.replay_report import read_report
from knowledge_base.settings import Settings
from knowledge_base.sources import read_sources
from knowledge_base.store import current_digest, withdrawn

NewSettings = Callable[..., Settings]
Commands = Callable[..., int]

FROZEN = {
    "zh": [
        ("送女朋友的，能包好看一點嗎", "gift-wrap"),
        ("绿茶买回家搁哪儿好", "tea-storage"),
        ("我自己过去店里取货可以吧", "store-pickup"),
        ("后天会不会下雪", None),
    ],
    "en": [
        ("it's a present, please wrap it nicely", "gift-wrap"),
        ("where should I keep green tea", "tea-storage"),
        ("may I collect it in the shop", "store-pickup"),
        ("will it snow on Friday", None),
    ],
}


def quiet(_: str) -> None:
    """What is said does not matter here."""


class Scripted(Answerer):
    """Says what it was told to: an article's id answers, a list of them is offered."""

    def __init__(self, script: Dict[str, Any], articles: str = "a b c") -> None:
        self._script = script
        self._served = articles.split()

    def answer(self, text: str, language: str, **_: Any) -> Any:
        said = self._script.get(text)
        if isinstance(said, list):
            return Unsure(0.5, tuple(Candidate(each, each.upper(), 0.5, "en") for each in said))
        if said:
            return Answered(said, said.upper(), "…", date.min, language, 0.9, ())
        return NotAnswered(0.1, ())

    def article(self, article_id: str, language: str) -> Any:
        served = article_id in self._served
        return Answered(article_id, "", "", date.min, language, 1.0, ()) if served else None


def changes(
    before: Dict[str, Any], after: Dict[str, Any], *questions: Question
) -> List[Tuple[str, str]]:
    rows = replay(questions, Scripted(before), Scripted(after)).rows
    return [(row.question.text, row.change.value) for row in rows]


@pytest.mark.parametrize(
    ("known", "before", "after", "change"),
    [
        ({"right": "a"}, "a", "a", Change.SAME),
        ({"right": "a"}, None, "a", Change.BETTER),
        ({"right": "a"}, "b", ["b", "a"], Change.BETTER),
        ({"right": "a"}, ["b", "a"], "a", Change.BETTER),
        ({"right": "a"}, "a", ["a", "b"], Change.WORSE),
        ({"right": "a"}, "a", None, Change.WORSE),
        ({"right": "a"}, "b", None, Change.SAME),
        ({"right": "z"}, "a", "b", Change.GONE),
        ({"wrong": "a"}, "a", "b", Change.BETTER),
        ({"wrong": "a"}, "a", None, Change.BETTER),
        ({"wrong": "a"}, "b", "a", Change.WORSE),
        ({}, "a", None, Change.BETTER),
        ({}, None, ["a"], Change.WORSE),
        ({}, ["a"], "a", Change.WORSE),
    ],
)
def test_what_is_known_tells_better_from_worse(
    known: Dict[str, str], before: Any, after: Any, change: Change
) -> None:
    asked = Question("q", "zh", known=True, **known)
    assert changes({"q": before}, {"q": after}, asked) == [("q", change.value)]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (None, "a", Change.ANSWERS_NOW),
        ("a", "b", Change.CHANGED),
        ("a", None, Change.CHANGED),
        (None, ["a"], Change.CHANGED),
        (["a", "b"], ["b", "c"], Change.SAME),
    ],
)
def test_what_is_not_known_is_compared_only(before: Any, after: Any, change: Change) -> None:
    asked = Question("q", "en", known=False, asked_at="2026-11-20T09:00:00")
    replayed = replay([asked], Scripted({"q": before}), Scripted({"q": after}))
    assert [row.change for row in replayed.rows] == [change]
    assert replayed.worse == ""


def series(count: int, wrong: int, **said: Any) -> Tuple[List[Question], Dict[str, Any]]:
    """So many questions for an article, and a script that answers some of them wrongly."""
    asked = [Question(f"q{n}", "zh", known=True, right="a", **said) for n in range(count)]
    return asked, {q.text: "b" if n < wrong else "a" for n, q in enumerate(asked)}


@pytest.mark.parametrize(
    ("count", "wrong", "is_worse"),
    [(300, 3, False), (300, 4, True), (19, 1, False), (19, 2, True), (20, 1, True), (0, 0, False)],
)
@pytest.mark.parametrize("asked_at", ["", "2026-11-20T09:00:00"])
def test_a_point_may_be_lost_and_of_few_questions_one(
    count: int, wrong: int, is_worse: bool, asked_at: str
) -> None:
    asked, before = series(count, 0, asked_at=asked_at)
    replayed = replay(asked, Scripted(before), Scripted(series(count, wrong)[1]))
    assert bool(replayed.worse) is is_worse
    assert ("recent" if asked_at else "frozen") in replayed.worse or not is_worse


def test_questions_without_their_article_do_not_count() -> None:
    asked, before = series(100, 0)
    replayed = replay(asked, Scripted(before), Scripted({}, articles="b c"))
    assert (replayed.worse, replayed.frozen.known) == ("", 0)
    assert {row.change for row in replayed.rows} == {Change.GONE}


@dataclass(frozen=True)
class Asked:
    """A row of the journal."""

    text: str
    outcome: str = "answered"
    article: Optional[str] = "a"
    vote: Optional[str] = None
    corrected_article: Optional[str] = None
    asked_at: str = "2026-11-20T09:00:00"
    language: str = "zh"


@pytest.mark.parametrize(
    ("row", "right", "wrong"),
    [
        (Asked("q", vote="up"), "a", None),
        (Asked("q", vote="down"), None, "a"),
        (Asked("q", outcome="chosen"), "a", None),
        (Asked("q", outcome="chosen", vote="down"), None, "a"),
        (Asked("q", vote="up", corrected_article="b"), "b", None),
        (Asked("q", outcome="unanswered", article=None, corrected_article="b"), "b", None),
        (Asked("q"), None, None),
        (Asked("q", outcome="offered", article=None), None, None),
    ],
)
def test_a_shoppers_question_has_the_truth_that_people_gave_it(
    row: Asked, right: Optional[str], wrong: Optional[str]
) -> None:
    (question,) = recent_questions([row])
    assert (question.right, question.wrong) == (right, wrong)
    assert question.known is (right is not None or wrong is not None)


def test_a_wording_is_asked_once_and_the_latest_word_on_it_counts() -> None:
    rows = [
        Asked("怎么包装", vote="up", asked_at="2026-11-18"),
        Asked("怎么包装 ", vote="down", asked_at="2026-11-19"),
        Asked("怎么包装", asked_at="2026-11-20"),
        Asked("gift box", language="en", asked_at="2026-11-21"),
    ]
    questions = recent_questions(rows)
    assert [(q.text, q.wrong, q.asked_at) for q in questions] == [
        ("怎么包装 ", "a", "2026-11-19"),
        ("gift box", None, "2026-11-21"),
    ]


def freeze(settings: Settings, rows: Dict[str, List[Tuple[str, Optional[str]]]]) -> None:
    settings.frozen_dir.mkdir(exist_ok=True)
    for language, questions in rows.items():
        lines = [
            json.dumps({"text": text, "article": article}, ensure_ascii=False) + "\n"
            for text, article in questions
        ]
        (settings.frozen_dir / f"{language}.jsonl").write_text("".join(lines), "utf-8")


def swap_wrapping_and_tea(settings: Settings) -> None:
    """Somebody mixes up two ids, in both languages: their questions find the other article."""
    for language in ("zh", "en"):
        first, second = (
            settings.articles_dir / language / f"{name}.md" for name in ("gift-wrap", "tea-storage")
        )
        wrap, tea = first.read_text("utf-8"), second.read_text("utf-8")
        first.write_text(tea.replace("id: tea-storage", "id: gift-wrap"), "utf-8")
        second.write_text(wrap.replace("id: gift-wrap", "id: tea-storage"), "utf-8")


@pytest.fixture
def in_use(shop_settings: NewSettings) -> Tuple[Settings, str]:
    """A shop with frozen questions, built once."""
    settings = shop_settings()
    freeze(settings, FROZEN)
    return settings, ensure_built(settings, say=quiet)


def test_the_first_build_has_nothing_to_be_compared_with(
    in_use: Tuple[Settings, str], commands: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands(in_use[0], "replay") == 0
    assert capsys.readouterr().out == "no build has replaced another one yet\n"


def test_a_build_that_answers_worse_is_tried_refused_and_forced(
    in_use: Tuple[Settings, str], commands: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, first = in_use
    root = settings.index_root
    swap_wrapping_and_tea(settings)

    assert commands(settings, "build", "--dry-run") == 0
    assert "would be refused: frozen questions" in capsys.readouterr().err
    assert (current_digest(root), withdrawn(root)) == (first, set())

    assert commands(settings, "build") == 0
    said = capsys.readouterr().err
    assert f"refused, {first} stays in use: frozen questions" in said
    assert current_digest(root) == first
    assert read_sources(settings).digest in withdrawn(root)
    # What is said while building goes into logs, where no question belongs.
    assert FROZEN["zh"][0][0] not in said and "包装" not in said

    assert commands(settings, "replay") == 0
    shown = capsys.readouterr().out
    assert "refused: frozen questions" in shown
    assert "worse (" in shown and FROZEN["zh"][0][0] in shown
    assert "Keeping tea fresh [tea-storage] → Keeping tea fresh [gift-wrap]" in shown

    assert commands(settings, "build", "--force") == 0
    second = current_digest(root)
    assert second == read_sources(settings).digest
    assert withdrawn(root) == set()
    report = json.loads((root / second / "replay.json").read_text("utf-8"))
    assert (report["before"], report["after"], report["became"]) == (first, second, "published")
    assert report == read_report(root)


def test_a_build_that_answers_as_well_is_published_with_its_report(
    in_use: Tuple[Settings, str],
) -> None:
    settings, first = in_use
    path = settings.articles_dir / "zh" / "gift-wrap.md"
    path.write_text(path.read_text("utf-8").replace("5元", "6元"), "utf-8")
    said: List[str] = []
    second = ensure_built(settings, say=said.append)
    assert second != first
    assert any("8 questions asked of both" in line for line in said)
    report = json.loads((settings.index_root / second / "replay.json").read_text("utf-8"))
    assert report["frozen"]["known"] == 8
    assert report["frozen"]["after"] >= 6


def test_an_article_that_is_deleted_takes_its_questions_along(
    in_use: Tuple[Settings, str], commands: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, first = in_use
    (settings.articles_dir / "zh" / "store-pickup.md").unlink()
    second = ensure_built(settings, say=quiet)
    assert second != first
    assert commands(settings, "replay") == 0
    shown = capsys.readouterr().out
    assert "no longer there (1)" in shown
    assert shown.index("no longer there") < shown.index("我自己过去店里取货可以吧")
    assert read_report(settings.index_root)["frozen"]["known"] == 7
    # And the next build is not stopped by them either.
    path = settings.articles_dir / "zh" / "gift-wrap.md"
    path.write_text(path.read_text("utf-8").replace("5元", "7元"), "utf-8")
    third = ensure_built(settings, say=quiet)
    assert third not in (first, second)
    report = read_report(settings.index_root)
    assert "no longer there" in {row["change"] for row in report["questions"]}


def test_what_shoppers_were_told_wrongly_holds_a_build_back(in_use: Tuple[Settings, str]) -> None:
    settings, first = in_use
    asked = [
        Asked(text, article=article, vote="up", language=language)
        for language, rows in FROZEN.items()
        for text, article in rows
        if article
    ]
    swap_wrapping_and_tea(settings)
    sources = read_sources(settings)
    said: List[str] = []
    build(sources, settings.index_root, say=said.append, questions=recent_questions(asked))
    assert said[-1].startswith(f"refused, {first} stays in use: recent questions")
    kept = (settings.index_root / "replay.json").read_text("utf-8")
    # The words can be erased where they are; a copy here would outlive them.
    assert not any(row.text in kept for row in asked)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('{"text": "包不包", "article": "gift-rap"}', r"there is no article 'gift-rap' in zh"),
        ('{"text": "包不包"}', "article: field required"),
        ('{"text": " ", "article": null}', "text is empty"),
        ('{"text": 5, "article": null}', "text: str type expected"),
        ('{"text": "x", "article": null, "id": 1}', "id: extra fields not permitted"),
        ("text: x", "not JSON"),
    ],
)
def test_a_bad_frozen_row_is_named_before_anything_is_built(
    shop_settings: NewSettings,
    commands: Commands,
    capsys: pytest.CaptureFixture[str],
    row: str,
    reason: str,
) -> None:
    settings = shop_settings()
    freeze(settings, FROZEN)
    path = settings.frozen_dir / "zh.jsonl"
    path.write_text(path.read_text("utf-8") + row + "\n", "utf-8")
    assert commands(settings, "build") == 2
    assert capsys.readouterr().err.startswith(f"error: {path}:5: {reason}")
    assert current_digest(settings.index_root) == ""


def test_a_damaged_report_is_none(in_use: Tuple[Settings, str], tmp_path: Path) -> None:
    assert read_report(tmp_path) == {}
    (tmp_path / "replay.json").write_text("{", "utf-8")
    assert read_report(tmp_path) == {}


def test_what_shoppers_asked_lately_is_asked_again(tmp_path: Path) -> None:
    settings = Settings().copy(update={"data_dir": tmp_path})
    journal = Journal(settings.journal_path)
    for days, text in ((20, "上个月问的"), (1, "能不能包起来送人")):
        at = datetime.now(timezone.utc) - timedelta(days=days)
        journal.record(AskedQuestion("c_1", text, at, "zh", text, "answered", "gift-wrap"))
    journal.vote("c_1", "gift-wrap", "up")
    journal.close()
    said: List[str] = []
    recent = [q for q in replay_questions(settings, [], said.append) if q.asked_at]
    assert [(q.text, q.known) for q in recent] == [("能不能包起来送人", True)]
    off = settings.copy(update={"replay_days": 0})
    assert not [q for q in replay_questions(off, [], said.append) if q.asked_at]
    assert said == []


def test_a_journal_that_cannot_be_read_stops_no_build(tmp_path: Path) -> None:
    settings = Settings().copy(update={"data_dir": tmp_path})
    settings.journal_path.parent.mkdir(parents=True, exist_ok=True)
    settings.journal_path.write_bytes(b"no database" * 1000)
    said: List[str] = []
    assert not [q for q in replay_questions(settings, [], said.append) if q.asked_at]
    assert len(said) == 1
