"""A cache folder keeps what was committed, shares it, and never answers with what is damaged."""

import contextlib
import fcntl
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from engine import Blob, Cache, CacheError, Missing, Stored
from engine.action import Action
from engine.codec import DTYPES, pack, unpack
from engine.digest import digest_of
from engine.disk import SMALL, DiskTier, Usage
from tests.engine import processes
from tests.engine.processes import DEAR, entry, stored

GB = 10**9


@pytest.fixture
def fast_folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one: these tests write thousands of files, each of them synced."""
    base = Path("/dev/shm")
    folder = base / f"promptograph-test-{os.getpid()}-{time.monotonic_ns()}" if base.is_dir() else tmp_path / "fast"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def common_folder() -> Iterator[Path]:
    """Give a folder that every user may enter; into those of pytest only its owner may."""
    with tempfile.TemporaryDirectory(prefix="promptograph-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextlib.contextmanager
def opened(folder: Path, budget: int = GB) -> Iterator[DiskTier]:
    disk = DiskTier(folder, budget=budget)
    yield disk
    with contextlib.suppress(CacheError):
        disk.close()


def keep(disk: DiskTier, value: Stored, *, seconds: float = DEAR) -> str:
    digest = digest_of(value)
    disk.put(digest, value, seconds=seconds, summary={"type": value.type})
    return digest


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "values").rglob("*") if path.is_file())


# Round trips

BYTES_PER_ITEM = {"F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2}


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 2), (700, 3)], ids=str)
@pytest.mark.parametrize("dtype", sorted(DTYPES))
def test_a_tensor_of_every_dtype_and_shape_comes_back_bit_for_bit(
    dtype: str, shape: tuple[int, ...], fast_folder: Path
) -> None:
    count = 1
    for side in shape:
        count *= side
    raw = random.Random(0).randbytes(count * BYTES_PER_ITEM.get(dtype, 1))
    data = bytes(byte % 2 for byte in raw) if dtype == "BOOL" else raw
    value = Stored("Thing", {"fps": 24.0, "text": 'ä"\n'}, {"x": Blob(dtype, shape, data), "y": Blob("U8", (1,), b"!")})
    with opened(fast_folder) as disk:
        digest = keep(disk, value)
        assert disk.get(digest) == value
    with opened(fast_folder) as disk:
        assert disk.get(digest) == value


@pytest.mark.parametrize(
    "fields", [None, True, 1, 1.0, "", "text", [1, [2.5]], {"a": {"b": None}}, "x" * 3_000], ids=str
)
def test_plain_fields_come_back_with_their_types(fields: object, cache_folder: Path) -> None:
    with opened(cache_folder) as disk:
        digest = keep(disk, Stored("Thing", fields))
    with opened(cache_folder) as disk:
        assert repr(disk.get(digest)) == repr(Stored("Thing", fields))


def test_small_values_lie_in_the_index_and_large_ones_in_files(cache_folder: Path) -> None:
    with opened(cache_folder) as disk:
        small, large = keep(disk, stored(1, 100)), keep(disk, stored(2, SMALL + 1))
        assert (disk.has(small), disk.has(large)) == (True, True)
        assert files(cache_folder) == [f"{large}.safetensors"]
        assert disk.usage().values == 2
        assert disk.summary(large) == {"type": "Bytes"}


def test_a_large_value_that_was_quickly_made_is_not_kept_and_a_small_one_is(cache_folder: Path) -> None:
    with opened(cache_folder) as disk:
        small, large = keep(disk, stored(1, 100), seconds=0.001), keep(disk, stored(2, SMALL + 1), seconds=0.001)
        assert (disk.has(small), disk.has(large)) == (True, False)
        with pytest.raises(Missing):
            disk.get(large)
        assert files(cache_folder) == []


def test_a_value_is_never_changed_after_it_is_stored(cache_folder: Path) -> None:
    with opened(cache_folder) as disk:
        digest = keep(disk, stored(1, 10_000))
        path = next((cache_folder / "values").rglob("*.safetensors"))
        before = path.stat()
        keep(disk, stored(1, 10_000))
        disk.flush()
        keep(disk, stored(1, 10_000))
        after = path.stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
        assert disk.get(digest) == stored(1, 10_000)


def test_dear_actions_are_committed_at_once_and_cheap_ones_with_the_next_batch(cache_folder: Path) -> None:
    with opened(cache_folder) as writer, opened(cache_folder) as reader:
        writer.flush()
        cheap, dear = Action("Node", {}, "{}", 0.0001), Action("Node", {}, "{}", DEAR)
        writer.record("a" * 64, cheap)
        assert (writer.action("a" * 64), reader.action("a" * 64)) == (cheap, None)
        writer.record("b" * 64, dear)
        assert (reader.action("a" * 64), reader.action("b" * 64)) == (cheap, dear)
        for at in range(5_000):
            writer.record(f"{at:064}", cheap)
        assert reader.action(f"{4_000:064}") == cheap


def test_the_latest_actions_of_a_node_type_are_told_newest_first(cache_folder: Path) -> None:
    with opened(cache_folder) as disk:
        actions = [Action("Node", {}, "{}", DEAR + at) for at in range(4)]
        for at, action in enumerate(actions):
            disk.record(f"{at:064}", action)
            disk.record(f"{at + 10:064}", Action("Other", {}, "{}", DEAR))
        assert disk.latest("Node", 3) == [actions[3], actions[2], actions[1]]
        assert disk.latest("Never") == []


# Damage


def _answers_to_cuts(folder: Path, lengths: Iterable[int]) -> list[Stored | None]:
    value = stored(1, SMALL + 1)
    with opened(folder) as disk:
        digest = keep(disk, value)
        path = next((folder / "values").rglob("*.safetensors"))
        whole = path.read_bytes()
        answers = []
        for length in lengths:
            keep(disk, value)
            path.write_bytes(whole[:length])
            answers.append(processes.readable(disk, digest))
        assert keep(disk, value) == digest
        assert disk.get(digest) == value
    return answers


def test_a_file_that_was_cut_off_is_a_miss(fast_folder: Path) -> None:
    length, header = _bits_of_a_file() // 8, _bits_of_a_file() // 8 - SMALL
    lengths = [*range(header), *range(header, length - 50, 9), *range(length - 50, length)]
    assert set(_answers_to_cuts(fast_folder, lengths)) == {None}


@pytest.mark.full
def test_a_file_that_was_cut_off_at_any_length_is_a_miss(fast_folder: Path) -> None:
    assert set(_answers_to_cuts(fast_folder, range(_bits_of_a_file() // 8))) == {None}


def _flipped(whole: bytes, bit: int) -> bytes:
    return whole[: bit // 8] + bytes([whole[bit // 8] ^ (1 << bit % 8)]) + whole[bit // 8 + 1 :]


def _answers_to_flips(folder: Path, bits: range | list[int]) -> list[Stored | None]:
    value = stored(1, SMALL + 1)
    with opened(folder) as disk:
        digest = keep(disk, value)
        path = next((folder / "values").rglob("*.safetensors"))
        whole = path.read_bytes()
        answers = []
        for bit in bits:
            keep(disk, value)
            path.write_bytes(_flipped(whole, bit))
            answers.append(processes.readable(disk, digest))
    return answers


def _bits_of_a_file() -> int:
    return len(pack(stored(1, SMALL + 1))) * 8


def test_a_file_with_a_flipped_bit_is_a_miss(fast_folder: Path) -> None:
    header = 8 * (_bits_of_a_file() // 8 - SMALL - 1)
    one_in_each_byte = [byte * 8 + byte % 8 for byte in range(header // 8, _bits_of_a_file() // 8, 9)]
    assert set(_answers_to_flips(fast_folder, [*range(header), *one_in_each_byte])) == {None}


@pytest.mark.full
def test_a_file_with_any_one_bit_flipped_is_a_miss(fast_folder: Path) -> None:
    assert set(_answers_to_flips(fast_folder, range(_bits_of_a_file()))) == {None}


def test_a_row_of_the_index_with_any_one_bit_flipped_is_a_miss(fast_folder: Path) -> None:
    value = Stored("Text", "hello", {"x": Blob("U8", (3,), b"abc")})
    whole = pack(value)
    with opened(fast_folder) as disk, contextlib.closing(sqlite3.connect(fast_folder / "index.sqlite")) as other:
        answers = []
        for bit in range(len(whole) * 8):
            digest = keep(disk, value)
            disk.flush()
            with other:
                other.execute("UPDATE value SET data = ? WHERE digest = ?", (_flipped(whole, bit), digest))
            answers.append(processes.readable(disk, digest))
    assert set(answers) == {None}


def test_a_damaged_entry_is_removed_and_can_be_made_again(cache_folder: Path) -> None:
    value = stored(1, 10_000)
    with opened(cache_folder) as disk:
        digest = keep(disk, value)
        disk.flush()
        next((cache_folder / "values").rglob("*.safetensors")).write_bytes(b"damage")
        assert disk.verify() == [digest]
        assert (disk.has(digest), files(cache_folder), disk.verify()) == (False, [], [])
        keep(disk, value)
        assert disk.get(digest) == value


def test_a_file_that_was_deleted_is_a_miss_and_is_kept_anew(cache_folder: Path) -> None:
    value = stored(1, 10_000)
    with opened(cache_folder) as disk:
        digest = keep(disk, value)
        disk.flush()
        next((cache_folder / "values").rglob("*.safetensors")).unlink()
        assert not disk.has(digest)
        keep(disk, value)
        disk.flush()
        assert disk.get(digest) == value


def test_a_file_with_the_content_of_another_is_a_miss(cache_folder: Path) -> None:
    with opened(cache_folder) as disk:
        one, two = keep(disk, stored(1, 10_000)), keep(disk, stored(2, 10_000))
        disk.flush()
        paths = {path.stem: path for path in (cache_folder / "values").rglob("*.safetensors")}
        shutil.copyfile(paths[one], paths[two])
        assert (processes.readable(disk, one), processes.readable(disk, two)) == (stored(1, 10_000), None)


@pytest.mark.parametrize(
    "damage", [b"", b"\0" * 8, b"\xff" * 16, b"\x02\0\0\0\0\0\0\0{}", b"PK\x03\x04" * 10, b"\x80\x04."]
)
def test_bytes_that_are_no_stored_value_are_a_value_error(damage: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        unpack(damage)


def _halfway(folder: Path) -> Path:
    return next((folder / "halfway").iterdir())


def test_a_halfway_state_comes_back_until_it_is_forgotten(cache_folder: Path) -> None:
    state = {"latent": Blob("F32", (2,), b"12345678"), "step": Blob("I64", (), b"\x07" + b"\0" * 7)}
    with opened(cache_folder) as disk:
        assert disk.halfway.saved("k" * 64) is None
        disk.halfway.save("k" * 64, state)
    with opened(cache_folder) as disk:
        assert disk.halfway.saved("k" * 64) == state
        assert disk.halfway.saved("l" * 64) is None
        disk.halfway.forget("k" * 64)
        assert disk.halfway.saved("k" * 64) is None
        disk.halfway.forget("k" * 64)


def test_a_halfway_state_with_any_bit_flipped_or_cut_off_anywhere_is_a_miss(fast_folder: Path) -> None:
    state = {"latent": Blob("F32", (2,), b"12345678")}
    with opened(fast_folder) as disk:
        disk.halfway.save("k" * 64, state)
        path = _halfway(fast_folder)
        whole = path.read_bytes()
        answers = []
        cut = (whole[:at] for at in range(len(whole)))
        for damaged in (*cut, *(_flipped(whole, at) for at in range(len(whole) * 8))):
            path.write_bytes(damaged)
            answers.append(disk.halfway.saved("k" * 64))
        assert [answer for answer in answers if answer is not None] == []


# The index itself


def _filled(folder: Path) -> list[tuple[str, Action, str, Stored]]:
    entries = [entry(seed, size) for seed, size in ((1, 100), (2, 200), (3, SMALL + 1))]
    with opened(folder) as disk:
        for key, action, digest, value in entries:
            disk.put(digest, value, seconds=DEAR, summary=None)
            disk.record(key, action)
    return entries


def _right_or_missing(folder: Path, entries: list[tuple[str, Action, str, Stored]]) -> str:
    """Use a folder whose index is damaged: every answer is right or missing, or the folder is refused in our words."""
    try:
        with opened(folder) as disk:
            for key, action, digest, value in entries:
                assert disk.action(key) in (action, None)
                assert processes.readable(disk, digest) in (value, None)
                disk.put(digest, value, seconds=DEAR, summary=None)
                disk.record(key, action)
                assert (disk.action(key), disk.get(digest)) == (action, value)
    except CacheError as error:
        return "refused" if error.hint else "refused without a mend"
    return "used"


@pytest.mark.parametrize("damage", [b"not a database at all", b"\0" * 5_000, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_an_index_that_is_no_database_is_moved_aside_and_the_cache_is_empty(damage: bytes, cache_folder: Path) -> None:
    entries = _filled(cache_folder)
    (cache_folder / "index.sqlite").write_bytes(damage)
    with opened(cache_folder) as disk:
        assert disk.usage() == Usage(0, 0, 0)
    assert [path.read_bytes() for path in cache_folder.glob("index.damaged-*.sqlite")] == [damage]
    assert _right_or_missing(cache_folder, entries) == "used"


@pytest.mark.parametrize("damaged", [100, 5_000, 10**9])
def test_the_log_that_a_killed_writer_left_beside_a_damaged_index_does_no_harm(
    damaged: int, cache_folder: Path
) -> None:
    entries = _filled(cache_folder)
    writer = processes.start("write", cache_folder, 1_000)
    assert writer.stdout is not None
    for _ in range(20):
        writer.stdout.readline()
    writer.kill()
    writer.communicate()
    assert (cache_folder / "index.sqlite-wal").stat().st_size > 0
    index = cache_folder / "index.sqlite"
    whole = index.read_bytes()
    index.write_bytes((b"damage" * len(whole))[: min(damaged, len(whole))] + whole[damaged:])
    assert _right_or_missing(cache_folder, entries) == "used"
    assert _right_or_missing(cache_folder, [entry(1_001, 100), entry(1_002, SMALL + 1 + 1_002)]) == "used"


def test_an_index_cut_off_anywhere_gives_right_answers_or_none(fast_folder: Path) -> None:
    entries = _filled(fast_folder / "whole")
    whole = (fast_folder / "whole" / "index.sqlite").read_bytes()
    for at, length in enumerate(range(0, len(whole), max(1, len(whole) // 40))):
        folder = fast_folder / str(at)
        shutil.copytree(fast_folder / "whole", folder)
        (folder / "index.sqlite").write_bytes(whole[:length])
        assert _right_or_missing(folder, entries) in ("used", "refused")


def _damage_index(folder: Path, bits: list[int]) -> None:
    entries = _filled(folder / "whole")
    whole = (folder / "whole" / "index.sqlite").read_bytes()
    for bit in bits:
        copy = folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder / "whole", copy)
        (copy / "index.sqlite").write_bytes(_flipped(whole, bit))
        try:
            assert _right_or_missing(copy, entries) in ("used", "refused")
        except AssertionError as error:
            raise AssertionError(f"bit {bit} of byte {bit // 8}") from error


def _bits_that_say_something(folder: Path) -> list[int]:
    """Name the bits of an index in bytes that are not zero: those of the others lie in empty space."""
    _filled(folder)
    whole = (folder / "index.sqlite").read_bytes()
    return [8 * at + bit for at, byte in enumerate(whole) if byte for bit in range(8)]


def test_an_index_with_a_flipped_bit_gives_right_answers_or_none(fast_folder: Path) -> None:
    bits = _bits_that_say_something(fast_folder / "bits")
    _damage_index(fast_folder, random.Random(0).sample(bits, 150))


@pytest.mark.full
@pytest.mark.timeout(1_800)
def test_an_index_with_any_one_bit_flipped_gives_right_answers_or_none(fast_folder: Path) -> None:
    _damage_index(fast_folder, _bits_that_say_something(fast_folder / "bits"))


@pytest.mark.parametrize(
    "use", [DiskTier.verify, lambda disk: disk.evict(down_to=0), DiskTier.clear], ids=["verify", "evict", "clear"]
)
def test_a_name_in_a_damaged_index_never_leads_out_of_the_folder(
    use: Callable[[DiskTier], object], cache_folder: Path
) -> None:
    _filled(cache_folder)
    (cache_folder.parent / "outside.safetensors").write_text("mine")
    with contextlib.closing(sqlite3.connect(cache_folder / "index.sqlite")) as index, index:
        names = [*(f"../{up}../outside" for up in ("", "../", "../../")), None, b"\xff", "0" * 63, "g" * 64, "/" * 64]
        index.executemany("INSERT INTO value VALUES (?, NULL, 1, 1, 1, NULL)", [(name,) for name in names])
        index.execute("INSERT INTO value VALUES (?, NULL, 'large', 1, 1, NULL)", ("0" * 64,))
    with opened(cache_folder) as disk:
        use(disk)
        disk.evict(down_to=0)
        assert disk.usage().values == 0
    assert (cache_folder.parent / "outside.safetensors").read_text() == "mine"


def test_a_folder_of_another_format_is_refused_with_a_mend(cache_folder: Path) -> None:
    _filled(cache_folder)
    with contextlib.closing(sqlite3.connect(cache_folder / "index.sqlite")) as index:
        index.execute("PRAGMA user_version = 7")
    with pytest.raises(CacheError) as caught:
        DiskTier(cache_folder, budget=GB)
    assert str(caught.value) == ("the cache folder is of format 7, this program knows 1; name another with --cache")


# Folders that cannot be used


@pytest.mark.parametrize("kind", ["a file", "below a file", "an index that is a folder"])
def test_a_path_that_cannot_be_a_cache_folder_is_refused_with_a_mend(kind: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "odd" / "index.sqlite").mkdir(parents=True)
    folder = {"a file": tmp_path / "file", "below a file": tmp_path / "file" / "x"}.get(kind, tmp_path / "odd")
    with pytest.raises(CacheError) as caught:
        Cache(folder)
    assert caught.value.message.startswith(f"cannot use the cache folder {folder}: ")
    assert caught.value.hint == "name another folder with --cache, or run with --no-cache"


def _of_somebody(common_folder: Path) -> tuple[Path, int]:
    """Fill a cache folder for a user whom rights bind: nobody, where we are root."""
    folder, user = common_folder / "cache", os.getuid() or 65534
    _filled(folder)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user, -1)
    return folder, user


def test_a_folder_with_the_rights_can_be_used(common_folder: Path) -> None:
    folder, user = _of_somebody(common_folder)
    assert processes.finish(processes.start("use", folder, user)) == [["used"]]


@pytest.mark.parametrize(
    ("mode", "which"), [(0o000, "."), (0o555, "."), (0o000, "index.sqlite"), (0o444, "index.sqlite")]
)
def test_a_folder_without_the_rights_is_refused_with_a_mend(mode: int, which: str, common_folder: Path) -> None:
    folder, user = _of_somebody(common_folder)
    if mode == 0o555:
        shutil.rmtree(folder / "values")
    (folder / which).chmod(mode)
    try:
        ((kind, message, hint),) = processes.finish(processes.start("use", folder, user))
    finally:
        folder.chmod(0o755)
    assert (kind, hint) == ("CacheError", "name another folder with --cache, or run with --no-cache")
    assert message.startswith(f"cannot use the cache folder {folder}: ")


def _namespace() -> list[str]:
    """Say how a process is started that may mount a file system which nobody else sees."""
    return ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]


def _in_a_small_file_system(task: str, folder: Path) -> dict[str, object]:
    folder.mkdir()
    prefix = _namespace()
    able = subprocess.run([*prefix, "mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", str(folder)], capture_output=True)
    if able.returncode:
        reason = f"cannot mount a small tmpfs: {able.stderr.decode().strip()}"
        if os.environ.get("PROMPTOGRAPH_NO_MOUNT"):
            pytest.skip(f"{reason} (PROMPTOGRAPH_NO_MOUNT is set)")
        pytest.fail(f"{reason}; run as root or allow user namespaces, or set PROMPTOGRAPH_NO_MOUNT=1 to go without")
    (answer,) = processes.finish(processes.start(task, folder, prefix=prefix))
    assert isinstance(answer, dict)
    return answer


def test_a_full_disk_is_told_in_our_words_and_leaves_nothing_torn(cache_folder: Path) -> None:
    answer = _in_a_small_file_system("fill", cache_folder)
    kept = answer["kept"]
    assert isinstance(kept, int)
    assert kept > 10
    assert answer == {
        "kept": kept,
        "whole": kept,
        "told": [
            f"cannot use the cache folder {cache_folder}: the disk is full",
            "free some space, or name another folder with --cache, or run with --no-cache",
        ],
        "partial": [],
        "freed": True,
        "usable": True,
    }


def test_a_run_on_a_full_disk_ends_with_the_cache_error_and_is_not_told_as_done(cache_folder: Path) -> None:
    answer = _in_a_small_file_system("fill-by-running", cache_folder)
    assert answer == {
        "told": [
            f"cannot use the cache folder {cache_folder}: the disk is full",
            "free some space, or name another folder with --cache, or run with --no-cache",
        ],
        "last": "failed",
    }


# Eviction


def test_what_was_used_longest_ago_is_evicted_first(cache_folder: Path) -> None:
    with opened(cache_folder) as disk:
        digests = []
        for seed in range(4):
            digests.append(keep(disk, stored(seed, 10_000)))
            disk.flush()
        disk.get(digests[0])
        disk.flush()
        assert disk.evict(down_to=25_000) > 0
        assert [disk.has(digest) for digest in digests] == [True, False, False, True]
        assert len(files(cache_folder)) == 2


def test_the_budget_of_the_folder_is_kept_as_values_come_in(cache_folder: Path) -> None:
    with opened(cache_folder, budget=100_000) as disk:
        for seed in range(40):
            digest = keep(disk, stored(seed, 10_000))
            disk.flush()
            assert disk.usage().bytes <= 100_000
        assert disk.has(digest)
        assert len(files(cache_folder)) == disk.usage().values


def test_the_budget_counts_what_was_there_before_a_restart(cache_folder: Path) -> None:
    for seed in range(20):
        with opened(cache_folder, budget=100_000) as disk:
            keep(disk, stored(seed, 10_000))
    with opened(cache_folder, budget=100_000) as disk:
        assert disk.usage().bytes <= 100_000


def test_what_a_run_of_a_living_process_has_touched_stays_and_what_a_dead_one_had_goes(cache_folder: Path) -> None:
    with opened(cache_folder) as disk:
        ours, theirs, nobodys = (keep(disk, stored(seed, 10_000)) for seed in range(3))
        disk.flush()
        holder = processes.start("hold", cache_folder, theirs)
        assert holder.stdout is not None
        assert holder.stdout.readline() == '"pinned"\n'
        with disk.running():
            disk.get(ours)
            disk.flush()
            disk.evict(down_to=0)
            assert [disk.has(digest) for digest in (ours, theirs, nobodys)] == [True, True, False]
            holder.kill()
            holder.communicate()
            disk.evict(down_to=0)
            assert [disk.has(digest) for digest in (ours, theirs)] == [True, False]
        disk.evict(down_to=0)
        assert not disk.has(ours)


def test_what_a_run_puts_is_pinned_while_it_goes_on(cache_folder: Path) -> None:
    with opened(cache_folder) as disk:
        with disk.running():
            digest = keep(disk, stored(1, 10_000))
            disk.flush()
            disk.evict(down_to=0)
            assert disk.has(digest)
        disk.evict(down_to=0)
        assert not disk.has(digest)


def test_one_process_evicts_at_a_time(cache_folder: Path) -> None:
    with opened(cache_folder) as disk:
        digest = keep(disk, stored(1, 10_000))
        disk.flush()
        with open(cache_folder / "evict.lock", "w") as other:
            fcntl.flock(other, fcntl.LOCK_EX)
            assert (disk.evict(down_to=0), disk.has(digest)) == (0, True)
        assert (disk.evict(down_to=0) > 0, disk.has(digest)) == (True, False)


def test_a_sweep_removes_what_killed_writers_left_and_nothing_else(cache_folder: Path) -> None:
    with opened(cache_folder) as disk:
        digest = keep(disk, stored(1, 10_000))
        disk.flush()
        folder = cache_folder / "values" / digest[:2]
        old = time.time() - 7_200
        orphan, abandoned = folder / f"{'0' * 64}.safetensors", folder / f"{'0' * 64}.123-456"
        twin, fresh = folder / f"{digest}.123-456", folder / f"{'1' * 64}.123-456"
        for path in (orphan, abandoned, twin, fresh):
            path.write_bytes(b"x")
        for path in (orphan, abandoned, twin):
            os.utime(path, (old, old))
        assert disk.sweep() == 3
        assert files(cache_folder) == sorted([f"{digest}.safetensors", fresh.name])
        assert disk.get(digest) == stored(1, 10_000)


def test_a_sweep_removes_halfway_states_that_killed_writers_left(cache_folder: Path) -> None:
    with opened(cache_folder) as disk:
        disk.halfway.save("k" * 64, {"x": Blob("U8", (1,), b"x")})
        torn = cache_folder / "halfway" / f"{'l' * 64}.123-456"
        torn.write_bytes(b"x")
        os.utime(torn, (0, 0))
        disk.sweep()
        assert [path.stem for path in (cache_folder / "halfway").iterdir()] == ["k" * 64]


@pytest.mark.parametrize("upkeep", [DiskTier.sweep, DiskTier.evict])
def test_a_halfway_state_that_nobody_went_on_from_leaves_after_a_week(
    upkeep: Callable[[DiskTier], int], cache_folder: Path
) -> None:
    with opened(cache_folder) as disk:
        for letter, days in (("k", 6), ("l", 8)):
            disk.halfway.save(letter * 64, {"x": Blob("U8", (1,), b"x")})
            then = time.time() - days * 24 * 3600
            os.utime(cache_folder / "halfway" / f"{letter * 64}.safetensors", (then, then))
        upkeep(disk)
        assert [path.stem for path in (cache_folder / "halfway").iterdir()] == ["k" * 64]


def test_a_cleared_folder_is_empty_and_usable(cache_folder: Path) -> None:
    entries = _filled(cache_folder)
    with opened(cache_folder) as disk:
        disk.halfway.save("k" * 64, {"x": Blob("U8", (1,), b"x")})
        disk.clear()
        assert (disk.usage(), files(cache_folder), disk.halfway.saved("k" * 64)) == (Usage(0, 0, 0), [], None)
        assert _right_or_missing(cache_folder, entries) == "used"


def test_file_digests_are_remembered_across_restarts_by_all_of_their_marks(cache_folder: Path) -> None:
    with opened(cache_folder) as disk:
        disk.remember_file(("/a", 1, 2, 3), "d" * 64)
        assert disk.file_digest(("/a", 1, 2, 3)) == "d" * 64
    with opened(cache_folder) as disk:
        assert disk.file_digest(("/a", 1, 2, 3)) == "d" * 64
        assert [
            disk.file_digest(mark) for mark in [("/b", 1, 2, 3), ("/a", 2, 2, 3), ("/a", 1, 3, 3), ("/a", 1, 2, 4)]
        ] == [None] * 4


# Several threads, several processes, and killed ones


@pytest.fixture
def _restless() -> Iterator[None]:
    """Have threads take turns a thousand times as often as usual."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_restless")
def test_threads_that_read_and_write_at_once_never_break_a_flush(cache_folder: Path) -> None:
    errors: list[BaseException] = []
    with opened(cache_folder) as disk:
        digests = [keep(disk, Stored("int", number)) for number in range(1_000)]
        disk.flush()
        done = threading.Event()

        def read(first: int) -> None:
            at = first
            try:
                while not done.is_set():
                    disk.get(digests[at % 1_000])
                    at += 1
            except BaseException as error:
                errors.append(error)

        readers = [threading.Thread(target=read, args=(first,)) for first in (0, 300, 600)]
        for reader in readers:
            reader.start()
        for seed in range(100):
            key, action, digest, value = entry(seed, 100)
            disk.put(digest, value, seconds=DEAR, summary=None)
            disk.record(key, action)
        done.set()
        for reader in readers:
            reader.join()
    assert errors == []


def test_processes_that_open_a_new_folder_at_the_same_moment_all_can_use_it(cache_folder: Path) -> None:
    assert processes.finish(processes.start("share", cache_folder, 6)) == [[0] * 6]
    with opened(cache_folder) as disk:
        wanted = [entry(seed, 100 if seed % 2 else SMALL + 100) for seed in [*range(60), *range(1_000, 1_010)]]
        assert [(disk.action(key), disk.get(digest)) for key, _, digest, _ in wanted] == [
            (action, value) for _, action, _, value in wanted
        ]


def test_a_crowd_of_processes_opens_a_new_folder_and_none_is_turned_away(cache_folder: Path) -> None:
    assert processes.finish(processes.start("crowd", cache_folder, 30)) == [[0]]


@pytest.mark.full
def test_a_crowd_of_processes_opens_three_hundred_new_folders_and_none_is_turned_away(cache_folder: Path) -> None:
    assert processes.finish(processes.start("crowd", cache_folder, 300)) == [[0]]


def test_what_one_process_records_another_finds_at_once(cache_folder: Path) -> None:
    with opened(cache_folder) as disk:
        writer = processes.start("write", cache_folder, 0)
        assert writer.stdout is not None
        assert writer.stdout.readline() == '"open"\n'
        for _ in range(5):
            key, action, digest, value = entry(*json.loads(writer.stdout.readline()))
            assert (disk.action(key), disk.get(digest)) == (action, value)
        writer.kill()
        writer.communicate()


def _kill_writers(folder: Path, times: int) -> None:
    answers = processes.finish(processes.start("kill-writers", folder, times))
    committed = [tuple(one) for answer in answers for one in answer]
    assert len(answers) == times
    assert len(committed) > times
    with opened(folder) as disk:
        assert disk.verify() == []
        for key, action, digest, value in (entry(seed, size) for seed, size in committed):
            assert (disk.action(key), disk.get(digest)) == (action, value)
        with contextlib.closing(sqlite3.connect(folder / "index.sqlite")) as index:
            rows = index.execute("SELECT key FROM action").fetchall()
        for (key,) in rows:
            found = disk.action(key)
            assert found is not None
            assert all(disk.get(str(digest)) for digest in found.outputs.values())


def test_a_writer_that_is_killed_in_the_middle_of_writes_leaves_whole_values_and_all_that_it_committed(
    cache_folder: Path,
) -> None:
    _kill_writers(cache_folder, 15)


@pytest.mark.full
@pytest.mark.timeout(1_800)
def test_two_hundred_killed_writers_leave_whole_values_and_all_that_they_committed(cache_folder: Path) -> None:
    _kill_writers(cache_folder, 200)
