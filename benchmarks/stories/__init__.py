"""Stories: quality, order, crowds and cost on labelled documents, beside MinHash LSH of datasketch."""

from benchmarks.stories.report import main

__all__ = ["main"]
