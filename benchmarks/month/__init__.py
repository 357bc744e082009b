"""What a month costs: 1,000 feeds, 50 clients, 300,000 documents, a tenth matched; each line of the cost table."""

import os

from benchmarks.month.bill import Lines, lines_of, month_of
from benchmarks.month.stack import MeteredStack
from infra.local.emulator import Emulator
from tests.conftest import AWS_CLIENTS, Cloud
from vigie.adapters.dynamo.table import time_is
from vigie.domain.costs.prices import price_table
from vigie.domain.costs.spending import unit_work

FEEDS, CLIENTS, SHARDS = 100, 5, 1  # a tenth of the month's stack
WARM_UP_HOURS, HOURS = 4.0, 2.75  # until after the morning's digests


def main() -> None:
    """Count on a tenth of the stack, price, print each line beside its limit; exit with those that do not hold."""
    sample = count()
    lines = Lines.of(sample)
    prices = price_table()
    print(f"public prices of {prices.as_of}, {prices.region}, on demand, arm64, no free tier; US dollars")
    print(
        f"this machine took {sample.pace.slowdown:.2f} times the processor time of its good moments: divided by that"
    )
    for line in lines_of(lines):
        print(line.text())
    print()
    for row in month_of(lines):
        print(row)
    print()
    for drift in drifts(lines):
        print(drift)
    missed = [line.name for line in lines_of(lines) if not line.holds]
    if missed:
        raise SystemExit(f"above their limits: {'; '.join(missed)}")


def count() -> MeteredStack:
    """Play some hours of a tenth of the stack on the emulated cloud."""
    with Emulator(port=0) as emulator:
        before = dict(os.environ)
        os.environ.update(emulator.environment())
        for client in AWS_CLIENTS:
            client.cache_clear()
        try:
            stack = MeteredStack(
                Cloud(emulator), feeds=FEEDS, clients=CLIENTS, shards=SHARDS, days=1.5, seed=1
            )
            with time_is(lambda: stack.clock().timestamp()):
                stack.run_until(WARM_UP_HOURS * 3_600)
                stack.forget()
                stack.run_until((WARM_UP_HOURS + HOURS) * 3_600)
        finally:
            for client in AWS_CLIENTS:
                client.cache_clear()
            os.environ.clear()
            os.environ.update(before)
    return stack


def drifts(lines: Lines) -> list[str]:
    """Return where what a stack estimates by is off by more than a fifth of what was counted."""
    prices, found = price_table(), []
    for kind, work in lines.units.items():
        counted, estimated = prices.of(work), prices.of(unit_work()[kind])
        note = "" if abs(estimated - counted) <= 0.2 * counted else "   OFF: write unit_work.toml anew"
        found.append(
            f"estimate of a {kind:<9} {estimated * 1e6:>9.2f} US$ a million, counted {counted * 1e6:>9.2f}{note}"
        )
        if note:
            found += [f"    {name} = {quantity:.4g}" for name, quantity in work.items() if quantity]
    return found
