import polars as pl

ensembles = pl.scan_parquet("ensemble.parquet").select("ensemble", "width")
ended = pl.scan_parquet("avalanche/*.parquet").filter(~pl.col("censored")).join(ensembles, on="ensemble")
print(ended.group_by("width", "duration").agg(pl.len(), pl.col("size").mean()).sort("width", "duration").collect())
