"""``python -m benchmarks.press --feeds 1500 --days 14 --seed 1``."""

import argparse

from benchmarks.press import main

parser = argparse.ArgumentParser(description="Poll a simulated press with the real poll step.")
parser.add_argument("--feeds", type=int, default=1_500)
parser.add_argument("--days", type=float, default=14)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument(
    "--trouble", type=float, default=0.0, help="share of polls that die, or are asked for twice"
)
main(**vars(parser.parse_args()))
