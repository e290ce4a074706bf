"""Moments are whole seconds from the entry point on."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from baocao.system.clock import now, read_clock

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def test_the_real_now_is_a_whole_second() -> None:
    for _ in range(20):
        assert read_clock(None, ZONE).now.microsecond == 0
        assert now().microsecond == 0


def test_a_given_moment_is_cut_to_its_second_and_never_moved_past_a_deadline() -> None:
    clock = read_clock(datetime(2022, 10, 19, 23, 59, 59, 999_999), ZONE)
    assert clock.now == datetime(2022, 10, 19, 23, 59, 59, tzinfo=ZONE)
    assert read_clock(datetime(2022, 10, 19, 17, 0, 0, 1, tzinfo=UTC), ZONE).now.microsecond == 0
