"""A folder to put files in, an empty shop beside it, and the command as an operator runs it."""

import itertools
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from shop.__main__ import main
from shop.importing import Options, import_folder
from shop.sql import schema
from shop.sql.engine import open_engine

CUSTOMERS = "id,name,phone\nC1,林晓雯,13800001001\nC2,Emma Clark,13800001002\n"
ORDERS = (
    "number,customer_id,status,placed_at,total\n"
    "XE1,C1,paid,2026-11-01T10:00:00+08:00,100.00\n"
    "XE2,C2,paid,2026-11-02T10:00:00+08:00,50.00\n"
)
LINES = (
    "id,order_number,sku,title_zh,title_en,category,quantity,unit_price\n"
    "1,XE1,S1,大衣,Coat,clothing,1,100.00\n"
    "2,XE2,S2,杯子,Cup,home,1,50.00\n"
)
_NUMBERS = itertools.count()


class Shop:
    """Files and a database; ``run`` imports the one into the other."""

    def __init__(self, folder, url=None):
        self.files = folder / "files"
        self.files.mkdir()
        self.file = folder / "shop.db"
        self.url = url or f"sqlite:///{self.file}"
        self.engine = open_engine(self.url)

    def put(self, name, text, encoding="utf-8"):
        (self.files / name).write_bytes(text if isinstance(text, bytes) else text.encode(encoding))

    def put_all(self):
        self.put("customers.csv", CUSTOMERS)
        self.put("orders.csv", ORDERS)
        self.put("lines.csv", LINES)

    def run(self, **options):
        chosen = Options(zone=ZoneInfo("Asia/Shanghai"), **options)
        return import_folder(self.engine, self.files, chosen, lambda file, rows: None)

    def errors(self, **options):
        return [str(error) for error in self.run(**options).findings.errors]

    def command(self, *arguments):
        return main(["import", str(self.files), "--database", self.url, *arguments])

    def rows(self, table):
        with self.engine.connect() as connection:
            return connection.execute(select(table)).all()

    def count(self, table):
        with self.engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def empty_shop(tmp_path):
    shop = Shop(tmp_path)
    yield shop
    shop.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request, tmp_path):
    """Three good files, and a database of each kind without a row."""
    on_server = request.param == "postgresql"
    name = f"import_{next(_NUMBERS)}"
    url = f"{request.getfixturevalue('postgresql')}/{name}" if on_server else None
    if on_server:
        request.getfixturevalue("on_postgresql")(f"CREATE DATABASE {name}")
    shop = Shop(tmp_path, url)
    shop.put_all()
    schema.migrate(shop.engine)
    yield shop
    shop.engine.dispose()
    if on_server:
        request.getfixturevalue("on_postgresql")(f"DROP DATABASE {name} WITH (FORCE)")
