"""One file per stage: read ports, ask the domain, write ports."""
