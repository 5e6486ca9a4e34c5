"""Draws data for the benchmark: `python make.py customers N FILE` from BG/NBD and Gamma-Gamma with the published CDNOW
parameters, in weeks of whole days; `python make.py orders CUSTOMERS ORDERS FILE` a plain order log. Seeded."""
import sys

import numpy as np

chance = np.random.default_rng(20261123)


def customers(n, path):
    rate, leave = chance.gamma(0.243, 1 / 4.414, n), chance.beta(0.793, 2.426, n)
    age = chance.integers(27 * 7, 39 * 7 + 1, n)
    count, last, now = np.zeros(n, int), np.zeros(n), np.zeros(n)
    active = np.arange(n)
    while active.size:
        now[active] += 7 * chance.exponential(1, active.size) / np.maximum(rate[active], 1e-300)
        active = active[now[active] <= age[active]]
        count[active] += 1
        last[active] = now[active]
        active = active[chance.random(active.size) >= leave[active]]
    day = np.minimum(np.ceil(last), age)
    nu = chance.gamma(3.74, 1 / 15.44, n)
    mean = np.where(count > 0, np.round(chance.gamma(6.25 * np.maximum(count, 1), 1 / (nu * np.maximum(count, 1))), 2), 0)
    with open(path, "w") as out:
        out.write("id,frequency,recency,T,monetary_value\n")
        for i in range(n):
            money = f"{max(mean[i], 0.01):.2f}" if count[i] else "0"
            out.write(f"{i},{count[i]},{day[i] / 7:.10g},{age[i] / 7:.10g},{money}\n")


def orders(n, m, path):
    weight = chance.gamma(0.5, 1, n) + 1e-9
    who = np.repeat(np.arange(n), 1 + chance.multinomial(m - n, weight / weight.sum()))
    day, amount = chance.integers(0, 730, m), np.exp(chance.normal(3.5, 0.8, m))
    chance.shuffle(who)
    dates = (np.datetime64("2022-01-01") + np.arange(730)).astype(str)
    with open(path, "w") as out:
        out.write("customer_id,order_date,amount\n")
        for i in range(0, m, 100_000):
            part = slice(i, i + 100_000)
            out.write("".join(f"{w},{dates[d]},{a:.2f}\n" for w, d, a in zip(who[part], day[part], amount[part])))


if sys.argv[1] == "customers":
    customers(int(sys.argv[2]), sys.argv[3])
else:
    orders(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
