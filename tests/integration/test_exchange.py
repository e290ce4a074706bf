"""A folder that is written anew is there, whole, at every instant for whoever reads it meanwhile."""

import subprocess
import sys
from pathlib import Path

import pytest

from baocao.system.exchange import exchange
from baocao.system.files import write_folder

READER = """
import sys
from pathlib import Path
folder = Path(sys.argv[1])
print("ready", flush=True)
reads = 0
while not (folder / "last").exists():
    (folder / "a.txt").read_bytes()
    reads += 1
print(reads)
"""


@pytest.mark.slow
def test_a_reader_never_meets_a_missing_folder(tmp_path: Path) -> None:
    folder = tmp_path / "trang tin?#%"
    write_folder(folder, {"a.txt": b"0"}, "trang tin", durable=False)
    command = [sys.executable, "-c", READER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for number in range(600):
            write_folder(folder, {"a.txt": str(number).encode()}, "trang tin", durable=False)
        write_folder(folder, {"a.txt": b"", "last": b""}, "trang tin", durable=False)
        output, errors = reader.communicate(timeout=60)
    assert errors == ""
    assert int(output) > 0
    assert [path.name for path in tmp_path.iterdir()] == [folder.name], "nothing is left beside it"


def test_two_folders_change_places_or_nothing_happens(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert not exchange(tmp_path / "a", tmp_path / "b")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "in-b").touch()
    assert exchange(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a" / "in-b").exists()
