"""Everything or nothing: what the database holds after an import, and what stops one."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from shop.importing import Options, import_folder
from shop.sql import tables as t

HEADER = "number,customer_id,status,placed_at,total\n"
EVENTS = "tracking_number,at,place_zh,text_zh\nSF1,2026-11-03T10:00:00Z,杭州,已揽收\n"
SHIPMENTS = (
    "tracking_number,order_number,carrier_zh,status,promised_on,line_ids\n"
    "SF1,XE1,顺丰,in_transit,2026-11-05,1\n"
)


def content(shop):
    with shop.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in t.metadata.sorted_tables
        }


def test_files_become_rows_of_the_shop(filled):
    filled.put("shipments.csv", SHIPMENTS)
    filled.put("物流轨迹.csv", EVENTS)
    report = filled.run()
    assert report.findings.errors == []
    assert {each.file: each.new for each in report.written} == {
        "customers.csv": 2,
        "orders.csv": 2,
        "lines.csv": 2,
        "shipments.csv": 1,
        "物流轨迹.csv": 1,
    }
    assert [(row.number, row.total_cents) for row in filled.rows(t.orders)] == [
        ("XE1", 10000),
        ("XE2", 5000),
    ]
    assert filled.rows(t.order_lines)[0].title == {"zh": "大衣", "en": "Coat"}
    (parcel,) = filled.rows(t.shipments)
    assert (parcel.carrier, parcel.line_ids) == ({"zh": "顺丰", "en": "顺丰"}, [1])
    (event,) = filled.rows(t.tracking_events)
    assert event.at.isoformat() == "2026-11-03T10:00:00+00:00"


def test_the_rest_of_the_tables_can_be_filled_too(filled):
    filled.put("products.csv", "sku,category,title,unit_price,facts_zh\nS1,home,杯子,50,材质=瓷\n")
    filled.put("variants.csv", "id,sku,colour,stock\nS1-W,S1,白色,3\n")
    filled.put("prices.csv", "sku,from_day,price\nS1,2026-01-01,60\nS1,2026-10-01,50\n")
    filled.put(
        "payments.csv",
        "id,order_number,method,amount,state,at\nP1,XE1,Alipay,100,paid,2026-11-01T02:00:00Z\n",
    )
    filled.put(
        "refunds.csv",
        "number,order_number,amount,state,opened_at,due_on,cause\n"
        "R1,XE1,10,approved,2026-11-01T02:00:00Z,2026-11-08,价保\n",
    )
    filled.put(
        "coupons.jsonl",
        '{"code": "K1", "customer_id": "C1", "title": "新人券", "amount": 15, "minimum": 99.9,'
        ' "valid_until": "2026-12-31", "used": false}\n',
    )
    filled.put("points.csv", "customer_id,at,points,reason\nC1,2026-11-01T02:00:00Z,-5,expired\n")
    assert filled.errors() == []
    (product,) = filled.rows(t.products)
    assert product.facts == [["材质", {"zh": "瓷", "en": "瓷"}]]
    assert [row.cents for row in filled.rows(t.product_prices)] == [6000, 5000]
    (refund,) = filled.rows(t.refunds)
    assert refund.cause == "price_protection"
    (coupon,) = filled.rows(t.coupons)
    assert (coupon.from_cents, coupon.used) == (9990, False)
    for table in (t.product_variants, t.payments, t.points_entries):
        assert filled.count(table) == 1


def test_a_rehearsal_writes_nothing_but_says_what_would_be(filled):
    before = content(filled)
    report = filled.run(dry_run=True)
    assert [each.new for each in report.written] == [2, 2, 2]
    assert content(filled) == before


def test_an_error_in_the_last_line_undoes_everything(filled):
    before = content(filled)
    lines = "".join(f"{number},XE1,S,衣,,clothing,1,1\n" for number in range(10, 6000))
    filled.put(
        "lines.csv",
        f"id,order_number,sku,title_zh,title_en,category,quantity,unit_price\n{lines}"
        "6000,XE1,S,衣,,clothing,none,1\n",
    )
    assert filled.errors() == [
        "lines.csv, line 5992, column quantity: 'none' should be a whole number"
    ]
    assert content(filled) == before


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "orders.csv",
            HEADER + "XE1,C1,paid,2026-11-01 10:00,1\nx e1,C1,paid,2026-11-01 10:00,1\n",
            "orders.csv, line 3, column number: the same number is already in line 2",
        ),
        (
            "orders.csv",
            "订单号,客户编号,订单状态,下单时间,实付金额\nXE1,C9,paid,2026-11-01 10:00,1\n",
            "orders.csv, line 2, column 客户编号: C9 is not among the customers",
        ),
        (
            "orders.csv",
            HEADER + "XE1,C1,delivered,2026-11-01 10:00,1\n",
            "orders.csv, line 2, column delivered_at: is empty, but the order is delivered",
        ),
        (
            "orders.csv",
            "number,customer_id,status,placed_at,delivered_at,total\n"
            "XE1,C1,delivered,2026-11-01 10:00,2026-10-01 10:00,1\n",
            "orders.csv, line 2, column delivered_at: is before placed_at",
        ),
        (
            "orders.csv",
            "number,customer_id,status,placed_at,total,recipient\n"
            "XE1,C1,paid,2026-11-01 10:00,1,林晓雯\n",
            "orders.csv, line 2: an address needs all of",
        ),
        (
            "orders.csv",
            HEADER + "XE1,,paid,2026-11-01 10:00,1\n",
            "orders.csv, line 2, column customer_id: is empty",
        ),
        (
            "lines.csv",
            "id,order_number,sku,title,category,quantity,unit_price\n1,XE9,S,衣,home,1,1\n",
            "lines.csv, line 2, column order_number: XE9 is not among the orders",
        ),
        (
            "lines.csv",
            "id,order_number,sku,title,category,quantity,unit_price\n1,XE1,S,,home,1,1\n",
            "lines.csv, line 2, column title: is empty",
        ),
        (
            "lines.csv",
            "id,order_number,sku,title,category,quantity,unit_price,returned_quantity\n"
            "1,XE1,S,衣,home,1,1,2\n",
            "lines.csv, line 2, column returned_quantity: is more than was bought",
        ),
        (
            "lines.csv",
            "id,order_number,sku,title,category,quantity,unit_price,gift_with\n"
            "1,XE1,S,衣,home,1,1,\n2,XE2,S,衣,home,1,1,1\n",
            "lines.csv, line 3, column gift_with: is a line of another order",
        ),
        (
            "shipments.csv",
            SHIPMENTS.replace(",1\n", ",1|2\n"),
            "shipments.csv, line 2, column line_ids: line 2 is not in order XE1",
        ),
        (
            "tracking_events.csv",
            EVENTS,
            "tracking_events.csv, line 2, column tracking_number: SF1 is not among the shipments",
        ),
        (
            "prices.csv",
            "sku,from_day,price\nS1,2026-01-01,1\n",
            "prices.csv, line 2, column sku: S1 is not among the products",
        ),
    ],
)
def test_what_does_not_fit_together_is_told_with_its_line(filled, name, text, said):
    before = content(filled)
    filled.put(name, text)
    assert any(error.startswith(said) for error in filled.errors())
    assert content(filled) == before


def test_rows_that_could_not_be_read_are_not_missed_by_others(filled):
    filled.put("orders.csv", HEADER + "XE1,C1,paid,2026-02-30 10:00,1\n")
    (error,) = filled.errors()
    assert "2026-02-30 10:00 is a day that does not exist" in error


def test_fifty_errors_are_shown_and_the_rest_counted(filled):
    header = "id,order_number,sku,title,category,quantity,unit_price\n"
    lost = "".join(f"{number},XE9,S,衣,home,1,1\n" for number in range(1, 81))
    filled.put("lines.csv", header + lost)
    findings = filled.run().findings
    assert (len(findings.errors), findings.error_count) == (50, 80)
    filled.put("lines.csv", header + lost.replace(",1,1\n", ",x,1\n"))
    findings = filled.run().findings
    assert (len(findings.errors), findings.error_count) == (50, 80)


def test_what_is_there_is_an_error_unless_it_may_be_replaced(filled):
    filled.run()
    assert "XE1 is already in the shop; to update it, add --replace" in " ".join(filled.errors())
    with filled.engine.begin() as connection:
        connection.execute(update(t.order_lines).values(returned_quantity=1))
    filled.put("customers.csv", "id,name,phone\nC1,Lin Xiaowen,13800001001\n")
    report = filled.run(replace=True)
    assert [(each.new, each.updated) for each in report.written] == [(0, 1), (0, 2), (0, 2)]
    names = {row.name for row in filled.rows(t.customers)}
    assert names == {"Lin Xiaowen", "Emma Clark"}
    # The file has no such column: what was settled meanwhile stays settled.
    assert [row.returned_quantity for row in filled.rows(t.order_lines)] == [1, 1]


def test_a_key_never_moves_to_another_order_or_customer(filled):
    filled.run()
    filled.put("orders.csv", HEADER + "XE1,C2,paid,2026-11-01 10:00,100\n")
    errors = filled.errors(replace=True)
    assert "XE1 is already in the shop with another customer_id" in errors[0]


def test_rows_without_a_key_are_replaced_as_a_whole(filled):
    filled.put("shipments.csv", SHIPMENTS)
    filled.put("tracking_events.csv", EVENTS)
    filled.run()
    errors = filled.errors()
    assert "SF1 has such rows in the shop already" in errors[-1]
    filled.put("tracking_events.csv", EVENTS + "SF1,2026-11-04T10:00:00Z,上海,派送中\n")
    assert filled.errors(replace=True) == []
    assert [row.text["zh"] for row in filled.rows(t.tracking_events)] == ["已揽收", "派送中"]


def test_parents_may_be_in_the_shop_already(filled):
    filled.run()
    for name in ("customers", "orders", "lines"):
        (filled.files / f"{name}.csv").unlink()
    filled.put("shipments.csv", SHIPMENTS)
    assert filled.errors() == []
    assert filled.count(t.shipments) == 1


def test_totals_that_do_not_fit_are_a_warning(filled):
    filled.put(
        "orders.csv", HEADER + "XE1,C1,paid,2026-11-01 10:00,300\nXE2,C2,paid,2026-11-01 10:00,48\n"
    )
    findings = filled.run(largest_discount_percent=5, dry_run=True).findings
    assert [str(each) for each in findings.warnings] == [
        "orders.csv, line 2: order XE1: its lines do not add up to its total"
    ]


def test_the_demo_shop_is_replaced_only_on_demand(filled):
    with filled.engine.begin() as connection:
        connection.execute(insert(t.shop_meta), {"key": "demo_seeded_on", "value": "2026-11-20"})
        person = {"language": "en", "level": "gold", "phone": "1", "points": 0}
        connection.execute(insert(t.customers), {"id": "D1", "name": "Demo", **person})
    before = content(filled)
    assert filled.errors() == ["the database: holds the demo shop; to replace it, add --force"]
    assert filled.run(replace_demo=True, dry_run=True).findings.errors == []
    assert content(filled) == before
    assert filled.errors(replace_demo=True) == []
    assert [row.id for row in filled.rows(t.customers)] == ["C1", "C2"]
    assert filled.count(t.shop_meta) == 0


def test_others_may_write_while_files_are_read(filled):
    seen = []

    def progress(file, rows):
        if rows and file == "orders.csv":
            with filled.engine.begin() as connection:
                row = {"key": "note", "value": "written meanwhile"}
                connection.execute(insert(t.shop_meta), row)
            seen.append(file)

    report = import_folder(filled.engine, filled.files, Options(zone=ZoneInfo("UTC")), progress)
    assert seen == ["orders.csv"]
    assert report.findings.errors == []
    assert filled.count(t.orders) == 2
    assert filled.count(t.shop_meta) == 1


def test_numbers_given_out_later_do_not_meet_those_of_the_files(filled):
    filled.run()
    with filled.engine.begin() as connection:
        columns = [column for column in t.order_lines.columns if column.name != "id"]
        names = [column.name for column in columns]
        copy = select(*columns).where(t.order_lines.c.id == 1)
        connection.execute(insert(t.order_lines).from_select(names, copy))
    assert filled.count(t.order_lines) == 3
