"""Mean duration and size of the avalanches of each ensemble, batch by batch. Needs pandas and pyarrow.

    python analyse.py output/gaussian-avalanches/…                     # a run with --record avalanche
    crackle stream gaussian-avalanches --table avalanche | python analyse.py
"""

import sys

import pyarrow as pa
import pyarrow.dataset


def batches():
    if len(sys.argv) > 1:
        yield from pa.dataset.dataset(f"{sys.argv[1]}/avalanche").to_batches()
    else:
        with pa.ipc.open_stream(sys.stdin.buffer) as stream:
            yield from stream


sums = None
for batch in batches():
    found = batch.select(["ensemble", "duration", "size", "censored"]).to_pandas()
    ended = found[~found.censored].assign(avalanches=1).drop(columns="censored")
    part = ended.groupby("ensemble").sum()
    sums = part if sums is None else sums.add(part, fill_value=0)

if sums is None:
    sys.exit("no avalanches")
means = sums[["duration", "size"]].div(sums.avalanches, axis=0)
print(means.assign(avalanches=sums.avalanches.astype(int)).to_csv(), end="")
