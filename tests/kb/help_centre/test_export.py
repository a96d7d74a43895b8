"""The pages in a folder of the shop's own."""

import pytest

from knowledge_base.__main__ import main
from knowledge_base.errors import ExportRefused
from knowledge_base.help_centre.export import export_pages


def test_a_page_that_is_gone_is_taken_away_and_the_shops_own_files_stay(tmp_path, article, today):
    folder = tmp_path / "help"
    export_pages(folder, [article("one"), article("two")], today=today)
    own = folder / "zh" / "robots.txt"
    own.write_text("mine")
    export_pages(folder, [article("one")], today=today)
    assert (folder / "zh" / "one.html").is_file() and own.is_file()
    assert not (folder / "zh" / "two.html").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path, article, today):
    (tmp_path / "index.html").write_text("the shop's own")
    with pytest.raises(ExportRefused):
        export_pages(tmp_path, [article()], today=today)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_a_place_that_cannot_be_written_to_is_said_so(tmp_path, article, today):
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportRefused):
        export_pages(tmp_path / "file" / "help", [article()], today=today)


def test_the_command_writes_the_pages_of_the_settings(
    shop_settings, tmp_path, monkeypatch: pytest.MonkeyPatch
):
    settings = shop_settings()
    monkeypatch.setenv("ARTICLES_DIR", str(settings.articles_dir))
    monkeypatch.setenv("VARIANTS_DIR", str(settings.variants_dir))
    monkeypatch.setenv("EXAMPLES_DIR", str(settings.examples_dir))
    chat = "https://shop.example/chat"
    assert main(["pages", "--out", str(tmp_path / "out"), "--chat", chat]) == 0
    assert chat in (tmp_path / "out" / "en" / "gift-wrap.html").read_text("utf-8")
