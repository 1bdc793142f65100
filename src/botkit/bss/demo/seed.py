"""Writes the demo customers' stories into the database, told for today."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from botkit.bss.demo.catalogue import load_catalogue
from botkit.bss.demo.customers import tell_stories
from botkit.bss.demo.scenario import load_scenarios
from botkit.bss.demo.story_rows import ROWS_BY_TABLE, customer_row
from botkit.store.engine import UnitOfWork
from botkit.store.tables.operator import CustomerRow, DemoAnchorRow, OrderRow

ANCHOR_ID = 1


def ensure_demo(unit_of_work: UnitOfWork, today: date) -> bool:
    """Seed an empty database, and one that was seeded for another day. Customers' own orders and codes are kept.

    Call it at the start and after each midnight in China. Returns whether anything was written.
    """
    try:
        return _ensure(unit_of_work, today)
    except IntegrityError:  # another server was seeding the same empty database
        return _ensure(unit_of_work, today)


def _ensure(unit_of_work: UnitOfWork, today: date) -> bool:
    with unit_of_work() as session:
        anchor = session.get(DemoAnchorRow, ANCHOR_ID, with_for_update=True)
        if anchor is not None and anchor.day == today:
            return False
        seed_demo(session, today)
        return True


def seed_demo(session: Session, today: date) -> None:
    """Replace all that belongs to the demo's stories by the stories as told for `today`."""
    stories = tell_stories(load_scenarios(), load_catalogue(), today)
    for table, _ in reversed(ROWS_BY_TABLE):
        seeded = [OrderRow.seeded] if table is OrderRow else []
        session.execute(delete(table).where(*seeded), execution_options={"synchronize_session": False})
    session.merge(DemoAnchorRow(id=ANCHOR_ID, day=today))
    for story in stories:
        session.merge(CustomerRow(**customer_row(story)))
    session.flush()
    for table, rows_of in ROWS_BY_TABLE:
        session.execute(insert(table), [row for story in stories for row in rows_of(story)])
