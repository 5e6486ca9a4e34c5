#!/usr/bin/env python3
"""The values that tests/score_exact.rs compares with, computed with mpmath at 60 and again at 90 digits and more.

    python3 tests/support/score_exact.py > tests/vectors/score-exact.json

Each value is written with 17 digits. Nothing here is shared with the implementation: expectations come from the
hypergeometric functions of the papers, those at a = 1 and s = 1 from parameters beside them by 1e-40 at far higher
precision, and a part of all is checked against the defining integrals.
"""
import itertools
import json
import random
import sys

import mpmath as mp
from mpmath.libmp.libhyper import NoConvergence

CDNOW = (0.243, 4.414, 0.793, 2.426)
OBSERVATIONS = [
    (0, 0, 0), (0, 0, 1e-8), (0, 0, 38.86), (0, 0, 1e6), (1, 30.86, 38.86), (2, 30.43, 38.86), (6, 30.43, 38.86),
    (6, 10.0, 38.86), (1, 1e-9, 1e-8), (3, 38.86, 38.86), (1, 1e-8, 1e6), (29, 100.0, 104.0), (300, 38.0, 38.86),
    (1200, 300.0, 360.0), (5000, 900.0, 1000.0), (100000, 500.0, 520.0), (100000, 520.0, 520.0),
    (100000, 999999.0, 1e6), (254, 20.0, 700.0), (47, 46.9, 47.0),
]
HORIZONS = [1e-8, 1.0, 39.0, 520.0, 1e4, 1e6]


def bg_values(r, alpha, a, b, x, tx, t, horizon, modified, digits):
    mp.mp.dps = digits
    r, alpha, a, b, tx, t, horizon = (mp.mpf(v) for v in (r, alpha, a, b, tx, t, horizon))
    if a == 1:
        mp.mp.dps = digits + 60
        a = a + mp.mpf(10) ** (-digits)
    if abs(a + b + x + (1 if modified else 0) - 1) < mp.mpf(10) ** -20:
        # A pole of the hypergeometric function, and none of the expectation.
        mp.mp.dps = 2 * digits + 60
        b = b + mp.mpf(10) ** (-digits)
    stayed = b + x + (1 if modified else 0)
    shape = r + x
    odds = a / (stayed - 1) * ((alpha + t) / (alpha + tx)) ** shape if x or modified else mp.mpf(0)
    alive = 1 / (1 + odds)
    ll = (mp.loggamma(shape) - mp.loggamma(r) + r * mp.log(alpha) - shape * mp.log(alpha + t)
          + mp.loggamma(stayed) - mp.loggamma(a + stayed) - mp.loggamma(b) + mp.loggamma(a + b) + mp.log1p(odds))
    y = horizon / (alpha + t)
    c = a + stayed - 1
    z = y / (1 + y)
    f = (1 + y) ** (1 - a) * mp.hyp2f1(c - shape, a - 1, c, z)
    expected = c / (a - 1) * (1 - f) * alive
    return ll, alive, expected


def bg_integral(r, alpha, a, b, x, tx, t, horizon, modified):
    mp.mp.dps = 30
    stayed = mp.mpf(b) + x + (1 if modified else 0)
    shape, y = mp.mpf(r) + x, mp.mpf(horizon) / (mp.mpf(alpha) + t)
    a = mp.mpf(a)

    def inside(v):
        p = 1 / (1 + mp.exp(-v))
        return mp.exp(a * mp.log(p) + stayed * mp.log1p(-p)) * (1 - (1 + p * y) ** (-shape)) / p
    points = [-200 / a, -30, -10, -5, -2, 0, 2, 5, 10, 30, 60 + 200 / stayed]
    points = sorted(set([p for p in points]))
    return mp.quad(inside, points) / mp.beta(a, stayed)


def pareto_values(r, alpha, s, beta, x, tx, t, horizon, digits):
    mp.mp.dps = digits
    r, alpha, s, beta, tx, t, horizon = (mp.mpf(v) for v in (r, alpha, s, beta, tx, t, horizon))
    shape = r + x
    rsx = shape + s

    def part(at):
        if alpha >= beta:
            return mp.hyp2f1(rsx, s + 1, rsx + 1, (alpha - beta) / (alpha + at)) / (alpha + at) ** rsx
        return mp.hyp2f1(rsx, shape, rsx + 1, (beta - alpha) / (beta + at)) / (beta + at) ** rsx
    try:
        gone = s / rsx * (part(tx) - part(t))
    except (ValueError, NoConvergence):
        # Degenerate for the hypergeometric function (s near an integer, argument near 1): the integral it stands for, by
        # panels of the logarithm that are short beside the decay.
        length = mp.log((alpha + t) / (alpha + tx))
        step = min(mp.mpf(1) / 2, 10 / (shape + s))
        count = min(int(length / step) + 1, 400)
        points = [length * k / count for k in range(count + 1)] if step * 400 > length else [step * k for k in range(401)]
        first = (alpha + tx) ** -shape * (beta + tx) ** -(s + 1)

        def inside(v):
            u = (alpha + tx) * mp.exp(v) - alpha
            return mp.exp(-shape * v) * ((beta + tx) / (beta + u)) ** (s + 1) * (alpha + u)
        mp.mp.dps = 50
        gone = s * first * mp.quad(inside, points)
        mp.mp.dps = digits
    here = (alpha + t) ** -shape * (beta + t) ** -s
    alive = here / (here + gone)
    ll = mp.loggamma(shape) - mp.loggamma(r) + r * mp.log(alpha) + s * mp.log(beta) + mp.log(here + gone)
    grown = mp.log1p(horizon / (beta + t))
    mean = grown if s == 1 else -mp.expm1(-(s - 1) * grown) / (s - 1)
    expected = alive * shape * (beta + t) / (alpha + t) * mean
    return ll, alive, expected


def spend_values(p, q, v, x, m, digits):
    mp.mp.dps = digits
    p, q, v, m = (mp.mpf(n) for n in (p, q, v, m))
    if x:
        ll = (mp.loggamma(p * x + q) - mp.loggamma(p * x) - mp.loggamma(q) + q * mp.log(v) + (p * x - 1) * mp.log(m)
              + p * x * mp.log(x) - (p * x + q) * mp.log(v + x * m))
    else:
        ll = mp.mpf(0)
    return ll, p * (v + x * m) / (p * x + q - 1)


def stable(compute, what, low=60, high=90):
    """The same digits at two precisions, or higher ones until they are."""
    before = compute(low)
    while True:
        after = compute(high)
        tiny = mp.mpf(10) ** -320
        if all(abs(a - b) <= mp.mpf(10) ** -25 * abs(b) + tiny for a, b in zip(before, after)):
            return after
        before, high = after, high * 2
        if high > 3000:
            raise SystemExit(f"no stable value for {what}: {[mp.nstr(v, 30) for v in (*before, *after)]}")


def number(value):
    """A number that JSON carries; what is below the smallest double is 0."""
    value = mp.mpf(value)
    return 0.0 if abs(value) < mp.mpf("1e-300") else float(mp.nstr(value, 17))


def main():
    chance = random.Random(20261123)
    cases = []
    bg_params = [CDNOW] + [
        (0.243, 4.414, a, 2.426)
        for a in (1.0, 1 + 1e-12, 1 - 1e-12, 1 + 1e-9, 1 - 1e-9, 1 + 1e-6, 1 - 1e-6, 1 + 5e-4, 2.0, 3.0, 12.5)
    ] + [(0.243, 4.414, 0.05, 0.04), (0.243, 4.414, 0.4, 0.6), (0.25, 5.0, 40.0, 300.0), (50.0, 4.0, 0.8, 2.4),
         (900.0, 30.0, 1.5, 0.5), (0.01, 4.4, 6.0, 4.0), (0.5, 1e-6, 1.0, 3.0), (1.5, 1e4, 0.7, 0.9), (1.0, 1.0, 1.0, 1.0),
         (0.3, 5.0, 0.9, 46.5), (0.3, 5.0, 0.9, 49.5), (0.002, 9.0, 0.6, 2500.0)]
    grid = list(itertools.product(bg_params, OBSERVATIONS, HORIZONS, (False, True)))
    # Everything near the published case, and a part of all; then the seams between series and integral.
    chosen = [g for g in grid if g[0] == CDNOW and g[1][2] == 38.86] + chance.sample(grid, 420)
    for z in (0.9699999, 0.9700001, 0.99999, 0.5, 0.6180339887):
        for params, obs in ((CDNOW, (0, 0, 38.86)), (CDNOW, (46, 30.0, 38.86)), (CDNOW, (47, 30.0, 38.86)),
                            ((0.243, 4.414, 1.0, 2.426), (2, 30.0, 38.86))):
            chosen.append((params, obs, (params[1] + obs[2]) * z / (1 - z), chance.random() < 0.5))
    checked = 0
    for params, (x, tx, t), horizon, modified in chosen:
        ll, alive, expected = stable(lambda d: bg_values(*params, x, tx, t, horizon, modified, d), (params, x, tx, t, horizon, modified))
        if x < 400 and params[0] < 10 and 0.3 < params[2] < 4 and params[3] < 10 and params[1] > 1 and 0 < horizon < 1e5 and t < 1e4 and chance.random() < 0.15:
            again = bg_integral(*params, x, tx, t, horizon, modified)
            assert abs(again * alive - expected) <= mp.mpf("1e-10") * expected, (params, x, t, horizon, again * alive, expected)
            checked += 1
        cases.append({"model": "mbgnbd" if modified else "bgnbd", "params": dict(zip(("r", "alpha", "a", "b"), params)),
                      "frequency": x, "recency": tx, "T": t, "horizon": horizon,
                      "logLikelihood": number(ll), "pAlive": number(alive), "expected": number(expected)})
    pareto_params = [(0.553, 10.578, s, 11.669) for s in (0.606, 1.0, 1 + 1e-12, 1 - 1e-12, 1 + 1e-9, 1 + 1e-6, 2.0, 7.5)] + [
        (0.553, 10.578, 0.606, 10.578), (0.553, 10.578, 0.606, 10.578 * (1 + 1e-12)), (0.553, 10.578, 0.606, 10.578 * (1 - 1e-12)),
        (0.5, 0.01, 0.6, 5000.0), (0.5, 5000.0, 0.6, 0.01), (1.0, 1.0, 1.0, 1.0), (30.0, 8.0, 0.02, 3.0), (0.02, 20.0, 15.0, 200.0)]
    grid = list(itertools.product(pareto_params, OBSERVATIONS, HORIZONS))
    for params, (x, tx, t), horizon in chance.sample(grid, 180):
        # Where T is next to recency the two parts of the published form cancel: more digits.
        ll, alive, expected = stable(lambda d: pareto_values(*params, x, tx, t, horizon, d + 40), (params, x, tx, t, horizon))
        cases.append({"model": "paretonbd", "params": dict(zip(("r", "alpha", "s", "beta"), params)),
                      "frequency": x, "recency": tx, "T": t, "horizon": horizon,
                      "logLikelihood": number(ll), "pAlive": number(alive), "expected": number(expected)})
    for p, q, v in ((6.25, 3.74, 15.44), (1.0, 1.0, 1.0), (2.0, 1.0, 30.0), (0.5, 0.7, 10.0), (3.0, 1 + 1e-12, 5.0),
                    (0.05, 12.0, 400.0), (80.0, 2.0, 0.5)):
        for x, m in ((0, 0.0), (1, 35.0), (2, 22.35), (14, 1.5), (300, 12.0), (100000, 47.11), (3, 1e-4), (3, 1e7)):
            if p * x + q <= 1:
                cases.append({"model": "gammagamma", "params": {"p": p, "q": q, "v": v}, "frequency": x, "mean": m, "error": "no_finite_value"})
                continue
            ll, expected = stable(lambda d: spend_values(p, q, v, x, m, d), (p, q, v, x, m))
            cases.append({"model": "gammagamma", "params": {"p": p, "q": q, "v": v}, "frequency": x, "mean": m,
                          "logLikelihood": number(ll), "expected": number(expected)})
    print(f"{len(cases)} cases, {checked} of them checked against the integral", file=sys.stderr)
    print('{"cases": [')
    print(",\n".join(json.dumps(case) for case in cases))
    print("]}")


if __name__ == "__main__":
    main()
