"""Words with wildcards: which of them a token answers, in time that hardly depends on how many there are."""


class Patterns:
    """Tokens of queries that end with ``*`` or hold ``?``, each with its number.

    Prefixes are looked up by length. The others are walked character by character: ``_steps`` holds every
    beginning of a pattern, so that those alike so far are one step.
    """

    def __init__(self) -> None:
        self._prefixes: dict[str, int] = {}
        self._lengths: tuple[int, ...] = ()
        self._steps: dict[str, int] = {}

    def add(self, pattern: str, number: int) -> None:
        """Add a pattern; once more changes nothing."""
        if "?" not in pattern:
            self._prefixes[pattern[:-1]] = number
            if len(pattern) - 1 not in self._lengths:
                self._lengths = tuple(sorted((*self._lengths, len(pattern) - 1)))
            return
        for length in range(1, len(pattern)):
            self._steps.setdefault(pattern[:length], 0)
        self._steps[pattern] = number

    def answered_by(self, form: str) -> list[int]:
        """Return the numbers of the patterns that a token of a document answers."""
        found = []
        for length in self._lengths:
            if length > len(form):
                break
            if number := self._prefixes.get(form[:length]):
                found.append(number)
        if form[:1] in self._steps:
            found += self._walk(form)
        return found

    def _walk(self, form: str) -> list[int]:
        found = []
        reached = [""]
        for character in form:
            reached = [
                step for begun in reached for step in (begun + character, f"{begun}?") if step in self._steps
            ]
            found += [number for step in reached if (number := self._steps.get(f"{step}*"))]
        return found + [number for step in reached if (number := self._steps[step])]
