# SPDX-License-Identifier: Apache-2.0
"""What is a condition and what is not, and where; what conditions mean is in tests/conformance."""

from __future__ import annotations

import pytest

from carnet.errors import LawError
from carnet.logic.condition import AllOf, Compare, Condition, Constant, FactRef
from carnet.logic.parse import ConditionParser
from carnet.source import parse_source


def parse(text: str) -> Condition:
    source = parse_source(f"when: {text}\n", "pack.yaml")
    return ConditionParser(source).parse(source.data["when"], ("when",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5", "1:1: `when` is not a condition; write `fact.path: value` or `all: [...]`"),
        ("{anny: []}", "`anny` is neither a combinator nor a fact; did you mean `any`?"),
        ("{sae_level: 4}", "`sae_level` is neither a combinator nor a fact; a fact has a dot in its path"),
        ("{5: 4}", "is neither a combinator nor a fact"),
        ("{all: []}", "`all` needs a list with at least one item"),
        ("{any: {a.b: 1}}", "`any` needs a list with at least one item"),
        ("{all: [5]}", "is not a condition"),
        ("{a.b: {}}", "`a.b` compares with nothing"),
        ("{a.b: {gteq: 4}}", "`gteq` is not an operator; did you mean `gte`?"),
        ("{a.b: {between: [1]}}", "`between` needs a lower and an upper bound"),
        ("{a.b: {in: []}}", "`in` needs a list with at least one item"),
        ("{a.b: {in: M1}}", "`in` needs a list with at least one item"),
        ("{a.b: {contains_any: [[1]]}}", "`contains_any` takes a list of plain values"),
        ("{a.b: {declared: maybe}}", "`declared` takes true or false"),
        ("{a.b: {size: many}}", "`size` counts items with a whole number"),
        ("{a.b: {size: {gte: 1.5}}}", "`size` counts items with a whole number"),
        ("{a.b: {size: {contains: 2}}}", "`size` compares a number of items"),
        ("{a.b: {gte: {fact: a.c, param: d}}}", "`gte` has an operand that is not understood"),
        ("{a.b: {gte: {value: 4}}}", "`gte` has an operand that is not understood"),
        ("{a.b: {gte: {formula: 1 +}}}", "(character 4 of `1 +`)"),
        ("{at_least: {n: 3, of: [{a.b: 1}]}}", "`at_least` asks for 3 of 1"),
        ("{at_least: {n: 0, of: [{a.b: 1}]}}", "`at_least` asks for 0 of 1"),
        ("{at_least: {n: true, of: [{a.b: 1}]}}", "`at_least` needs `{n: <whole number>, of: [...]}`"),
        ("{approvals: {any: [A]}}", "has no way `any` to ask for approvals"),
        ("{approvals: {any_of: [A], all_of: [B]}}", "needs one of `any_of`, `all_of`, `applied_of`"),
        ("{approvals: {any_of: [4]}}", "needs approval ids"),
        ("{context.market: {gte: DE}}", "`gte` cannot be compared with `gte`"),
    ],
)
def test_what_is_no_condition_says_what_and_where(text: str, message: str) -> None:
    with pytest.raises(LawError) as error:
        parse(text)
    assert message in str(error.value)
    assert str(error.value).startswith("pack.yaml:1:")


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("{a.b: 5}", "{a.b: {eq: 5}}"),
        ("{a.b: {fact: a.c}}", "{a.b: {eq: {fact: a.c}}}"),
        ("{a.b: {contains: x}}", "{a.b: {contains_all: [x]}}"),
        ("{a.b: {between: [1, 2]}}", "{all: [{a.b: {gte: 1}}, {a.b: {lte: 2}}]}"),
        ("{a.b: {size: 2}}", "{a.b: {size: {eq: 2}}}"),
        ("{a.b: 1, a.c: 2}", "{all: [{a.b: 1}, {a.c: 2}]}"),
        ("{approvals: {all_of: [A]}}", "{approvals.A.held: true}"),
        ("{approvals: {any_of: [A, B]}}", "{any: [{approvals.A.held: true}, {approvals.B.held: true}]}"),
        ("{context.market: DE}", "{context.chain: {contains_any: [DE]}}"),
        ("{context.market: {fact: a.b}}", "{a.b: {fact: context.market}}"),
    ],
)
def test_spellings_that_mean_the_same_are_the_same_tree(short: str, long: str) -> None:
    assert parse(short) == parse(long)


def test_the_tree() -> None:
    assert parse("{a.b: {gte: 4}, a.c: {fact: a.d}}") == AllOf(
        (Compare("a.b", "gte", Constant(4)), Compare("a.c", "eq", FactRef("a.d")))
    )
