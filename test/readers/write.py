"""usage: write.py table.arrow folder: writes the table with pyarrow and DuckDB, each in one thread; prints bytes and CPU seconds as JSON."""

import json
import os
import sys
import time

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

table = pa.ipc.open_file(sys.argv[1]).read_all()
pa.set_cpu_count(1)
found = {}


def timed(name, write):
    path = os.path.join(sys.argv[2], "other.parquet")
    write(path)  # the first also loads what the library needs
    began = time.process_time()
    write(path)
    found[name] = {"bytes": os.path.getsize(path), "seconds": time.process_time() - began}


groups = 262144
plain = dict(compression="snappy", use_dictionary=False, row_group_size=groups)
timed(f"pyarrow {pa.__version__}, PLAIN, Snappy", lambda path: pq.write_table(table, path, **plain))
timed(f"pyarrow {pa.__version__}, its defaults", lambda path: pq.write_table(table, path))
connection = duckdb.connect(config={"threads": 1})
connection.register("source", table)
connection.execute("CREATE TABLE rows AS SELECT * FROM source")
timed(
    f"DuckDB {duckdb.__version__}, its defaults",
    lambda path: connection.execute(f"COPY rows TO '{path}' (FORMAT parquet)"),
)
print(json.dumps(found))
