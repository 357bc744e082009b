"""Rules that say what a document does to somebody: words × entity × stance, with the words that they lean on.

``stream`` reads a document's words once; ``grammar`` finds the patterns of the lexicon in them, in one pass;
``signals`` says of each trigger whose it is and how it is meant (asserted, denied, past, an exercise…). The rules
themselves are data: ``lexicon/*.toml``.
"""
