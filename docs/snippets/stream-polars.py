import sys

import polars as pl

avalanches = pl.read_ipc_stream(sys.stdin.buffer)
print(avalanches.filter(~pl.col("censored")).group_by("ensemble").agg(pl.len(), pl.col("duration").max()))
