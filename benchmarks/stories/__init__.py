"""Stories: quality, order, crowds and cost on labelled documents, beside MinHash LSH of datasketch."""


def main() -> None:
    """Print the report. Its peer is imported here: tests use the generator and the scorer without it."""
    from benchmarks.stories.report import main as report

    report()
