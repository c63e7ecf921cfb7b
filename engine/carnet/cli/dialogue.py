# SPDX-License-Identifier: Apache-2.0
"""The dialogue of `carnet init` and `carnet fill`: one question at a time, a way back, a valid file throughout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from carnet.api import Law
from carnet.cli.asking import Back, Stop, agrees, expected, prompt, say, show_list, show_values
from carnet.cli.facts import type_text
from carnet.declare.profile import Profile
from carnet.declare.vocabulary import Fact, Value
from carnet.errors import InputError
from carnet.intake.answers import answers_of, warning
from carnet.intake.edit import put
from carnet.intake.interview import Ask, Interview
from carnet.intake.writing import scalar
from carnet.report.words import said
from carnet.spoken import N_, _

COMMANDS = N_(
    "Enter skips a question, `back` returns to the one before, `?` explains, `q` stops. Stop when you like: what is\
 answered is in the file."
)
WHICH = N_("Which of these do you hold? (numbers such as 1,3, or `none`; others: `applied 2`; the rest is not held)")
STATES = N_("`applied 2` or `planned 4` says how far others are: `1,3; applied 2`. Only what is held counts in a check")


class Step(NamedTuple):
    """An answer or a skip, and what takes it back."""

    ask: Ask
    text: str
    declared: tuple[tuple[str, dict[str, Any]], ...]


class Dialogue:
    """Fills a profile's text by questions; `save` is called with the text after each answer.

    comments: write each question above its answer, as in a file that is new.
    """

    def __init__(
        self,
        law: Law,
        text: str,
        file: str,
        markets: Sequence[str],
        save: Callable[[str], None],
        comments: bool = False,
    ) -> None:
        self._law, self._file, self._save, self._markets, self._comments = law, file, save, markets, comments
        self.text = text
        self._answers = answers_of(law)
        self._done: list[Step] = []
        self._decided: dict[str, str] = {}

    def run(self) -> str:
        """Ask until nothing is open or the user stops, and return the text."""
        say(_(COMMANDS))
        with Interview(self._law, self._profile(), self._markets) as interview:
            self._interview = interview
            try:
                self._ask_all()
                if self._wants_more():
                    interview.everything = True
                    self._ask_all()
            except Stop:
                pass
            self._outcomes()
        return self.text

    def _profile(self) -> Profile:
        law = self._law
        return Profile.from_text(
            self.text, law.vocabulary, name=self._file, approvals=law.approvals, jurisdictions=law.codes
        )

    def _ask_all(self) -> None:
        while ask := self._interview.next():
            self._tell_decided()
            try:
                self._one(ask)
            except Back:
                self._back()
        self._tell_decided()

    def _one(self, ask: Ask) -> None:
        say("")
        say(self._heading(ask))
        step = self._approvals(ask) if ask.is_approvals else self._fact(ask)
        if step.declared:
            self._save(self.text)
        else:
            self._interview.skipped.update(ask.paths)
        self._done.append(step)

    def _back(self) -> None:
        if not self._done:
            say(_("  this is the first question"))
            return
        step = self._done.pop()
        self._interview.skipped.difference_update(step.ask.paths)
        for market, facts in reversed(step.declared):
            self._interview.declare(dict.fromkeys(facts), market)
        self.text = step.text
        if step.declared:
            self._save(self.text)

    def _heading(self, ask: Ask) -> str:
        left = self._interview.left()
        if self._interview.everything or left is None:
            open_yet = self._interview.open_questions()
            return _("[{number}; {n} still open]").format(number=len(self._done) + 1, n=open_yet)
        words = (
            _("[{number}; about {n} to go to the next verdict: {market}]")
            if self._decided
            else _("[{number}; about {n} to go to the first verdict: {market}]")
        )
        market = self._law.head(left.market).name
        return words.format(number=len(self._done) + 1, n=left.answers, market=market)

    def _fact(self, ask: Ask) -> Step:
        (path,) = ask.paths
        fact = self._law.vocabulary.fact(path)
        say(f"{fact.question} {expected(fact)}".rstrip())
        show_values(fact)
        if fact.per_market and len(self._markets) > 1:
            words = _("  If it differs by market, write both: `ANSWER; {market}: OTHER ANSWER`")
            say(words.format(market=self._markets[-1]))
        before = self.text
        parts = prompt(lambda text: self._parts(fact, text), self._explain(fact, ask))
        if parts is None:
            return Step(ask, before, ())
        declared = []
        for market, value in parts:
            keys = ("in", market, *path.split(".")) if market else tuple(path.split("."))
            self.text = put(self.text, keys, scalar(value), fact.question if self._comments and not market else "")
            facts = {path: list(value) if isinstance(value, tuple) else value}
            self._interview.declare(facts, market)
            declared.append((market, facts))
        return Step(ask, before, tuple(declared))

    def _parts(self, fact: Fact, text: str) -> list[tuple[str, Value]]:
        """An answer for all markets, or with others for some: `left; GB, AU: right`."""
        found: list[tuple[str, Value]] = []
        known = {path: value for path, value in self._interview.known.items() if value is not None}
        for market, answer in self._by_market(text):
            value = self._answers.read(fact, answer, known)
            if (doubt := warning(fact, value)) and not agrees(_("{doubt}. Keep it?").format(doubt=doubt)):
                raise InputError("not kept", hint="answer again")
            found.append((market, value))
        return found

    def _by_market(self, text: str) -> list[tuple[str, str]]:
        parts = [part.partition(":") for part in text.split(";")]
        if not any(colon for _, colon, _ in parts):
            return [("", text)]
        found = []
        for head, colon, answer in parts:
            codes = [self._answers.places.jurisdiction(name) for name in head.split(",")] if colon else [""]
            found += [(code, answer if colon else head) for code in codes]
        return found

    def _approvals(self, ask: Ask) -> Step:
        ids = [path.split(".")[1] for path in ask.paths]
        say(_(WHICH))
        rows = ((str(number), f"{code}: {self._law.approvals[code].title}") for number, code in enumerate(ids, 1))
        show_list(rows)
        before = self.text
        states = prompt(partial(self._states, ids), f"{_(STATES)}\n{waiting(ask)}")
        if states is None:
            return Step(ask, before, ())
        facts = {f"approvals.{code}": states.get(code, "none") for code in ids}
        for code in ids:
            self.text = put(self.text, ("approvals", code), facts[f"approvals.{code}"])
        self._interview.declare(facts)
        return Step(ask, before, (("", dict(facts)),))

    def _states(self, ids: Sequence[str], text: str) -> dict[str, str]:
        """The state of each approval named: held, or what stands before it."""
        known = self._law.vocabulary.approval_fields["state"].values
        found: dict[str, str] = {}
        for part in filter(None, (part.strip() for part in text.split(";"))):
            word, _, rest = part.partition(" ")
            state = word.lower().rstrip(":") if word.lower().rstrip(":") in known else "held"
            found.update(dict.fromkeys(self._named(ids, part if state == "held" and word != state else rest), state))
        return found

    def _named(self, ids: Sequence[str], text: str) -> tuple[str, ...]:
        """Approvals of the list by number, id or Regulation."""
        listed = Fact("approvals", "set", values=dict.fromkeys(ids, ""))
        if text.lower() in ("n", "no"):
            return ()
        words = [word.strip() for word in text.replace("，", ",").split(",") if word.strip()]
        if len(words) > 1 or (words and words[0].lower() not in ("none", "all")):
            words = [self._answers.approval(word) if any(map(str.isalpha, word)) else word for word in words]
        for word in words:
            if word in self._law.approvals and word not in ids:
                raise InputError(
                    f"`{word}` is not in this list", hint="name those of the list; others are asked for later"
                )
        found = self._answers.read(listed, ",".join(words))
        assert isinstance(found, tuple)
        return found

    def _explain(self, fact: Fact, ask: Ask) -> str:
        term = f" ({fact.term})" if fact.term else ""
        return "\n".join(filter(None, (f"{fact.path}: {type_text(fact)}{term}", fact.help, waiting(ask))))

    def _tell_decided(self) -> None:
        """Say which markets have an outcome since the last question."""
        for market in self._interview.report:
            outcome = str(market.outcome)
            if outcome != "undetermined" and self._decided.get(market.market) != outcome:
                self._decided[market.market] = outcome
                words = _("  -> {market}: {outcome}, gaps: {n}") if market.gaps else "  -> {market}: {outcome}"
                told = words.format(market=market.name, outcome=said("outcome", outcome), n=len(market.gaps))
                say(told, bold=True)
            elif outcome == "undetermined":
                self._decided.pop(market.market, None)

    def _wants_more(self) -> bool:
        rest = self._interview.open_questions()
        if not rest:
            return False
        say("")
        say(
            _("The outcomes stand as far as they can be told. {n} more answers would settle what is open yet.").format(
                n=rest
            )
        )
        return agrees(_("Go on with these?"))

    def _outcomes(self) -> None:
        say("")
        for market in self._interview.report:
            say(f"  {market.market:<6} {market.name}: {said('outcome', market.outcome.value)}")


def waiting(ask: Ask) -> str:
    """What waits for an answer, in a sentence."""
    rules = "; ".join(ask.rules[:3])
    if len(ask.rules) > 3:
        rules = _("{some} and {n} more").format(some=rules, n=len(ask.rules) - 3)
    return _("Waiting in {markets}: {rules}").format(markets=", ".join(ask.markets), rules=rules)
