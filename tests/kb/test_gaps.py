"""What was asked in vain: found, counted, put together, and closed by a draft or a variant."""

import json
import unicodedata
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Callable, Iterator, List, Tuple

import pytest

from knowledge_base.__main__ import main
from knowledge_base.article import load_articles, parse_article
from knowledge_base.gap_files import PLACEHOLDERS
from knowledge_base.gaps import Gap, kinds_of, open_gaps
from knowledge_base.gaps_table import NOTHING, gaps_table
from knowledge_base.journal import AskedQuestion, Journal
from knowledge_base.settings import Settings
from knowledge_base.variants import load_variants

NOW = datetime.now(timezone.utc)
TODAY = NOW.date()


@pytest.fixture
def settings(built: Tuple[Settings, List[str]], tmp_path: Path) -> Iterator[Settings]:
    """The small shop, with folders of its own for what is written here."""
    changed = {"variants_dir": tmp_path / "questions", "drafts_dir": tmp_path / "drafts"}
    settings = built[0].copy(update=changed)
    yield settings
    for path in settings.index_root.glob("questions.db*"):
        path.unlink()


@pytest.fixture
def journal(settings: Settings) -> Iterator[Journal]:
    opened = Journal(settings.journal_path)
    yield opened
    opened.close()


@pytest.fixture
def ask(journal: Journal) -> Callable[..., AskedQuestion]:
    """Somebody's question, an hour ago, in a conversation of its own."""
    numbers = iter(range(1000))

    def keep(text: str, **known: Any) -> AskedQuestion:
        number = next(numbers)
        given = {
            "conversation": f"c_{number}",
            "message": f"m{number}",
            "asked_at": NOW - timedelta(hours=1, seconds=-number),
            "language": "zh",
            "outcome": "unanswered",
            **known,
        }
        question = AskedQuestion(text=text, **given)
        journal.record(question)
        return question

    return keep


@pytest.fixture
def gaps(settings: Settings, journal: Journal) -> Callable[..., List[Gap]]:
    return lambda **how: open_gaps(settings, journal, today=TODAY, **how)


@pytest.fixture
def command(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Tuple[int, str]]:
    """`python -m knowledge_base gaps …` on this shop: its exit code and what it says."""
    folders = {
        "DATA_DIR": settings.data_dir,
        "ARTICLES_DIR": settings.articles_dir,
        "VARIANTS_DIR": settings.variants_dir,
        "DRAFTS_DIR": settings.drafts_dir,
    }
    for name, folder in folders.items():
        monkeypatch.setenv(name, str(folder))

    def run(*arguments: str) -> Tuple[int, str]:
        code = main(["gaps", *arguments])
        said = capsys.readouterr()
        return code, said.out if code == 0 else said.err

    return run


@pytest.mark.parametrize(
    ("known", "kinds"),
    [
        ({"outcome": "unanswered"}, ["unanswered"]),
        ({"outcome": "offered"}, ["offered"]),
        ({"outcome": "chosen", "article": "x"}, []),
        ({"outcome": "answered", "article": "x"}, []),
        ({"outcome": "answered", "article": "x", "vote": "up"}, []),
        ({"outcome": "answered", "article": "x", "vote": "down"}, ["voted_down"]),
        ({"outcome": "chosen", "article": "x", "vote": "down"}, ["voted_down"]),
        ({"outcome": "unanswered", "correction_text": "y"}, ["unanswered", "corrected"]),
        (
            {"outcome": "answered", "article": "x", "vote": "down", "corrected_article": "y"},
            ["voted_down", "corrected"],
        ),
    ],
)
def test_in_which_ways_a_question_was_asked_in_vain(known: Any, kinds: List[str]) -> None:
    assert kinds_of(AskedQuestion("c_1", "m1", NOW, "zh", "能刻字吗", **known)) == kinds


def test_alike_questions_are_one_gap_and_the_commonest_is_first(ask: Any, gaps: Any) -> None:
    ask("门口可以停车吗")
    ask("能不能刻字", conversation="c_a")
    ask("能刻字吗", conversation="c_a")
    ask("可以刻字吗")
    ask("能刻字吗", language="en")
    ask("can you engrave it", language="en")
    ask("can you engrave my name", language="en", outcome="offered")
    ask("is there parking", language="en")
    ask("礼盒要另外收钱吗", outcome="answered", article="gift-wrap")
    found = gaps()
    zh = [gap for gap in found if gap.language == "zh"]
    assert [(gap.asked_by, sum(gap.kinds.values())) for gap in zh] == [(2, 3), (1, 1)]
    assert {zh[0].question, *zh[0].examples} == {"能不能刻字", "能刻字吗", "可以刻字吗"}
    together = {"can you engrave it", "can you engrave my name"}
    (en,) = [gap for gap in found if together == {gap.question, *gap.examples}]
    assert en.asked_by == 2 and en.kinds == {"unanswered": 1, "offered": 1}
    assert [gap.asked_by for gap in found] == sorted((g.asked_by for g in found), reverse=True)
    assert gaps(language="zh") == zh


def test_of_gaps_that_as_many_asked_for_the_latest_is_first(ask: Any, gaps: Any) -> None:
    ask("门口可以停车吗", asked_at=NOW - timedelta(days=3))
    ask("能不能刻字", asked_at=NOW - timedelta(days=1))
    ask("明天会下雨吗", asked_at=NOW - timedelta(days=2))
    assert [gap.question[:2] for gap in gaps()] == ["能不", "明天", "门口"]


def test_a_gap_keeps_its_id_when_others_ask_the_same(ask: Any, gaps: Any) -> None:
    ask("能刻字吗")
    (before,) = gaps()
    for _ in range(3):
        ask("可以刻字吗")
    (after,) = gaps()
    assert after.id == before.id and after.question == "可以刻字吗"


def test_a_gap_says_what_the_index_would_answer_now(ask: Any, gaps: Any) -> None:
    ask("礼盒要另外收钱吗", outcome="answered", article="tea-storage", vote="down")
    (gap,) = gaps()
    assert gap.nearest.id == "gift-wrap" and gap.now == "answered"


def test_what_agents_said_is_right_stands_beside_it(ask: Any, gaps: Any, journal: Journal) -> None:
    for article, text in ((None, "可以，每件加10元。"), ("gift-wrap", None), ("gift-wrap", None)):
        journal.correct(ask("能刻字吗"), article=article, text=text)
    (gap,) = gaps()
    assert gap.right_articles == {"gift-wrap": 2}
    assert gap.right_texts == ("可以，每件加10元。",)
    assert gap.kinds == {"unanswered": 3, "corrected": 3}


def test_only_the_last_days_count(ask: Any, gaps: Any) -> None:
    ask("能刻字吗", asked_at=NOW - timedelta(days=31))
    assert gaps() == [] and len(gaps(days=40)) == 1


def test_what_has_no_words_is_no_gap(ask: Any, gaps: Any) -> None:
    for text in ("？？？", "13987654321", "🙂", ""):
        ask(text)
    assert gaps() == []


def test_what_was_dismissed_does_not_come_back_when_others_ask_the_like(
    ask: Any, gaps: Any, command: Any
) -> None:
    ask("老板几岁了", asked_at=NOW - timedelta(days=50))
    ask("能刻字吗")
    code, said = command("--days", "60", "--dismiss", gaps(days=60)[1].id)
    assert (code, said) == (0, "dismissed: 老板几岁了\n")
    ask("你们老板几岁了")
    assert [gap.question for gap in gaps()] == ["能刻字吗"]


@pytest.mark.parametrize("arguments", [(), ("--days", "7", "--language", "zh")])
def test_without_gaps_the_command_says_so(command: Any, arguments: Tuple[str, ...]) -> None:
    assert command(*arguments) == (0, f"{NOTHING}\n")
    assert command(*arguments, "--json") == (0, "[]\n")


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def test_the_table_is_aligned_whatever_the_script(ask: Any, gaps: Any, command: Any) -> None:
    for _ in range(2):
        ask("门口可以停车吗？？")
    ask("can you engrave it", language="en")
    _, said = command()
    lines = said.splitlines()
    place = columns(lines[0][: lines[0].index("nearest")])
    for gap in gaps():
        (line,) = [each for each in lines if each.startswith(gap.id)]
        near = f"{gap.nearest.score:.2f} {gap.nearest.id}"
        assert columns(line[: line.index(near)]) == place
        assert gap.question in line and str(gap.asked_by) in line
    assert gaps_table(gaps()) == said.rstrip("\n")


def test_as_json_there_is_everything_but_the_rows(ask: Any, command: Any) -> None:
    for text in ("能刻字吗", "可以刻字吗", "能不能刻字"):
        ask(text)
    _, said = command("--json")
    (gap,) = json.loads(said)
    assert gap["asked_by"] == 3 and len(gap["examples"]) == 2
    assert gap["kinds"] == {"unanswered": 3}
    assert set(gap["nearest"]) == {"id", "title", "score", "language"} and "rows" not in gap


@pytest.mark.parametrize(
    ("language", "text", "correction", "body"),
    [
        ("zh", "订单XE20260001能刻字吗", "可以，每件加10元。", "可以，每件加10元。"),
        ("zh", "能刻字吗", None, PLACEHOLDERS["zh"]),
        ("en", "can you engrave it: yes or no?", None, PLACEHOLDERS["en"]),
    ],
)
def test_a_draft_is_an_article_to_be_finished_and_closes_the_gap(
    ask: Any,
    gaps: Any,
    journal: Journal,
    command: Any,
    settings: Settings,
    language: str,
    text: str,
    correction: str,
    body: str,
) -> None:
    question = ask(text, language=language)
    if correction:
        journal.correct(question, text=correction)
    code, said = command("--draft", gaps()[0].id, "--id", "engraving", "--topic", "products")
    path = settings.drafts_dir / language / "engraving.md"
    assert code == 0 and str(path) in said
    draft = parse_article(path.read_text("utf-8"), path)
    assert (draft.id, draft.topic, draft.language) == ("engraving", "products", language)
    assert draft.paragraphs == (body,) and draft.updated == date.today()
    assert draft.questions == (text.replace("XE20260001", " ").strip(),)
    assert gaps() == []
    # It is neither built nor served.
    assert "engraving" not in {article.id for article in load_articles(settings.articles_dir)}


def test_a_draft_has_the_topic_of_the_nearest_article(
    ask: Any, gaps: Any, command: Any, settings: Settings
) -> None:
    ask("礼盒怎么收钱")
    near = gaps()[0].nearest.id
    command("--draft", gaps()[0].id, "--id", "new-box")
    path = settings.drafts_dir / "zh" / "new-box.md"
    topics = {article.id: article.topic for article in load_articles(settings.articles_dir)}
    assert parse_article(path.read_text("utf-8"), path).topic == topics[near]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--draft", "nobody", "--id", "engraving"), "there is no gap 'nobody'"),
        (("--draft", "GAP", "--id", "gift-wrap"), "there is an article 'gift-wrap' in zh already"),
        (("--draft", "GAP", "--id", "Not An Id"), "is not like 'return-window'"),
        (("--draft", "GAP", "--id", "../../up"), "is not like 'return-window'"),
        (("--draft", "GAP", "--id", "engraving", "--topic", "A B"), "topic 'A B' is not like"),
        (("--draft", "GAP"), "--draft and --id go together"),
        (("--id", "engraving"), "--draft and --id go together"),
        (("--variant", "GAP", "engraving"), "there is no article 'engraving' in zh"),
        (("--variant", "nobody", "gift-wrap"), "there is no gap 'nobody'"),
        (("--dismiss", "nobody"), "there is no gap 'nobody'"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_the_gap(
    ask: Any, gaps: Any, command: Any, settings: Settings, arguments: Any, reason: str
) -> None:
    ask("能刻字吗")
    gap = gaps()[0].id
    code, said = command(*(gap if word == "GAP" else word for word in arguments))
    assert code == 2 and said.startswith("error: ") and reason in said
    assert [left.id for left in gaps()] == [gap]
    assert not settings.drafts_dir.exists() and not settings.variants_dir.exists()


def test_a_draft_that_is_there_is_not_written_over(
    ask: Any, gaps: Any, command: Any, settings: Settings
) -> None:
    path = settings.drafts_dir / "zh" / "engraving.md"
    path.parent.mkdir(parents=True)
    path.write_text("half written", "utf-8")
    ask("能刻字吗")
    code, said = command("--draft", gaps()[0].id, "--id", "engraving")
    assert code == 2 and "exists already" in said
    assert path.read_text("utf-8") == "half written" and len(gaps()) == 1


FILES = {
    "in the middle": (
        "# 包装\ngift-wrap:\n- 包一下  # 常问\n- '有: 冒号'\n\n# 茶\ntea-storage:\n- 茶放哪\n",
        "# 包装\ngift-wrap:\n- 包一下  # 常问\n- '有: 冒号'\n- 能刻字吗\n\n# 茶\ntea-storage:\n"
        "- 茶放哪\n",
    ),
    "at the end": (
        "tea-storage:\n- 茶放哪\ngift-wrap:\n  - 包一下",
        "tea-storage:\n- 茶放哪\ngift-wrap:\n  - 包一下\n  - 能刻字吗\n",
    ),
    "not yet": (
        "tea-storage:\n- 茶放哪\n",
        "tea-storage:\n- 茶放哪\ngift-wrap:\n- 能刻字吗\n",
    ),
}


@pytest.mark.parametrize("where", FILES)
def test_variants_go_behind_those_of_the_article_and_nothing_else_changes(
    ask: Any, gaps: Any, command: Any, settings: Settings, where: str
) -> None:
    before, after = FILES[where]
    path = settings.variants_dir / "zh" / "gifts.yml"
    path.parent.mkdir(parents=True)
    path.write_text(before, "utf-8")
    ask("能刻字吗")
    code, said = command("--variant", gaps()[0].id, "gift-wrap")
    assert code == 0 and said.startswith(f"{path}: 1 more way(s)")
    assert path.read_text("utf-8") == after
    questions = [text for text, _ in load_variants(settings.variants_dir)["zh", "gift-wrap"]]
    assert questions[-1] == "能刻字吗"
    assert gaps() == []


def test_variants_begin_a_file_and_are_quoted_where_they_must_be(
    ask: Any, gaps: Any, command: Any, settings: Settings
) -> None:
    for text in ("engrave: is it possible?", "- engrave it, is it possible", "engrave it possible"):
        ask(text, language="en")
    assert command("--variant", gaps()[0].id, "gift-wrap")[0] == 0
    found = load_variants(settings.variants_dir)["en", "gift-wrap"]
    assert {text for text, _ in found} == {
        "engrave: is it possible?",
        "- engrave it, is it possible",
        "engrave it possible",
    }
    assert found[0][1].startswith(str(settings.variants_dir / "en" / "gifts.yml"))


def test_what_an_article_has_already_is_not_added_again(
    ask: Any, gaps: Any, command: Any, settings: Settings
) -> None:
    ask("茶叶要放冰箱吗", vote="down", outcome="answered", article="gift-wrap")
    code, said = command("--variant", gaps()[0].id, "tea-storage")
    assert code == 0 and "0 more way(s)" in said
    assert not settings.variants_dir.exists() and gaps() == []


def test_a_list_on_one_line_is_left_to_whoever_wrote_it(
    ask: Any, gaps: Any, command: Any, settings: Settings
) -> None:
    path = settings.variants_dir / "zh" / "gifts.yml"
    path.parent.mkdir(parents=True)
    path.write_text("gift-wrap: [包一下, 包起来]\n", "utf-8")
    ask("能刻字吗")
    code, said = command("--variant", gaps()[0].id, "gift-wrap")
    assert code == 2 and f"{path}:1: " in said and len(gaps()) == 1


def test_a_journal_that_cannot_be_opened_is_an_error(
    settings: Settings, command: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "knowledge").write_text("no folder")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    code, said = command()
    assert code == 2 and "questions.db" in said
