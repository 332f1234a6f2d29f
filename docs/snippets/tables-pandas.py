import pandas as pd

avalanches = pd.read_parquet("avalanche")
ensembles = pd.read_parquet("ensemble.parquet")[["ensemble", "width"]]
ended = avalanches[~avalanches.censored].merge(ensembles, on="ensemble")
print(ended.groupby(["width", "duration"])["size"].agg(["count", "mean"]))
