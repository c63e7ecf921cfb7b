# SPDX-License-Identifier: Apache-2.0
"""CEL in Rust: the rules as one list expression per hundred of them, so that the context is handed over seldom."""

import cel

from peers.words import Language, signs

SIZE = 100


def fact(name):
    return f"p.{name}"


def has_any(name, value):
    return f"{value}.exists(i, i in p.{name})"


CEL = Language(
    known=lambda name: f"has(p.{name})",
    undeclared=lambda name: f"!has(p.{name})",
    words={
        **signs(fact, lambda name: f"size(p.{name})"),
        "in": lambda name, value: f"p.{name} in {value}",
        "not_in": lambda name, value: f"!(p.{name} in {value})",
        "contains_any": has_any,
        "disjoint": lambda name, value: f"!{has_any(name, value)}",
        "contains_all": lambda name, value: f"{value}.all(i, i in p.{name})",
        "lacks": lambda name, value: f"!{value}.all(i, i in p.{name})",
        "subset_of": lambda name, value: f"p.{name}.all(i, i in {value})",
        "exceeds": lambda name, value: f"!p.{name}.all(i, i in {value})",
    },
    both=" && ",
    either=" || ",
)


def lists(rules):
    written = [CEL.write(rule.gap) for rule in rules]
    return [f"[{', '.join(written[at : at + SIZE])}]" for at in range(0, len(written), SIZE)]


def by_row(rules):
    programs = [cel.compile(text) for text in lists(rules)]

    def run(profile):
        context = {"p": profile}
        gaps = [gap for program in programs for gap in program.execute(context)]
        return [at for at, gap in enumerate(gaps) if gap]

    run.floats = True
    return run
