"""Programs made into functions: what must be held or not is one set operation, positions come after, raw last."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from vigie.domain.query.engine.program import Program
from vigie.domain.query.engine.spans import (
    Asked,
    Places,
    either,
    near_holds,
    near_spans,
    of_phrase,
    of_spans,
    phrase_starts,
    raw_holds,
    raw_spans,
    window_spans,
)

Held: TypeAlias = set[int] | frozenset[int]
Test: TypeAlias = Callable[[Held, Asked], bool]

_SETS, _POSITIONS, _RAW = range(3)  # what a test costs


def test_of(program: Program) -> Test:
    """Return the function that decides a program for a document, given what the document holds and itself."""
    return _priced(program)[1]


def _priced(program: Program) -> tuple[int, Test]:
    if isinstance(program, int):
        return _SETS, lambda held, _: program in held
    match program:
        case ["not", int(fact)]:
            return _SETS, lambda held, _: fact not in held
        case ["not", operand]:
            cost, test = _priced(operand)
            return cost, lambda held, document: not test(held, document)
        case ["and", *operands]:
            return _all(operands)
        case ["or", *operands]:
            return _any(operands)
        case _:
            return _placed(program)


def _all(operands: Sequence[Program]) -> tuple[int, Test]:
    needed = frozenset(each for each in operands if isinstance(each, int))
    barred = frozenset(
        each[1]
        for each in operands
        if isinstance(each, list) and each[0] == "not" and isinstance(each[1], int)
    )
    rest = [
        each
        for each in operands
        if not isinstance(each, int) and not (each[0] == "not" and isinstance(each[1], int))
    ]
    priced = sorted(map(_priced, rest), key=lambda each: each[0])
    tests = [test for _, test in priced]
    if barred:
        tests.insert(0, lambda held, _: barred.isdisjoint(held))
    if needed:
        tests.insert(0, lambda held, _: needed <= held)
    cost = priced[-1][0] if priced else _SETS
    if len(tests) == 1:
        return cost, tests[0]
    if len(tests) == 2:
        first, second = tests
        return cost, lambda held, document: first(held, document) and second(held, document)

    def holds(held: Held, document: Asked) -> bool:
        for test in tests:  # noqa: SIM110 - all() makes a generator, and costs as much as the tests
            if not test(held, document):
                return False
        return True

    return cost, holds


def _any(operands: Sequence[Program]) -> tuple[int, Test]:
    facts = frozenset(each for each in operands if isinstance(each, int))
    priced = sorted(
        map(_priced, (each for each in operands if not isinstance(each, int))), key=lambda each: each[0]
    )
    if not priced:
        return _SETS, lambda held, _: not facts.isdisjoint(held)
    tests = [test for _, test in priced]

    def holds(held: Held, document: Asked) -> bool:
        if not facts.isdisjoint(held):
            return True
        for test in tests:  # noqa: SIM110 - as above
            if test(held, document):
                return True
        return False

    return priced[-1][0], holds


def _placed(program: Program) -> tuple[int, Test]:
    chance = test_of(chance_of(program))
    match program:
        case ["seq", field, needs, facts]:
            wanted = frozenset(needs)
            return (
                _POSITIONS,
                lambda held, document: wanted <= held and bool(phrase_starts(document, field, facts)),
            )
        case ["slop", *_]:
            spans = _places(program).spans
            return _POSITIONS, lambda held, document: chance(held, document) and bool(spans(document))
        case ["raw", field, _, text]:
            stands = raw_holds(field, text)
            return _RAW, lambda held, document: chance(held, document) and stands(document)
        case ["near", distance, ordered, left, right]:
            joined = near_holds(_places(left), _places(right), distance, ordered=bool(ordered))
            return _POSITIONS, lambda held, document: chance(held, document) and joined(document)
        case _:
            raise ValueError(f"{program!r} is no program")


def chance_of(program: Program) -> Program:
    """Return what must be held for a term with places to have a chance."""
    match program:
        case ["near", _, _, left, right]:
            return ["and", chance_of(left), chance_of(right)]
        case ["or", *operands]:
            return ["or", *map(chance_of, operands)]
        case [_, _, needs, *_]:
            return needs[0] if len(needs) == 1 else ["and", *needs]
        case _:
            raise ValueError(f"{program!r} is no program")


def _places(program: Program) -> Places:
    match program:
        case ["seq", field, _, facts]:
            return of_phrase(field, facts)
        case ["slop", field, _, facts, distance]:
            return of_spans(window_spans(field, facts, distance))
        case ["raw", field, _, text]:
            return of_spans(raw_spans(field, text))
        case ["or", *operands]:
            return either([_places(operand) for operand in operands])
        case ["near", distance, ordered, left, right]:
            return of_spans(near_spans(_places(left), _places(right), distance, ordered=bool(ordered)))
        case _:
            raise ValueError(f"{program!r} is no program")
