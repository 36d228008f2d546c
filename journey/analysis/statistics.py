"""Intervals and tests that every analysis uses, vectorised; undefined is NaN, never 0.

All are two-sided at 95 % with the normal quantile. They are rough for fewer than `MINIMUM_BASE` customers, which the
screens show muted.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from journey.vocabulary import MINIMUM_BASE, Z_95

Floats = npt.NDArray[np.float64]


def has_base(customers: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Tell where customers are enough for a figure to be told; for a feeling, those who scored it."""
    return np.asarray(_floats(customers) >= MINIMUM_BASE)


def is_known(value: object) -> bool:
    """Tell whether a figure is there: neither None nor NaN."""
    return value is not None and value == value


def wilson(successes: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Bounds of the Wilson score interval of the share `successes / n`.

    Centre (p + z²/2n) / (1 + z²/n), half-width z √(p(1−p)/n + z²/4n²) / (1 + z²/n); E. B. Wilson, JASA 22 (1927),
    209–212.

    Returns
    -------
    low, high
        In [0, 1], shaped as the arguments; NaN where `n` is 0 or missing.

    Examples
    --------
    >>> low, high = wilson(1, 4)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0456, 0.6994)
    """
    successes, n = _floats(successes), _positive(n)
    share = successes / n
    widening = 1 + Z_95**2 / n
    centre = (share + Z_95**2 / (2 * n)) / widening
    half_width = Z_95 * np.sqrt(share * (1 - share) / n + Z_95**2 / (4 * n**2)) / widening
    # At 0 and n the bound is exact; rounding would leave 1e-17 and 0.99….
    low = np.where(successes == 0, 0.0 * n, centre - half_width)
    high = np.where(successes == n, n / n, centre + half_width)
    return low, high


def mean_interval(sums: npt.ArrayLike, counts: npt.ArrayLike) -> tuple[float, float, float]:
    """Mean of all values and its interval when values of one customer belong together.

    Parameters
    ----------
    sums, counts
        Per customer the sum and the number of the values; customers without a value are left out.

    Returns
    -------
    mean, low, high
        Mean Σs / Σn; the interval as in `mean_interval_from_moments`.

    Examples
    --------
    >>> mean_interval([1.0, 3.0], [1, 1])[0]
    2.0
    """
    sums, counts = _floats(sums), _floats(counts)
    has_values = counts > 0
    sums, counts = sums[has_values], counts[has_values]
    mean, low, high = mean_interval_from_moments(
        customers=len(sums),
        sum_values=sums.sum(),
        sum_counts=counts.sum(),
        sum_squared_values=(sums**2).sum(),
        sum_squared_counts=(counts**2).sum(),
        sum_products=(sums * counts).sum(),
    )
    return float(mean), float(low), float(high)


def mean_interval_from_moments(
    *,
    customers: npt.ArrayLike,
    sum_values: npt.ArrayLike,
    sum_counts: npt.ArrayLike,
    sum_squared_values: npt.ArrayLike,
    sum_squared_counts: npt.ArrayLike,
    sum_products: npt.ArrayLike,
) -> tuple[Floats, Floats, Floats]:
    """Mean and interval clustered by customer, from sums that a group-by can make.

    With s the sum and n the number of a customer's values, N = Σn, G customers and m = Σs / N, the variance of m is
    G / (G − 1) · Σ(s − m n)² / N², the linearised ratio estimator (W. G. Cochran, Sampling Techniques, 3rd ed. 1977,
    ch. 6, without finite-population correction).

    Returns
    -------
    mean, low, high
        m ± z √variance. The mean is NaN without values; the interval is NaN with fewer than two customers.
    """
    groups, total, n_values = _floats(customers), _floats(sum_values), _positive(sum_counts)
    mean = total / n_values
    spread = _floats(sum_squared_values) - 2 * mean * _floats(sum_products) + mean**2 * _floats(sum_squared_counts)
    correction = np.where(groups > 1, groups / np.where(groups > 1, groups - 1, 1), np.nan)
    # Differences of large sums may fall a rounding error below 0.
    half_width = Z_95 * np.sqrt(correction * np.maximum(spread, 0)) / n_values
    return mean, mean - half_width, mean + half_width


def difference_of_shares(
    x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    """Difference of two independent shares, x1/n1 − x2/n2, with interval and test.

    Returns
    -------
    difference, low, high
        The interval is the hybrid score interval of Newcombe (Statistics in Medicine 17 (1998), 873–890, method 10);
        NaN where a base is 0.
    p_value
        Two-sided, of the z-test with the pooled share; 1 where both shares are 0 or both 1.

    Examples
    --------
    >>> difference, low, high, p_value = difference_of_shares(56, 70, 48, 80)
    >>> [round(float(each), 4) for each in (difference, low, high, p_value)]
    [0.2, 0.0524, 0.3339, 0.008]
    """
    x1, n1, x2, n2 = _floats(x1), _positive(n1), _floats(x2), _positive(n2)
    share1, share2 = x1 / n1, x2 / n2
    (low1, high1), (low2, high2) = wilson(x1, n1), wilson(x2, n2)
    difference = share1 - share2
    low = difference - np.sqrt((share1 - low1) ** 2 + (high2 - share2) ** 2)
    high = difference + np.sqrt((high1 - share1) ** 2 + (share2 - low2) ** 2)
    pooled = (x1 + x2) / (n1 + n2)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    z = np.where(error > 0, difference / np.where(error > 0, error, 1), 0.0 * error)
    return difference, low, high, two_sided(z)


def two_sided(z: npt.ArrayLike) -> Floats:
    """P(|Z| ≥ |z|) for a standard normal Z; NaN where z is missing."""
    tails = np.frompyfunc(lambda each: math.erfc(abs(each) / math.sqrt(2)), 1, 1)(_floats(z))
    return np.asarray(tails, dtype=np.float64)


def false_discovery_adjusted(p_values: npt.ArrayLike) -> Floats:
    """P-values adjusted so that a cut at q keeps the expected share of false discoveries at or under q.

    Step-up procedure of Benjamini and Hochberg (JRSS B 57 (1995), 289–300): with m tests, the i-th smallest becomes
    min over j ≥ i of p(j) · m / j, at most 1.

    Returns
    -------
    adjusted
        In the order given. A missing p-value stays NaN and is not counted among the m.

    Examples
    --------
    >>> [round(float(p), 3) for p in false_discovery_adjusted([0.01, 0.04, 0.03, 0.5])]
    [0.04, 0.053, 0.053, 0.5]
    """
    given = _floats(p_values)
    adjusted = np.full(given.shape, np.nan)
    known = np.flatnonzero(~np.isnan(given))
    ascending = known[np.argsort(given[known], kind="stable")]
    ranks = np.arange(1, len(ascending) + 1)
    raised = given[ascending] * len(ascending) / ranks
    adjusted[ascending] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return adjusted


def _floats(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _positive(n: npt.ArrayLike) -> Floats:
    bases = _floats(n)
    return np.where(bases > 0, bases, np.nan)
