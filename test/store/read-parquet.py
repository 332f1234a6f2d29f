"""Reads Parquet files with pyarrow or Polars and prints every value so that it can be compared to the bit.

usage: read-parquet.py pyarrow|polars file... -> one JSON object a line: {column: [value as text or null]}
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


def columns(reader, path):
    if reader == "pyarrow":
        import pyarrow.parquet

        return pyarrow.parquet.read_table(path).to_pydict()
    import polars

    return polars.read_parquet(path).to_dict(as_series=False)


for file in sys.argv[2:]:
    print(json.dumps({name: [text(v) for v in values] for name, values in columns(sys.argv[1], file).items()}))
