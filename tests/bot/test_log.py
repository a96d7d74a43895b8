"""The gateway's log holds no personal data, in whatever part of a record it comes."""

import io
import logging

import pytest

from bot.log import MaskingHandler, log_to_stderr

PHONE = "13800138000"


@pytest.fixture
def written():
    return io.StringIO()


@pytest.fixture
def logger(written):
    handler = MaskingHandler(written)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    return logger


@pytest.mark.parametrize(
    ("message", "arguments", "line"),
    [
        (f"call {PHONE}", (), "call <phone>"),
        ("turn_failed text=%s", ("我的电话是13800138000",), "turn_failed text=我的电话是<phone>"),
        ("turn_failed text=%r", (f"a\n{PHONE}",), "turn_failed text='a\\n<phone>'"),
        ("body=%s", ({"to": "emma@example.com"},), "body={'to': '<email>'}"),
        ("order=%s ms=%d", ("XE20260001", 34), "order=XE20260001 ms=34"),
    ],
)
def test_a_record(logger, written, message, arguments, line):
    logger.info(message, *arguments)
    assert written.getvalue() == f"INFO {line}\n"


def test_a_traceback_its_cause_and_the_stack(logger, written):
    try:
        try:
            int(PHONE + "x ")
        except ValueError as error:
            raise KeyError(f"没有 {PHONE}") from error
    except KeyError:
        logger.exception("turn_failed", stack_info=True)
    text = written.getvalue()
    assert text.count("Traceback (most recent call last)") == 2
    assert "KeyError: '没有 <phone>'" in text and "Stack (most recent call last)" in text
    assert PHONE not in text


def test_a_record_that_cannot_be_put_together_is_told_without_its_arguments(logger, written, capfd):
    logger.info("%d turns", PHONE)
    assert written.getvalue().startswith("log_failed logger=test at=")
    assert PHONE not in written.getvalue() + "".join(capfd.readouterr())


def test_a_closed_stream_is_nobodys_error(logger, written, capfd):
    written.close()
    logger.info("call %s", PHONE)
    assert PHONE not in "".join(capfd.readouterr())


def test_records_of_libraries_are_masked_too(monkeypatch, capsys):
    root = logging.RootLogger(logging.WARNING)
    monkeypatch.setattr(logging, "root", root)
    monkeypatch.setattr(logging.Logger, "root", root)
    monkeypatch.setattr(logging.Logger, "manager", logging.Manager(root))
    log_to_stderr()
    logging.getLogger("some.library").warning("Retrying %s", PHONE)
    logging.getLogger("httpx").info("POST http://127.0.0.1/")
    said = capsys.readouterr().err
    assert said.endswith("WARNING some.library Retrying <phone>\n")
    assert "POST" not in said
