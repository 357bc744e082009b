"""Prices for what was counted: the lines of the design's cost table, and the month's whole bill."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.idle_cost import bill
from benchmarks.month.stack import MeteredStack
from infra.template import Template
from vigie.domain.costs.prices import price_table

HOURS_A_MONTH = 730
MONTH = {"feeds": 1_000, "clients": 50, "documents": 300_000, "mentions": 30_000, "mails": 1_500}

# Modelled: the emulator is no Lambda.
POLL_WAIT_SECONDS = 6.0  # a visit waits so long for its slowest publisher
CALL_SECONDS = 0.008  # a call of DynamoDB, S3 or SQS, over a kept connection
WHOLE_PROCESSOR_MB = 1_769
# Of a message, as CloudWatch counts them: 26 more than each has in a local run.
LINE_BYTES, METRIC_BYTES = 350, 250
# These publish a metric with each message; of Lambda's own lines only failures are kept.
COUNTING = ("poll", "classify")
FUNCTIONS = ("poll", "match", "deduplicate", "classify", "digest", "send")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the cost table: what was counted beside its limit, and what is assumed."""

    name: str
    figure: float
    limit: float
    unit: str
    assumed: str = ""

    @property
    def holds(self) -> bool:
        """Whether it is within its limit."""
        return self.figure <= self.limit

    def text(self) -> str:
        """Return the line as printed."""
        verdict = "ok" if self.holds else "FAILED"
        limit = f"at most {self.limit:<5} {verdict:<7}"
        return f"{self.name:<40}{self.figure:>8.2f} {self.unit:<12} {limit} {self.assumed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What one unit of each kind of work asks, by kind of request; and what the table's lines are made of."""

    units: Mapping[str, Mapping[str, float]]
    quiet_writes_a_poll: float
    writes_a_document: float
    puts_a_batch: float
    polls_a_month: float
    visits_a_month: float
    feeds_a_visit: float

    @classmethod
    def of(cls, stack: MeteredStack) -> "Lines":
        """Return what a sample came to, by the unit."""
        works = {stage: _work(stack, stage) for stage in FUNCTIONS}
        counts = stack.meter.counts
        polls, documents = counts["poll"]["polls"], counts["poll"]["documents"]
        mentions, mails = counts["classify"]["mentions"], counts["send"]["messages"]
        client_share = counts["match"]["client"]
        news = counts["poll"]["news"]
        poll = _less(works["poll"], news, counts["poll"]["s3_puts"])
        document = _plus(
            _less(works["match"], client_share, 0),
            {"dynamodb_write_units": news, "s3_puts": counts["poll"]["s3_puts"]},
        )
        mention = _plus(works["deduplicate"], works["classify"], {"dynamodb_write_units": client_share})
        mail = _plus(works["digest"], works["send"], {"mails": mails})
        scale = (MONTH["feeds"] / stack.feeds) * (HOURS_A_MONTH / stack.hours)
        return cls(
            units={
                "poll": _over(poll, polls),
                "document": _over(document, documents),
                "mention": _over(mention, mentions),
                "mail": _over(mail, mails),
            },
            quiet_writes_a_poll=counts["poll"]["quiet"] / polls,
            writes_a_document=document["dynamodb_write_units"] / documents,
            puts_a_batch=counts["poll"]["s3_puts"] / counts["poll"]["batches"],
            polls_a_month=polls * scale,
            visits_a_month=counts["poll"]["messages"] * scale,
            feeds_a_visit=polls / counts["poll"]["messages"],
        )


def lines_of(lines: Lines) -> list[Line]:
    """Return the lines of the design's cost table."""
    prices, mention = price_table(), lines.units["mention"]
    polling = prices.of(lines.units["poll"]) * lines.polls_a_month
    idle = sum(line.month_usd for line in bill(Template.read()))
    visits = f"{lines.visits_a_month:,.0f} visits of {lines.feeds_a_visit:.0f} feeds, {POLL_WAIT_SECONDS:.0f} s each"
    return [
        Line(
            "a poll of an unchanged feed",
            lines.quiet_writes_a_poll,
            0.3,
            "write units",
            "a hundred feeds a shard",
        ),
        Line(
            "a new document, matched or not", lines.writes_a_document, 1.5, "write units", "feeds, ten a day"
        ),
        Line("… its batch", lines.puts_a_batch, 1, "S3 puts"),
        Line(
            "a mention, story included", mention["dynamodb_write_units"], 12, "write units", "90 to 420 words"
        ),
        Line("…", mention["dynamodb_read_units"], 10, "read units"),
        Line("… a million of them, all in", prices.of(mention) * 1e6, 12, "US$"),
        Line("1,000 feeds, a month", polling, 5, "US$", visits),
        Line("an idle stack, a month", idle, 2, "US$", "benchmark idle_cost"),
    ]


def month_of(lines: Lines) -> Iterator[str]:
    """Yield the bill of the month's stack."""
    prices, total = price_table(), 0.0
    quantities = {
        "poll": lines.polls_a_month,
        "document": MONTH["documents"],
        "mention": MONTH["mentions"],
        "mail": MONTH["mails"],
    }
    for kind, quantity in quantities.items():
        usd = prices.of(lines.units[kind]) * quantity
        total += usd
        yield f"{kind + 's':<24}{quantity:>12,.0f}{usd:>10.2f} US$"
    idle = sum(line.month_usd for line in bill(Template.read()))
    yield f"{'the stack itself':<24}{'':>12}{idle:>10.2f} US$"
    yield f"{'a month':<24}{'':>12}{total + idle:>10.2f} US$   {(total + idle) / MONTH['clients']:.2f} a client"


def _work(stack: MeteredStack, stage: str) -> dict[str, float]:
    """Return what a stage asked in all, its time on Lambda modelled: a share of a quiet processor by its memory."""
    counts, memory_mb = stack.meter.counts[stage], Template.read().functions[stage].memory_mb
    calls = counts["messages"] or counts["digests"]
    busy = stack.seconds[stage] / stack.pace.slowdown * WHOLE_PROCESSOR_MB / memory_mb
    waiting = counts["waits"] * CALL_SECONDS + (POLL_WAIT_SECONDS * calls if stage == "poll" else 0.0)
    kinds = ("dynamodb_write_units", "dynamodb_read_units", "s3_puts", "s3_gets", "sqs_requests")
    return {
        **{kind: float(counts[kind]) for kind in kinds},
        "lambda_requests": float(calls),
        "lambda_gb_seconds": (busy + waiting) * memory_mb / 1_024,
        "logs_gb": calls * (LINE_BYTES + (METRIC_BYTES if stage in COUNTING else 0)) / 1e9,
    }


def _less(work: Mapping[str, float], writes: float, puts: float) -> dict[str, float]:
    return _plus(work, {"dynamodb_write_units": -writes, "s3_puts": -puts})


def _plus(*works: Mapping[str, float]) -> dict[str, float]:
    kinds = sorted({kind for work in works for kind in work})
    return {kind: sum(work.get(kind, 0.0) for work in works) for kind in kinds}


def _over(work: Mapping[str, float], number: float) -> dict[str, float]:
    return {kind: quantity / number for kind, quantity in work.items()}
