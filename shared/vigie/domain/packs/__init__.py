"""Source packs: lists of sources that somebody can follow as one, kept as data and versioned with the code."""
