import sys

import numpy as np


def columns(path):
    """A table as arrays, by the reader that is asked for; all give the same."""
    if reader == "pandas":
        import pandas
        table = pandas.read_parquet(path)
        return {name: table[name].to_numpy() for name in table}
    if reader == "pyarrow":
        import pyarrow.parquet
        table = pyarrow.parquet.read_table(path)
        return {name: table[name].to_numpy() for name in table.column_names}
    pattern = path if path.endswith(".parquet") else path + "/*.parquet"
    if reader == "polars":
        import polars
        table = polars.read_parquet(pattern)
        return {name: table[name].to_numpy() for name in table.columns}
    import duckdb
    return duckdb.sql(f"FROM '{pattern}'").fetchnumpy()


def root(decreasing, low, high):
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if decreasing(middle) > 0 else (low, middle)
    return middle


def exponent_of_sizes(sizes, low, high):
    """Of x^-t on [low, high): the mean of ln x is that of the law."""
    mean = np.log(sizes).mean()
    a, b = np.log(low), np.log(high)

    def beyond(t):
        k = 1 - t
        if abs(k) < 1e-6:
            return (a + b) / 2 - mean
        return a + (b - a) / -np.expm1(-k * (b - a)) - 1 / k - mean

    return root(beyond, 0, 10)


def exponent_of_durations(durations, low, high):
    """The same of whole numbers from low to high, both included."""
    logs = np.log(np.arange(low, high + 1))
    mean = np.log(durations).mean()
    return root(lambda t: np.average(logs, weights=np.exp(-t * (logs - logs[0]))) - mean, 0, 10)


def exponent_of_scaling(sizes, durations):
    """Where S/D^g is uncorrelated with ln D."""
    logs = np.log(durations) - np.log(durations).mean()
    return root(lambda g: np.mean(sizes * np.exp(-g * logs) * logs), 0, 10)


reader = sys.argv[1] if len(sys.argv) > 1 else "pandas"
avalanches, exponents = columns("avalanche"), columns("exponents.parquet")
for row, ensemble in enumerate(exponents["ensemble"]):
    said = {name: values[row] for name, values in exponents.items()}
    ended = (avalanches["ensemble"] == ensemble) & ~avalanches["censored"]
    sizes, durations = avalanches["size"][ended], avalanches["duration"][ended]
    inside = (durations >= said["alpha_min"]) & (durations <= said["alpha_max"])
    window = (sizes >= said["tau_min"]) & (sizes < said["tau_max"])
    tau = exponent_of_sizes(sizes[window], said["tau_min"], said["tau_max"])
    alpha = exponent_of_durations(durations[inside], said["alpha_min"], said["alpha_max"])
    found = {
        "tau_count": window.sum(),
        "tau": tau,
        "alpha_count": inside.sum(),
        "alpha": alpha,
        "gamma_scaling": exponent_of_scaling(sizes[inside], durations[inside]),
        "gamma_predicted": (alpha - 1) / (tau - 1),
    }
    for name, value in found.items():
        print(ensemble, name, value, said[name])
