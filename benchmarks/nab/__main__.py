"""``python -m benchmarks.nab``."""

from benchmarks.nab import main

main()
