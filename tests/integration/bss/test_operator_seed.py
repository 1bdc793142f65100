from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

from botkit.bss.demo.seed import ensure_demo
from botkit.bss.port import CodeCheck
from botkit.store.engine import unit_of_work
from botkit.store.migrate import upgrade
from botkit.store.tables.operator import BillRow, CustomerRow, DayUsageRow, DemoAnchorRow, OrderRow

Shop = Any  # see conftest.py

TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)


def counts(shop: Shop) -> list[int]:
    with shop.unit_of_work() as session:
        return [session.execute(select(func.count()).select_from(row)).scalar() for row in (CustomerRow, BillRow)]


def place_order(shop: Shop, order_id: str) -> None:
    with shop.unit_of_work() as session:
        session.add(
            OrderRow(
                id=order_id,
                customer_id="demo-01",
                product_id="24XQ901010",
                product_name="10GB流量包",
                state="done",
                placed_at=shop.clock(),
                effective=TODAY,
                seeded=False,
            )
        )


def test_an_empty_database_is_seeded_and_a_fresh_one_left_alone(engine: Engine) -> None:
    upgrade(engine)
    work = unit_of_work(engine)
    assert ensure_demo(work, TODAY)
    assert not ensure_demo(work, TODAY)


def test_on_another_day_the_stories_are_told_anew(shop: Shop) -> None:
    before = counts(shop)
    running = shop.operator.customer("demo-01").billing_day
    assert ensure_demo(shop.unit_of_work, TOMORROW)
    assert counts(shop) == before
    assert shop.operator.customer("demo-01").billing_day == running + 1
    with shop.unit_of_work() as session:
        assert [anchor.day for anchor in session.execute(select(DemoAnchorRow)).scalars()] == [TOMORROW]
        assert session.execute(select(func.max(DayUsageRow.day))).scalar() == TOMORROW


def test_orders_and_codes_of_customers_outlive_a_new_telling(shop: Shop) -> None:
    place_order(shop, "own-order")
    shop.operator.send_code("17000000001", "send")
    told = len(shop.operator.orders("demo-26"))
    ensure_demo(shop.unit_of_work, TOMORROW)
    assert "own-order" in [order.id for order in shop.operator.orders("demo-01")]
    assert len(shop.operator.orders("demo-26")) == told
    assert shop.operator.check_code("17000000001", shop.phone.last_code(), "check") is CodeCheck.ACCEPTED


def test_going_back_in_time_is_a_new_telling_too(shop: Shop) -> None:
    assert ensure_demo(shop.unit_of_work, date(2026, 2, 28))
    with shop.unit_of_work() as session:
        assert session.execute(select(func.max(DayUsageRow.day))).scalar() == date(2026, 2, 28)


def test_servers_that_start_together_seed_once(engine: Engine) -> None:
    upgrade(engine)
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda _: ensure_demo(unit_of_work(engine), TODAY), range(3)))
    assert results.count(True) == 1


def test_seeding_asks_little_of_the_database(engine: Engine) -> None:
    """Rows go in by the thousand, not one by one: over a network each statement is a wait."""
    upgrade(engine)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_rest: statements.append(statement))
    ensure_demo(unit_of_work(engine), TODAY)
    assert 10 < len(statements) < 100, "\n".join(statements)[:2000]
