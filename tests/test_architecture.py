"""The promises that the layout makes: import arrows, topics, wording, settings, commands."""

import ast
import re
import subprocess
from pathlib import Path
from typing import Any, Dict, Iterator, Set

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]

# package -> what it may not import (see ARCHITECTURE.md)
FORBIDDEN = {
    "bot/channels": {"bot.desk", "bot.nlu", "actions", "shop", "rasa", "knowledge_base"},
    "bot/conversation": {
        "bot.channels",
        "bot.desk",
        "bot.nlu",
        "actions",
        "knowledge_base",
        "shop",
    },
    "bot/desk": {"bot.channels", "bot.nlu", "actions", "rasa", "knowledge_base"},
    "bot/assistant": {
        "bot.channels",
        "bot.conversation",
        "bot.desk",
        "actions",
        "knowledge_base",
        "shop",
    },
    "bot/nlu": {
        "bot.channels",
        "bot.conversation",
        "bot.desk",
        "bot.storage",
        "actions",
        "shop",
        "knowledge_base",
    },
    "bot/evaluation": {"bot.channels", "actions", "knowledge_base", "bench"},
    "bot/storage": {"bot.channels", "bot.conversation", "bot.desk", "bot.nlu", "actions", "shop"},
    "actions": {"rasa", "bot", "redis", "fastapi", "knowledge_base"},
    "shop": {"rasa", "rasa_sdk", "bot", "actions", "knowledge_base"},
    "knowledge_base": {"rasa", "rasa_sdk", "bot", "actions", "shop"},
    "bench": {"rasa", "rasa_sdk", "bot.evaluation"},
}
# Rasa's side of the wire, its store, and what measures them.
RASA_END = ("bot/nlu/", "bot/assistant/", "bot/storage/tracker_store.py", "bot/evaluation/")
MEASURING = ("bench", "bot.evaluation")


def tracked(*patterns: str) -> "list[Path]":
    """Files of the project; in a checkout without git, all of them."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_follow_the_arrows(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / package).rglob("*.py")
        for name in imports(path)
        for forbidden in FORBIDDEN[package]
        if name == forbidden or name.startswith(forbidden + ".")
    ]
    assert wrong == []


def test_what_measures_is_imported_by_nothing_that_is_measured() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for package in ("bot", "actions", "shop", "knowledge_base")
        for path in (ROOT / package).rglob("*.py")
        if "bot/evaluation/" not in str(path)
        and any(name == m or name.startswith(m + ".") for name in imports(path) for m in MEASURING)
    ]
    assert wrong == []


def test_rasa_is_imported_by_understanding_and_its_channel_alone() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for package in ("bot", "actions", "shop", "knowledge_base")
        for path in (ROOT / package).rglob("*.py")
        if any(name == "rasa" or name.startswith("rasa.") for name in imports(path))
        and not any(part in str(path) for part in RASA_END)
    ]
    assert wrong == []


def test_a_web_server_is_in_the_shops_reference_server_alone() -> None:
    servers = {"fastapi", "starlette", "uvicorn"}
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "shop").rglob("*.py")
        if servers & {name.split(".")[0] for name in imports(path)}
    }
    assert found == {"shop/http/operations.py", "shop/http/server.py"}


def test_torch_and_tensorflow_never_meet() -> None:
    for package in ("bot", "actions", "shop"):
        for path in (ROOT / package).rglob("*.py"):
            heavy = {"torch", "sentence_transformers", "tensorflow", "faiss"}
            assert not heavy & {name.split(".")[0] for name in imports(path)}, path


def test_only_settings_read_the_environment() -> None:
    allowed = {
        "bot/training.py",  # hands the environment on to Rasa's processes
        "bot/supervisor/services.py",  # hands it on to our own
    }
    wrong = [
        str(path.relative_to(ROOT))
        for package in ("bot", "actions", "shop", "knowledge_base")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8"))
        and str(path.relative_to(ROOT)) not in allowed
    ]
    assert wrong == []


def domain() -> Dict[str, Any]:
    """All domain files, merged by section."""
    merged: Dict[str, Any] = {"responses": {}, "intents": [], "actions": []}
    for path in sorted((ROOT / "domain").glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name in content.get("responses") or {}:
            assert name not in merged["responses"], f"{name} has two owners"
        merged["responses"].update(content.get("responses") or {})
        merged["intents"] += content.get("intents") or []
        merged["actions"] += content.get("actions") or []
    return merged


def test_every_response_is_there_in_chinese_and_english() -> None:
    for name, variations in domain()["responses"].items():
        if name == "utter_knowledge_answer":
            continue  # an article's own words, chosen by language in the knowledge base
        english = [v for v in variations if v.get("condition")]
        default = [v for v in variations if not v.get("condition")]
        assert english and default, name
        for variation in english:
            assert variation["condition"][0]["value"] == "en", name
            assert not re.search("[\u4e00-\u9fff]", str(variation)), name
        for variation in default:
            # Facts alone, such as a rule's own sentence, have their language already.
            if re.search(r"\w", re.sub(r"{\w+}", "", variation["text"])):
                assert re.search("[\u4e00-\u9fff]", variation["text"]), name


def test_buttons_and_facts_are_the_same_in_both_languages() -> None:
    for name, variations in domain()["responses"].items():
        payloads = {tuple(sorted(b["payload"] for b in v.get("buttons", []))) for v in variations}
        facts = {frozenset(re.findall(r"(?<!{){(\w+)}", v["text"])) for v in variations}
        assert len(payloads) == 1, name
        assert len(facts) == 1, name


def test_every_action_is_declared_and_defined() -> None:
    declared = {name if isinstance(name, str) else next(iter(name)) for name in domain()["actions"]}
    defined: Set[str] = set()
    for path in (ROOT / "actions").glob("*.py"):
        written = path.read_text(encoding="utf-8")
        defined |= set(re.findall(r'return "((?:action|validate)_\w+)"', written))
        # A form's class names its form; what validates it is called after it.
        forms = re.findall(r'^    form = "(\w+)"', written, re.M)
        defined |= {f"validate_{form}" for form in forms}
    assert {name for name in declared if not name.startswith("utter_")} == defined


def examples(path: Path) -> Dict[str, int]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        block["intent"]: sum(1 for line in block["examples"].splitlines() if line.strip())
        for block in content["nlu"]
    }


# Bare answers, the same in both languages; and what components decide without examples.
WITHOUT_EXAMPLES = {"inform", "nlu_ambiguous", "other_language"}


@pytest.mark.parametrize(("language", "least"), [("zh", 80), ("en", 60)])
def test_every_intent_has_enough_examples(language: str, least: int) -> None:
    counts: Dict[str, int] = {}
    for path in (ROOT / "data" / "nlu" / language).glob("*.yml"):
        counts.update(examples(path))
    intents = {
        name if isinstance(name, str) else next(iter(name)) for name in domain()["intents"]
    } - WITHOUT_EXAMPLES
    assert {name: counts.get(name, 0) for name in intents if counts.get(name, 0) < least} == {}


def test_both_languages_have_the_same_topics() -> None:
    for folder in ("data/nlu", "knowledge_base/articles"):
        chinese = {path.name for path in (ROOT / folder / "zh").iterdir()}
        english = {path.name for path in (ROOT / folder / "en").iterdir()}
        assert chinese == english
    topics = {path.stem for path in (ROOT / "domain").glob("*.yml")}
    # Nobody says anything of this topic: it is what the assistant asks when it is not sure.
    topics.remove("clarification")
    assert {path.stem for path in (ROOT / "data" / "nlu" / "zh").glob("*.yml")} == topics


def test_there_are_at_least_thirty_articles_in_each_language() -> None:
    assert len(list((ROOT / "knowledge_base" / "articles" / "zh").glob("*.md"))) >= 30


def test_readmes_name_only_commands_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "ARCHITECTURE.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert set(re.findall(r"`(?:\w+=\S+ )*make ([a-z-]+)`", text)) <= targets, name
        for module in re.findall(r"python -m ([a-z_.]+)", text):
            path = ROOT / module.replace(".", "/")
            assert (
                path.with_suffix(".py").exists()
                or (path / "__main__.py").exists()
                or (module in ("pytest", "rasa"))
            ), f"{name}: {module}"
        for linked in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (ROOT / linked).exists(), f"{name}: {linked}"


def test_requirements_hold_hashes_and_no_addresses() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "--hash=sha256:" in text and "://" not in text, path.name


def test_nothing_is_unfinished() -> None:
    marker = re.compile("TO" + "DO|NotImplemen" + "ted|FIX" + "ME|pass " + " #")
    wrong = [
        str(path.relative_to(ROOT))
        for path in tracked("*.py", "*.js", "*.yml", "*.sh", "*.lua", "Makefile")
        if marker.search(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_files_fit_in_the_head() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for package in ("bot", "actions", "shop", "knowledge_base", "bench")
        for path in (ROOT / package).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}
