# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings, strategies as st

from carnet.declare.profile import Profile
from carnet.declare.vocabulary import Fact
from carnet.declare.vocabulary_files import load_vocabulary
from carnet.errors import InputError, Problems, SourceError

VOCABULARY = load_vocabulary([Path(__file__).parents[1] / "fixtures" / "small_law"])
APPROVALS = ("UN-R155", "UN-R157")
ITEMS = {"country": ["DE", "NO", "AE"], "language": ["en", "ar", "de"], "place": ["DE-BY", "Soho"], "": ["some text"]}
dates = st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1))


def values_of(fact: Fact) -> st.SearchStrategy[Any]:
    low, high = fact.range or (0, 1000)
    words = st.sampled_from([*fact.values] or ITEMS[fact.items])
    return {
        "bool": st.booleans(),
        "int": st.integers(int(low), int(high)),
        "number": st.floats(low, high).map(lambda number: round(number, 6)) | st.integers(int(low), int(high)),
        "choice": words,
        "text": words,
        "date": dates,
        "set": st.lists(words, unique=True, max_size=4),
    }[fact.type]


def overlay() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={path: values_of(fact) for path, fact in VOCABULARY.facts.items()})


def approval() -> st.SearchStrategy[Any]:
    fields = {name: values_of(fact) for name, fact in VOCABULARY.approval_fields.items() if name != "held"}
    return st.sampled_from(["held", "none"]) | st.fixed_dictionaries({"held": st.booleans()}, optional=fields)


def profiles() -> st.SearchStrategy[dict[str, Any]]:
    approvals = st.dictionaries(st.sampled_from(APPROVALS), approval())
    overlays = st.dictionaries(st.sampled_from(["DE", "AE"]), overlay())
    features = st.dictionaries(st.sampled_from(["pilot", "city"]), overlay())
    extras = st.fixed_dictionaries(
        {"approvals": approvals, "in": overlays, "features": features},
        optional={"name": st.just("A"), "complete": st.just(["approvals", "odd"])},
    )
    return st.tuples(overlay(), extras).map(lambda parts: {**parts[0], **parts[1]})


def nest(data: dict[str, Any]) -> dict[str, Any]:
    """The same profile with its facts nested by section."""
    nested: dict[str, Any] = {}
    for path, value in data.items():
        target = nested
        *parents, last = path.split(".")
        for parent in parents:
            target = target.setdefault(parent, {})
        target[last] = value
    return nested


def read(data: dict[str, Any]) -> Profile:
    return Profile.from_dict(data, VOCABULARY, approvals=APPROVALS, jurisdictions=["DE", "AE"])


def read_text(text: str) -> Profile:
    return Profile.from_text(text, VOCABULARY, approvals=APPROVALS, jurisdictions=["DE", "AE"])


@settings(max_examples=60)
@given(profiles())
def test_a_profile_survives_every_notation(data: dict[str, Any]) -> None:
    profile = read(data)
    assert read(profile.to_dict()).sha256 == profile.sha256
    assert read(nest(data)).sha256 == profile.sha256
    assert read_text(yaml.safe_dump(nest(data), allow_unicode=True)).sha256 == profile.sha256
    assert read_text(json.dumps(data, default=str)).sha256 == profile.sha256


@settings(max_examples=60)
@given(profiles(), st.sampled_from([None, "DE", "AE"]), dates)
def test_facts_are_what_the_nearest_layer_declares(data: dict[str, Any], market: str | None, as_of: dt.date) -> None:
    profile = read({**data, "complete": []})
    chain = [market] if market else []
    for feature in (None, *profile.features):
        facts = profile.facts(chain, feature, as_of=as_of)
        for path, fact in VOCABULARY.facts.items():
            assert facts.values.get(path) == profile.declared(path, chain, feature)
            assert (facts.place(path) is None) == (path not in facts.values)
            if fact.type == "set" and path in facts.values:
                assert isinstance(facts.values[path], tuple)


@settings(max_examples=60)
@given(profiles(), overlay())
def test_a_change_counts_whatever_was_declared(data: dict[str, Any], changes: dict[str, Any]) -> None:
    changed = read(data).with_set(changes, market="DE")
    for path, value in read(changes).facts([], as_of=dt.date(2027, 1, 1)).values.items():
        assert changed.declared(path, ["DE"]) == value


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | dates
keys = st.text(max_size=12) | st.sampled_from(
    [*VOCABULARY.facts, *VOCABULARY.sections, "in", "features", "approvals", "complete", "waivers", "name", "DE"]
)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys | st.integers(), inner, max_size=5),
    max_leaves=15,
)


@given(trees)
def test_any_data_is_a_profile_or_refused_with_reasons(data: Any) -> None:
    try:
        profile = Profile.from_dict(data, VOCABULARY)
    except (Problems, SourceError) as error:
        lines = [str(error)] if isinstance(error, SourceError) else str(error).split("\n")
        assert all(line.startswith("<data>: ") for line in lines)
    else:
        assert len(profile.sha256) == 64


@given(st.text(max_size=200))
def test_any_text_is_a_profile_or_refused(text: str) -> None:
    try:
        outcome = read_text(text).file
    except InputError as error:
        outcome = str(error)
    assert outcome.startswith("<text>")
