"""What the peers take: `python peers.py TASK FILE` prints one JSON line with seconds on the clock, seconds of processor
time (all threads) and the peak memory of the process. Fits and CLV are the call alone, without imports and reading; orders
are the whole way, with both."""
import json
import resource
import sys
import time


def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


task, path = sys.argv[1], sys.argv[2]
start, before = time.perf_counter(), spent()


def done(**more):
    seconds, cpu = time.perf_counter() - start, spent() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peakMiB": round(peak), **more}))


if task in ("lifetimes-fit", "lifetimes-clv"):
    import warnings

    warnings.filterwarnings("ignore")
    import pandas as pd
    from lifetimes import BetaGeoFitter, GammaGammaFitter

    rows = pd.read_csv(path)
    start, before = time.perf_counter(), spent()
    model = BetaGeoFitter().fit(rows["frequency"], rows["recency"], rows["T"])
    if task == "lifetimes-fit":
        done(params=list(model.params_))
    else:
        again = rows[rows["frequency"] > 0]
        spend = GammaGammaFitter().fit(again["frequency"], again["monetary_value"])
        start, before = time.perf_counter(), spent()
        clv = spend.customer_lifetime_value(
            model, rows["frequency"], rows["recency"], rows["T"], rows["monetary_value"], time=12, discount_rate=0.01, freq="W"
        )
        done(total=float(clv.sum()))
elif task in ("pymc-fit", "pymc-first"):
    import pandas as pd
    from pymc_marketing import clv

    rows = pd.read_csv(path).rename(columns={"id": "customer_id"})

    def fit():
        model = clv.BetaGeoModel(data=rows)
        model.build_model()
        model.fit(method="map")

    if task == "pymc-fit":
        # The first time it compiles; what counts is the second.
        fit()
    start, before = time.perf_counter(), spent()
    fit()
    done()
elif task == "polars-orders":
    import polars as pl

    orders = pl.read_csv(path, try_parse_dates=True)
    users = orders.group_by("customer_id").agg(pl.len().alias("f"), pl.col("order_date").max().alias("r"), pl.col("amount").mean().alias("m"))
    n = users.height
    fifth = lambda name: (pl.col(name).rank("max") * 5 / n).ceil().cast(pl.Int8).alias(name.upper())
    users = users.with_columns(fifth("r"), fifth("f"), fifth("m"))
    tier = (
        pl.when((pl.col("F") + pl.col("M") >= 9) & (pl.col("R") >= 4)).then(3)
        .when((pl.col("F") + pl.col("M") >= 8) & (pl.col("R") >= 3)).then(2)
        .when((pl.col("F") + pl.col("M") >= 6) & (pl.col("R") >= 3)).then(1)
        .otherwise(0).alias("tier")
    )
    counts = users.with_columns(tier).group_by("tier").len().sort("tier")
    done(counts=counts.rows())
elif task == "duckdb-orders":
    import duckdb

    counts = duckdb.sql(f"""
        with users as (select customer_id, count(*) f, max(order_date) r, avg(amount) m from read_csv('{path}') group by 1),
        scores as (select ceil(5 * cume_dist() over (order by r)) R1, ceil(5 * cume_dist() over (order by f)) F1,
                          ceil(5 * cume_dist() over (order by m)) M1 from users)
        select case when F1 + M1 >= 9 and R1 >= 4 then 3 when F1 + M1 >= 8 and R1 >= 3 then 2
                    when F1 + M1 >= 6 and R1 >= 3 then 1 else 0 end tier, count(*) from scores group by 1 order by 1""").fetchall()
    done(counts=counts)
elif task == "pandas-orders":
    import numpy as np
    import pandas as pd

    # With pyarrow's reader, the fast one; dates come as text that sorts like dates.
    orders = pd.read_csv(path, engine="pyarrow")
    users = orders.groupby("customer_id").agg(f=("amount", "size"), r=("order_date", "max"), m=("amount", "mean"))
    fifth = lambda name: np.ceil(users[name].rank(method="max") * 5 / len(users))
    R, F, M = fifth("r"), fifth("f"), fifth("m")
    tier = np.select([(F + M >= 9) & (R >= 4), (F + M >= 8) & (R >= 3), (F + M >= 6) & (R >= 3)], [3, 2, 1], 0)
    done(counts=[[int(t), int((tier == t).sum())] for t in range(4)])
else:
    sys.exit(f"no task {task}")
