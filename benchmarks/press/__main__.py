"""``python -m benchmarks.press --feeds 1500 --days 14 --seed 1``."""

import argparse

from benchmarks.press import main

if __name__ == "__main__":  # each worker process imports this module too
    parser = argparse.ArgumentParser(description="Poll a simulated press with the real poll step.")
    parser.add_argument("--feeds", type=int, default=1_500)
    parser.add_argument("--days", type=float, default=14)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--trouble",
        type=float,
        help="play once, with this share of polls that die and of messages that come twice (default: 0, then 0.1)",
    )
    parser.add_argument("--workers", type=int, default=2, help="processes, each with shards of its own")
    main(**vars(parser.parse_args()))
