"""Work handed to a function that answers nobody: asynchronous invocations, which cost nothing while there are none.

Lambda keeps the event, tries three times, and sends what still fails to the dead letters.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from vigie.adapters.aws import transient_failures
from vigie.ports import Workers


class LambdaWorkers(Workers):
    """``Workers`` on one function; the client is made when there is work."""

    def __init__(self, client: Callable[[], Any], function: str) -> None:
        self._client = client
        self._function = function

    def start(self, work: Mapping[str, Any]) -> None:
        """Hand work over; it is done once or more, later."""
        with transient_failures(f"invoke {self._function}"):
            self._client().invoke(
                FunctionName=self._function, InvocationType="Event", Payload=json.dumps(work).encode()
            )
