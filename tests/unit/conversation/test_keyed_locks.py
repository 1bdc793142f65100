from __future__ import annotations

import asyncio

from botkit.conversation.keyed_locks import KeyedLocks


async def test_one_at_a_time_for_a_key() -> None:
    locks, inside, most = KeyedLocks(), 0, 0

    async def enter() -> None:
        nonlocal inside, most
        async with locks.hold("key"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    async def come_late() -> None:
        """Arrives while one has left and the next has not yet entered."""
        for _ in range(20):
            await asyncio.sleep(0)
            await enter()

    await asyncio.gather(*(enter() for _ in range(20)), *(come_late() for _ in range(5)))
    assert most == 1


async def test_keys_do_not_wait_for_each_other() -> None:
    locks = KeyedLocks()
    async with locks.hold("one"), locks.hold("other"):
        assert len(locks) == 2


async def test_nothing_is_kept_for_keys_that_nobody_holds() -> None:
    locks = KeyedLocks()

    async def enter(key: int) -> None:
        async with locks.hold(key):
            await asyncio.sleep(0)

    waiting = [asyncio.create_task(enter(number % 10)) for number in range(100)]
    await asyncio.sleep(0)
    assert len(locks) == 10
    for task in waiting[50:]:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert len(locks) == 0


async def test_it_is_free_again_after_an_error() -> None:
    locks = KeyedLocks()
    for _ in range(2):
        try:
            async with locks.hold("key"):
                raise ValueError
        except ValueError:
            pass
    assert len(locks) == 0
