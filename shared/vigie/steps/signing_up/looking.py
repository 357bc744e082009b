"""What was said of a business lately, shown before anything is asked of whoever types its name.

The register tells which company is meant, and so its town and its trade; the archive tells what was said. When nobody
spoke of the business, what is said around it is shown under its own heading, never as if it were about it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from vigie.domain.backtest import DAYS_LIMIT, BackTest
from vigie.domain.limits import Limit, home_of, network_of
from vigie.domain.query.builder import query_of
from vigie.domain.signing_up.companies import Company
from vigie.domain.signing_up.looking import (
    About,
    Around,
    Looked,
    Shown,
    chips_of,
    query_around,
    query_of_town,
    query_of_trade,
    wishes_of_name,
)
from vigie.errors import Transient
from vigie.ports import Clock, CompanyRegister
from vigie.steps.backtest import Question
from vigie.steps.sign_in import Limits

LOOKED_FROM_HOME = Limit("look", at_most=40, window_seconds=3600)
LOOKED_FROM_NETWORK = Limit("looks", at_most=200, window_seconds=3600)
_PARIS = ZoneInfo("Europe/Paris")

Ask = Callable[[Question], BackTest]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Shows a business what was said of it."""

    register: CompanyRegister
    ask: Ask
    limits: Limits
    clock: Clock

    def look(self, looked: Looked, ip: str) -> Shown:
        """Return what was said. Raises TooMany, or BadQuery for a name that cannot be looked for."""
        now = self.clock()
        self.limits.take(LOOKED_FROM_HOME, home_of(ip), now)
        self.limits.take(LOOKED_FROM_NETWORK, network_of(ip), now)
        companies, answers = self._companies(looked.name)
        company = _meant(companies, looked)
        town = company.town if company and looked.with_town else ""
        query = query_of(wishes_of_name(looked.name, looked.excluded, town))
        found = self._asked(query)
        own = [looked.name, *looked.excluded]
        if company:
            own += [company.name, company.town, *(company.trade.words if company.trade else ())]
        return Shown(
            looked=looked,
            company=company,
            companies=tuple(companies),
            register_answers=answers,
            found=found,
            chips=tuple(chips_of(query, found.samples, own)),
            around=None if found.mentions else self._around(company),
        )

    def _companies(self, name: str) -> tuple[list[Company], bool]:
        """Return who may be meant; without the register one sees the archive all the same."""
        try:
            return self.register.search(name), True
        except Transient:
            return [], False

    def _around(self, company: Company | None) -> Around | None:
        """Return the nearest that somebody spoke of: the trade in the town, the town, the trade."""
        if company is None:
            return None
        questions: list[tuple[About, str]] = [
            ("town_and_trade", query_around(company.town, company.trade)),
            ("town", query_of_town(company.town)),
            ("trade", query_of_trade(company.trade)),
        ]
        for about, query in questions:
            if query and (found := self._asked(query)).mentions:
                return Around(about, found)
        return None

    def _asked(self, query: str) -> BackTest:
        return self.ask(Question(query=query, days=DAYS_LIMIT, zone=_PARIS))


def _meant(companies: list[Company], looked: Looked) -> Company | None:
    """Return the company of the number chosen; without one, the only one that is called so."""
    if looked.siren:
        return next((each for each in companies if each.siren == looked.siren), None)
    called = [each for each in companies if each.is_called(looked.name)]
    return called[0] if len(called) == 1 else None
