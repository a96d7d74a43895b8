"""``python -m shop import``: what is said, the exit code, and memory for many rows."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shop.__main__ import main
from shop.sql import tables as t

ROOT = Path(__file__).resolve().parents[3]
ORDERS = 100_000


def test_a_good_folder_is_imported_with_a_line_for_each_file(empty_shop, capsys):
    empty_shop.put_all()
    assert empty_shop.command() == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "customers.csv: 2 new, 0 updated",
        "orders.csv: 2 new, 0 updated",
        "lines.csv: 2 new, 0 updated",
        "Imported.",
    ]
    assert empty_shop.command("--replace") == 0
    assert "orders.csv: 0 new, 2 updated" in capsys.readouterr().out


def test_a_rehearsal_does_not_even_create_the_file(empty_shop, capsys):
    empty_shop.put_all()
    assert empty_shop.command("--dry-run") == 0
    assert "Nothing changed: this was a rehearsal." in capsys.readouterr().out
    assert not empty_shop.file.exists()


def test_errors_are_told_and_nothing_changes(empty_shop, capsys):
    empty_shop.put_all()
    empty_shop.put("customers.csv", "编号\n1\n", "gb18030")
    assert empty_shop.command() == 1
    said = capsys.readouterr().err
    assert "note: customers.csv: read as GB18030" in said
    assert "error: customers.csv, line 1: unknown column '编号'; did you mean 客户编号?" in said
    assert said.rstrip().splitlines()[-1].startswith("Nothing changed: ")


def test_a_folder_that_is_not_there_and_a_database_that_is_none_are_told(empty_shop, capsys):
    assert main(["import", "/nowhere", "--database", empty_shop.url]) == 1
    assert "/nowhere: is not a folder" in capsys.readouterr().err
    empty_shop.put_all()
    files = str(empty_shop.files)
    assert main(["import", files, "--database", "nosuchdatabase://host/shop"]) == 1
    assert "Nothing changed" in capsys.readouterr().err


def test_the_columns_can_be_asked_for(capsys):
    assert main(["import", "--columns"]) == 0
    assert "| `number` | order_number, 订单号, 订单编号 |" in capsys.readouterr().out


def _write_many(files):
    with (files / "customers.csv").open("w") as customers:
        customers.write("id,name,phone\n")
        customers.writelines(f"C{n},林{n},138{n:08}\n" for n in range(1000))
    with (files / "orders.csv").open("w") as orders:
        orders.write("number,customer_id,status,placed_at,total\n")
        orders.writelines(
            f"XE{n:08},C{n % 1000},paid,2026-11-01T10:00:00+08:00,100\n" for n in range(ORDERS)
        )
    with (files / "lines.csv").open("w") as lines:
        lines.write("id,order_number,sku,title,category,quantity,unit_price\n")
        lines.writelines(f"{n + 1},XE{n:08},S{n % 99},杯子,home,1,100\n" for n in range(ORDERS))


# Measured in a process of its own: what a test run holds already would hide it.
_PEAK = (
    "import re, sys; from shop.__main__ import main; code = main(sys.argv[1:]); "
    # The largest it has been itself; what getrusage tells began with the memory of the tests.
    "print('peak', *re.findall(r'VmHWM:\\s+([0-9]+)', open('/proc/self/status').read())); "
    "sys.exit(code)"
)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_hundred_thousand_orders_need_no_more_memory_than_a_few(empty_shop):
    _write_many(empty_shop.files)
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, "import", empty_shop.files, "--database", empty_shop.url],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    seconds = time.monotonic() - began
    assert empty_shop.count(t.orders) == ORDERS
    peak = int(done.stdout.split("peak ")[1])
    # The interpreter with its libraries takes most of it; the files have 15 MB.
    assert peak < 160 * 1024, f"{peak} KiB"
    assert seconds < 60, f"{seconds:.0f} s"
