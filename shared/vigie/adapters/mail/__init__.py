"""The digest as mail: ``render`` writes it (templates, catalogues, views), ``compose`` puts it in an envelope."""
