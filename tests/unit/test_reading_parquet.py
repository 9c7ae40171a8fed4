"""Parquet whose size no server tells: what it may unpack to, and what is said where it has no end to be read from."""

import io

import pyarrow
import pyarrow.parquet
import pytest

from pipeline.errors import InputError
from pipeline.reading import Columns
from pipeline.reading.formats import read_parquet
from pipeline.reading.streams import Budget

STORY = "وصل الوزير سامي حداد إلى مدينة النور يوم الأحد، والتقى نظيره كريم الراوي في القصر."


def test_parquet_of_unknown_size_may_unpack_by_what_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.reading.streams.FREE_BYTES", 1000)
    packed = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"text": [f"{STORY} {number}" for number in range(200)]}), packed)
    assert len(list(read_parquet(packed, Columns(), Budget(0)))) == 200
    with pytest.raises(InputError, match="unpacks to far more"):
        list(read_parquet(packed, Columns(), Budget(1)))


def test_parquet_that_has_no_end_to_be_read_from_is_refused() -> None:
    class Stream(io.BytesIO):
        def seek(self, *_: int) -> int:
            raise ValueError("cannot seek a stream")

    with pytest.raises(InputError, match="does not tell its size; fetch the file first"):
        list(read_parquet(Stream(b"PAR1"), Columns(), Budget(0)))
