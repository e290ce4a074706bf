"""Work done once for each value: how often, and for how long."""

import gc
from concurrent.futures import ThreadPoolExecutor
from time import sleep

from baocao.system.once import once_for_each


class Value:
    """Something that can be weakly referenced."""


def test_the_work_is_done_once_for_each_value_and_forgotten_with_it() -> None:
    asked: list[int] = []

    @once_for_each
    def number(value: Value) -> list[int]:
        asked.append(id(value))
        return [len(asked)]

    first, second = Value(), Value()
    assert [number(first), number(second), number(first)] == [[1], [2], [1]]
    del first
    gc.collect()
    anew = [Value() for _ in range(50)]
    assert [number(one)[0] for one in anew] == list(range(3, 53)), "a new value at an old address is new"


def test_two_threads_that_ask_at_once_share_what_one_of_them_makes() -> None:
    asked: list[int] = []

    @once_for_each
    def number(value: Value) -> list[int]:
        asked.append(id(value))
        sleep(0.05)
        return [len(asked)]

    value = Value()
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(number, (value, value))
    assert first is second
    assert len(asked) == 1
