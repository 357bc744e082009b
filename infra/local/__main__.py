"""``python -m infra.local``: what ``make run`` runs."""

import os
import sys

from infra.layer import LayerError
from infra.local.run import main
from vigie.errors import Refused

if __name__ == "__main__":
    try:
        sys.exit(main(os.environ))
    except (Refused, LayerError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
