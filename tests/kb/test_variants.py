"""Question variants: read with their places, refused with them, joined to their articles."""

from pathlib import Path
from typing import Callable, List, Tuple, Union

import pytest

from knowledge_base.article import Article
from knowledge_base.errors import VariantsError
from knowledge_base.variants import load_variants, with_variants

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes `<language>/<name>.yml` into a folder; returns the folder."""

    def written(content: Union[str, bytes], name: str = "gifts", language: str = "zh") -> Path:
        path = tmp_path / language / f"{name}.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return tmp_path

    return written


def test_each_variant_is_read_with_its_file_and_line(write: Write) -> None:
    write("gift-wrap:\n- 能写张卡片吗\n\n- 可以加蝴蝶结么\n")
    folder = write("# Collected in autumn.\ngift-wrap:\n- do you do ribbons\n", language="en")
    zh, en = folder / "zh" / "gifts.yml", folder / "en" / "gifts.yml"
    assert load_variants(folder) == {
        ("zh", "gift-wrap"): [("能写张卡片吗", f"{zh}:2"), ("可以加蝴蝶结么", f"{zh}:4")],
        ("en", "gift-wrap"): [("do you do ribbons", f"{en}:3")],
    }


def test_an_article_has_the_variants_of_all_files_in_the_order_of_their_names(
    write: Write,
) -> None:
    write("gift-wrap: [后来的]", name="z-more")
    folder = write("gift-wrap: [先来的]", name="a-first")
    assert [question for question, _ in load_variants(folder)["zh", "gift-wrap"]] == [
        "先来的",
        "后来的",
    ]


@pytest.mark.parametrize("content", ["", "# nothing yet\n", "gift-wrap: []\n"])
def test_an_empty_file_has_no_variants(write: Write, content: str) -> None:
    assert load_variants(write(content)) == {}


def test_no_folder_means_no_variants(tmp_path: Path) -> None:
    assert load_variants(tmp_path / "nowhere") == {}


def test_a_byte_order_mark_is_no_part_of_an_article_s_name(write: Write) -> None:
    found = load_variants(write("\ufeffgift-wrap: [能包装吗]"))
    assert list(found) == [("zh", "gift-wrap")]


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("# 说明\n- 能包装吗\n", 2, "not 'article: list of questions' lines"),
        ("do you wrap gifts", 1, "not 'article: list of questions' lines"),
        ("gift-wrap:\n- 能包装吗\ntea-storage: 怎么放\n", 3, "tea-storage has no list"),
        ("gift-wrap:\n  zh: [能包装吗]\n", 2, "gift-wrap has no list"),
        ("gift-wrap:\n- 能包装吗\n-\n", 3, "not one line of text"),
        ("gift-wrap:\n- can you wrap it\n- '  '\n", 3, "not one line of text"),
        ("gift-wrap:\n- 能包装吗\n- 请问: 能包装吗\n", 3, "quote it if it has a colon"),
        ("gift-wrap:\n- 'can you wrap it\n", 3, "not valid YAML"),
    ],
)
def test_what_is_no_list_of_questions_is_refused_with_file_and_line(
    write: Write, content: str, line: int, reason: str
) -> None:
    folder = write(content)
    with pytest.raises(VariantsError) as refused:
        load_variants(folder)
    said = str(refused.value)
    assert said.startswith(f"{folder / 'zh' / 'gifts.yml'}:{line}: ") and reason in said


def test_a_file_that_is_not_utf_8_is_refused_by_name(write: Write) -> None:
    folder = write("gift-wrap: [能包装吗]".encode("gb18030"))
    with pytest.raises(VariantsError) as refused:
        load_variants(folder)
    assert str(refused.value) == f"{folder / 'zh' / 'gifts.yml'}: not UTF-8 text"


def test_variants_follow_an_article_s_own_questions_each_question_once(
    articles: List[Article], article: Article
) -> None:
    own = article.questions
    further = ["能写张卡片吗", own[1], "可以加蝴蝶结么", "能写张卡片吗"]
    joined = with_variants(articles, {("zh", article.id): placed(further)})
    assert joined[0].questions == (*own, "能写张卡片吗", "可以加蝴蝶结么")
    assert joined[1:] == articles[1:]


def test_variants_belong_to_the_article_of_their_language(articles: List[Article]) -> None:
    joined = with_variants(articles, {("en", "gift-wrap"): placed(["do you do ribbons"])})
    changed = [one for one, before in zip(joined, articles) if one != before]
    assert [(one.language, one.id) for one in changed] == [("en", "gift-wrap")]


@pytest.mark.parametrize(("language", "name"), [("zh", "gift-warp"), ("en", "engraving")])
def test_variants_of_an_unknown_article_are_refused_with_file_and_line(
    articles: List[Article], language: str, name: str
) -> None:
    with pytest.raises(VariantsError) as refused:
        with_variants(articles, {(language, name): [("能刻字吗", "gifts.yml:7")]})
    assert str(refused.value) == f"gifts.yml:7: there is no article '{name}' in {language}"


def placed(questions: List[str]) -> List[Tuple[str, str]]:
    return [(question, f"gifts.yml:{line}") for line, question in enumerate(questions, start=2)]
