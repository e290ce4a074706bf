"""Progress in Prefect's pages: how much of long work is done; nothing for short work."""

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

from tasks.support.progress import FEW, progress_of, watched

pytestmark = pytest.mark.slow  # one month in test_month.py is the quick suite's


def artifacts(key: str) -> list[tuple[float, str]]:
    """Percent and words of the progress artifacts with this key."""
    with get_client(sync_client=True) as client:
        found = client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])))
    return [(float(str(one.data)), one.description or "") for one in found]


@flow
def two_stages(files: int) -> None:
    with progress_of("hai-buoc", {"Đọc": files, "Kiểm tra": files}) as advance:
        advance("Đọc", files)
        advance("Kiểm tra", files - 1)
        advance("Kiểm tra", 1)


@flow
def one_stage(items: int) -> list[int]:
    return list(watched("mot-buoc", "Gửi thư")(range(items)))


def test_long_work_ends_at_a_hundred_percent_of_all_its_stages() -> None:
    two_stages(FEW + 1)
    assert artifacts("hai-buoc") == [(100.0, "Đọc: 101/101; Kiểm tra: 101/101")]


def test_watching_changes_nothing_of_what_is_gone_through() -> None:
    assert one_stage(FEW + 50) == list(range(FEW + 50))
    assert artifacts("mot-buoc") == [(100.0, "Gửi thư: 150/150")]


def test_short_work_shows_nothing() -> None:
    assert one_stage(FEW) == list(range(FEW))
    two_stages(3)
    assert len(artifacts("mot-buoc")) + len(artifacts("hai-buoc")) == 2
