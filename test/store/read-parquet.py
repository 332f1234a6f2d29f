"""Reads Parquet files with another program and prints every value so that it can be compared to the bit.

usage: read-parquet.py pyarrow|polars|duckdb|pandas|fastparquet file... -> one JSON object a line: {column: [value as text or null]};
pandas and fastparquet tell no value from NaN: both are "nan"
"""

import json
import struct
import sys


def text(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return "nan" if value != value else struct.pack(">d", value).hex()
    return str(value)


def frame(table):
    import pandas

    def plain(value):
        if value is None or value is pandas.NA:
            return float("nan")
        return value.item() if hasattr(value, "item") else value

    # A column at a time: rows of numbers alone would become float64.
    return {name: [plain(value) for value in table[name].array] for name in table.columns}


def columns(reader, path):
    if reader == "pyarrow":
        import pyarrow.parquet

        return pyarrow.parquet.read_table(path).to_pydict()
    if reader == "polars":
        import polars

        return polars.read_parquet(path).to_dict(as_series=False)
    if reader == "duckdb":
        import duckdb

        return duckdb.read_parquet(path).to_arrow_table().to_pydict()
    if reader == "pandas":
        import pandas

        return frame(pandas.read_parquet(path, engine="pyarrow", dtype_backend="numpy_nullable"))
    import fastparquet

    return frame(fastparquet.ParquetFile(path).to_pandas())


for file in sys.argv[2:]:
    print(json.dumps({name: [text(v) for v in values] for name, values in columns(sys.argv[1], file).items()}))
