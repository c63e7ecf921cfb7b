# SPDX-License-Identifier: Apache-2.0
"""The law in other languages: what is translated, what is missing or stale, and how the English stands in for it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import carnet
from carnet.declare.vocabulary import words_of
from carnet.errors import LawError, UnknownName
from carnet.law.casework.scope import Scope
from carnet.law.law import Law
from carnet.law.link import link_law
from carnet.law.lint.run import run_lint
from carnet.law.locale.catalogue import UNTRANSLATED, Catalogue, catalogue, entries_of
from carnet.law.locale.glossary import strays, terms
from carnet.law.locale.progress import progress
from carnet.law.locale.speaker import Speaker
from carnet.law.locale.wordings import mark, wordings
from carnet.law.locate import bundled_law, law_files
from carnet.plan.dossier import paper_id
from carnet.source import source_of

ROOT = bundled_law()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small law of its own: what is shared, and one jurisdiction that needs no other."""
    folder = tmp_path_factory.mktemp("law")
    shutil.copytree(ROOT / "rules", folder / "rules", ignore=shutil.ignore_patterns("locale"))
    (folder / "jurisdictions" / "XX").mkdir(parents=True)
    (folder / "jurisdictions" / "XX" / "jurisdiction.yaml").write_text(
        "jurisdiction: {id: XX, name: Nowhere, summary: Little is known.}\n"
        "instruments:\n  - {id: xx.act, title: Verkehrsgesetz, short: VG, kind: statute, url: 'https://law.example/act'}\n"
        "rules:\n"
        "  - id: xx.horn\n    title: A horn is carried\n    text: A horn is carried\n    topic: traffic_law\n"
        "    cites: [{instrument: xx.act, provision: Art. 1}]\n    in_force: {from: 2020-01-01}\n"
        "    confidence: secondary\n    duty_holder: manufacturer\n    severity: major\n"
        "    applies_when: {automation.sae_level: {gte: 3}}\n    requires: {vehicle.seats: {gte: 1}}\n"
        "    remedy: {text: Fit one}\n",
        encoding="utf-8",
    )
    return folder


def translate(folder: Path, language: str, file: str, text: str) -> None:
    path = folder / "rules" / "locale" / language / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def spoken(small: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "law"
    shutil.copytree(small, folder)
    translate(
        folder,
        "zh",
        "XX/jurisdiction.yaml",
        f'XX:\n  name: ["{mark("Nowhere")}", "无处"]\n'
        f'xx.act:\n  title: ["{mark("Verkehrsgesetz")}", "交通法"]\n'
        f'xx.horn:\n  title: ["{mark("A horn is carried")}", "须配备喇叭"]\n'
        f'  remedy.text: ["{mark("Fit two")}", "安装两个"]\n',
    )
    return folder


def law_of(folder: Path) -> Law:
    return Law.open([folder])


def test_a_law_speaks_the_language_and_marks_what_it_cannot_say(spoken: Path) -> None:
    law = law_of(spoken)
    chinese = law.in_language("zh")
    rule = chinese.rule("xx.horn")
    assert (rule.title, rule.text) == ("须配备喇叭", "须配备喇叭"), "the same English is translated once"
    assert rule.remedy.text == UNTRANSLATED + "Fit one", "what was translated were other words"
    assert chinese.head("XX").name == "无处"
    assert chinese.head("XX").summary == UNTRANSLATED + "Little is known."
    assert chinese.instrument("xx.act").title == "交通法 (Verkehrsgesetz)", "the official name stays"
    assert rule.evidence == "", "nothing is said of nothing"


def test_only_words_change(spoken: Path) -> None:
    law = law_of(spoken)
    chinese = law.in_language("zh")
    english, other = law.rule("xx.horn"), chinese.rule("xx.horn")
    same = ("id", "cites", "applies_when", "requires", "severity", "in_force", "place")
    assert all(getattr(english, name) == getattr(other, name) for name in same)
    assert chinese.sha256 == law.sha256
    assert list(chinese.vocabulary.facts) == list(law.vocabulary.facts)
    assert chinese.in_language("en") is law
    assert chinese.in_language("zh") is chinese
    assert law.in_language("de").in_language("zh").rule("xx.horn").title == "须配备喇叭"


def test_translations_decide_nothing(spoken: Path) -> None:
    before = law_of(spoken).sha256
    translate(spoken, "de", "XX/jurisdiction.yaml", f'XX:\n  name: ["{mark("Nowhere")}", "Nirgends"]\n')
    assert law_of(spoken).sha256 == before
    assert not [path for path in law_files(spoken) if "locale" in path.parts]
    assert law_of(spoken).in_language("de").head("XX").name == "Nirgends"


def test_missing_and_stale_are_found(spoken: Path) -> None:
    found = progress("zh", [spoken])
    own = [wording.key for wording in found.missing if wording.file.startswith("jurisdictions")]
    assert own == ["XX.summary", "xx.horn.remedy.text"]
    assert [entry.key for entry in found.stale] == ["xx.horn.remedy.text"]
    assert len(found.texts) - len(found.missing) == 3
    assert found.kinds()["rules title"] == (1, 0)
    assert found.kinds()["jurisdiction summary"] == (1, 1)


def test_the_linter_warns_of_both(spoken: Path) -> None:
    scope = Scope((spoken,))
    found = run_lint(link_law([spoken]), scope, ("translation-missing", "translation-stale"))
    told = [(Path(lint.place.file).relative_to(spoken).as_posix(), lint.place.line, lint.level.value) for lint in found]
    assert ("jurisdictions/XX/jurisdiction.yaml", 1, "warning") in told
    assert ("rules/locale/zh/XX/jurisdiction.yaml", 7, "warning") in told
    assert any("`xx.horn.remedy.text`" in lint.message for lint in found)


def test_one_english_text_may_be_said_in_two_ways() -> None:
    sign = mark("other")
    text = f'a:\n  values.x: ["{sign}", "其他"]\nb:\n  values.x: ["{sign}", "另一个"]\n'
    from carnet.law.locale.catalogue import _made

    made = _made(entries_of(source_of(text.encode(), "c.yaml")))
    assert [made.say("other", key) for key in ("a.values.x", "b.values.x", "c.values.x")] == ["其他", "另一个", "其他"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("- a\n", "c.yaml:1"),
        ("a: b\n", "c.yaml:1"),
        ("a:\n  title: b\n", "c.yaml:2"),
        ('a:\n  title: ["", "b"]\n', "c.yaml:2"),
        ('a:\n  title: ["x", "y", "z"]\n', "c.yaml:2"),
    ],
)
def test_what_is_no_translation_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(LawError, match=place):
        list(entries_of(source_of(text.encode(), "c.yaml")))


def test_a_language_that_is_not_spoken_is_refused() -> None:
    with pytest.raises(UnknownName, match="unknown language `fr`"):
        carnet.load_law().in_language("fr")


def test_every_text_that_is_shown_can_be_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a law in another language says is among the texts that are counted and listed."""
    asked: set[str] = set()

    def say(self: Catalogue, text: str, key: str = "") -> str:
        asked.add(text)
        return text

    monkeypatch.setattr(Catalogue, "say", say)
    law = carnet.load_law()
    speaker = Speaker("zh", law)
    core: Any = speaker.core(law._core)
    assert core._replace(vocabulary=None) == law._core._replace(vocabulary=None)
    assert all(fact.title == words_of(path) for path, fact in core.vocabulary.facts.items())
    for code in law.codes:
        assert speaker.record(law.jurisdiction(code)) == law.jurisdiction(code)
    assert asked - {""} <= {wording.text for wording in wordings([ROOT])}


def test_the_bundled_catalogues_are_read_whole() -> None:
    for language in ("de", "zh", "ar"):
        assert catalogue(language, [ROOT]).texts.keys() >= set()


def test_a_report_is_explained_in_the_language_of_its_law_whatever_is_spoken_later() -> None:
    law = carnet.load_law()
    profile = carnet.Profile.from_file(ROOT / "examples" / "robotaxi-munich.yaml")
    chinese = law.in_language("zh").check(profile, "DE-BY").market("DE-BY")
    english = law.check(profile, "DE-BY").market("DE-BY")
    assert [(f.rule, f.status, f.unknown) for f in chinese.findings] == [
        (f.rule, f.status, f.unknown) for f in english.findings
    ]
    said = {f.remedy.text for f in chinese.findings if f.remedy and f.remedy.text}
    assert said
    assert not [text for text in said if re.search("[A-Z][a-z]+ [a-z]+ [a-z]+ [a-z]+", text)], "English is left"
    assert not [f.remedy.text for f in english.findings if f.remedy and re.search("[一-龥]", f.remedy.text)]


def test_a_term_said_otherwise_than_the_glossary_is_found(spoken: Path) -> None:
    (spoken / "rules" / "locale" / "glossary.yaml").write_text(
        "terms:\n  - {en: horn, zh: [喇叭], de: Hupe, ar: بوق}\n  - {en: horn is carried, zh: 配备, de: x, ar: y}\n",
        encoding="utf-8",
    )
    texts = list(wordings([spoken]))
    assert list(strays("zh", [spoken], texts)) == [], "of terms within each other the longest counts"
    translate(spoken, "zh", "XX/jurisdiction.yaml", f'xx.horn:\n  title: ["{mark("A horn is carried")}", "须有号角"]\n')
    assert [(entry.key, term.english) for entry, term in strays("zh", [spoken], texts)] == [
        ("xx.horn.title", "horn is carried")
    ]
    lints = run_lint(link_law([spoken]), Scope((spoken,)), ("translation-term",))
    assert [lint.level.value for lint in lints] == ["warning"]


def test_the_glossary_page_says_what_the_glossary_says() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for term in terms([ROOT]):
        assert f"| {term.english} | {', '.join(term.words['zh'])} | {', '.join(term.words['de'])} |" in page


def test_a_paper_of_an_application_keeps_its_name_in_every_language() -> None:
    """Files are attached under it, so it may not follow the language."""
    law = carnet.load_law()
    papers = [
        (each, other)
        for name in law.approvals
        for each, other in zip(
            law.planning(name).documents, law.in_language("zh").planning(name).documents, strict=True
        )
    ]
    assert any(each.what != other.what for each, other in papers)
    assert [(paper_id(each), paper_id(other)) for each, other in papers if paper_id(each) != paper_id(other)] == []
