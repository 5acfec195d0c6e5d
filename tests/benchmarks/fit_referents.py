"""Fit the rankers of referents and of roles, and write their weights to `patterns/en/referents.toml`.

    python -m tests.benchmarks.fit_referents [-o FILE] [--check] [--keep NAME …] [--readers EVEN ODD]

For each mention all candidates compete: a conditional logistic regression (a softmax over the candidates), fitted on
the annotated pages, the linked articles of PolNeAR train and the project's own news; PolNeAR dev is never learned from.
Who spoke before is first taken from the annotations, then from what the ranker says itself (in cross-validation), so
that it learns to live with its own mistakes. `--readers` gives the reader's weights that have not learned from the
pages at even, at odd places of their sorted names. Last, the chances of each kind of mention are made as sure as they
are right in cross-validation. `--check` prints cross-validated figures and writes nothing; `--keep role_ who_who:`
leaves the weights whose names begin so as they are, and fits those of other and of new features around them: few
articles decide those of roles and of "who", and a fit for other candidates can shift them far. It takes some minutes
and scipy, which scikit-learn brings.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from quotes.extraction.speakers import roles
from quotes.extraction.speakers.antecedents import epithets
from quotes.extraction.speakers.credits import Credits
from quotes.extraction.speakers.model import Referent, Role
from quotes.extraction.speakers.queries import Discourse, ask
from quotes.extraction.speakers.resolve import (
    SHARPNESS,
    SHIFT,
    STRETCH,
    Choice,
    as_right,
    choose,
    key_of,
    role_of,
    roles_of,
    settle,
)
from quotes.reader import RoleReader

from . import corpus
from .referent_cases import FOLDS, LINKS, OWN, Gold, Judged, Story, links, own, pages, right_of, tables

if TYPE_CHECKING:
    from quotes.extraction.pipeline import Pipeline

FILE = corpus.ROOT / "patterns" / "en" / "referents.toml"
HEADER = "# Weights of the rankers of referents and roles, fitted by `tests/benchmarks/fit_referents.py`."
WHO, ROLE = "who_", "role_"
# Strength of the penalty on large weights, the best of .5, 1, 3, 6 and 10 in cross-validation; for referents 6 is no
# better than 3 and forgets what is seen seldom.
PENALTY = {WHO: 3.0, ROLE: 6.0}
# A case counts as the number of its kind in its article to the power of minus this: a long interview is no school of
# its own. For referents the better of 0, .5 and .75 in cross-validation; of roles each article counts the same.
CROWDED = {WHO: 0.75, ROLE: 1.0}
# How much a mention counts in a set, if not 1: the best of 0, .1, .25, .3, .5 and 1 on held-out pages and links; in the
# set of people without a name the better of .5 and 1. Roles count fully: the world's news moved those of held-out pages
# from .730 to .762. Pronouns count more than others, since only there many of them mean people without a name.
SHARES = {"world": 0.1, "world he": 0.3, "unnamed": 0.5}
# The reader's evidence on names, among the features of referents.
READ = ":read_"
# A kind of mention that is seen less often keeps its chances as they are.
SELDOM = 100
_FACTORS = [n / 20 for n in range(10, 31)]
Row = Mapping[str, float]
Weights = dict[str, float]


@frozen(eq=False)
class Case:
    """The candidates of one question, by their features, and which of them are right."""

    story: Story
    rows: Sequence[Row]
    right: Sequence[int]
    kind: str = "role"


@frozen(eq=False)
class Outcome:
    """The rankers' decisions on a statement."""

    judged: Judged
    choice: Choice | None
    who: Referent | None
    role: str | None


def stories(pipeline: Pipeline, readers: Sequence[RoleReader] = ()) -> list[Story]:
    """Read all annotated articles.

    Args:
        pipeline: as it ships.
        readers: of the pages at even places and of those at odd ones; the pipeline's own if there are none.
    """
    linked = [story for which in LINKS for story in links(pipeline, which)]
    reading = [evolve(pipeline, reader=reader) for reader in readers] or [pipeline]
    return [*pages(reading), *linked, *(story for which in OWN for story in own(pipeline, which)), *tables(pipeline)]


def go_through(story: Story, weights: Weights, *, told: bool = False) -> tuple[list[Outcome], list[Case], list[Case]]:
    """Resolve an article's statements in order.

    Args:
        story: the article.
        weights: of both rankers.
        told: whether who spoke before is taken from the annotations.

    Returns:
        What came out, the cases of referents, and those of roles.
    """
    discourse = Discourse(story.model, story.grammar, byline=story.byline)
    asked = [(ask(discourse, judged.statement), judged) for judged in story.judged]
    discourse.credits = Credits.of(query for query, _ in asked)
    aside = [(query, None) for query in epithets(story.model, [query for query, _ in asked])]
    chosen: dict[object, Choice | None] = {}
    cases: list[Case] = []
    for query, judged in sorted([*asked, *([] if told else aside)], key=lambda pair: pair[0].at):
        key = key_of(query.statement)
        if key in chosen:
            continue
        choice = choose(discourse, query, weights)
        right = right_of(choice.found, judged.gold, query) if choice and judged and judged.gold else []
        if choice and query.aside:
            right = _described(story, choice)
        if choice and right:
            cases.append(Case(story, choice.rows, right, query.kind))
        if choice and right and told:
            first = right[0]
            order = [first, *(n for n in range(len(choice.found)) if n != first)]
            choice = evolve(choice, found=tuple(choice.found[n] for n in order))
        if choice:
            settle(discourse, choice)
        chosen[key] = choice
    outcomes = [_outcome(discourse, judged, chosen[key_of(query.statement)], weights) for query, judged in asked]
    return outcomes, cases, [case for o in outcomes for case in _role_cases(story, discourse, o)]


def _described(story: Story, choice: Choice) -> list[int]:
    """Return which candidates of a description outside statements may be right; empty if that cannot be told.

    The one who has it as the annotated role; else all but those who have none, or, where every role of a person is
    annotated, only others.
    """
    kept = corpus.scorers().pages.kept
    words, head = kept(choice.query.phrase), choice.query.head
    golds = [j.gold for j in story.judged if j.gold and j.gold.kind in ("person", "organization", "unknown")]
    told = [g for g in golds if any(_says(kept(r), words, head) for r in g.roles or ())]
    right = [n for n, who in enumerate(choice.found) if who.entity and any(_is_named(who.name, g) for g in told)]
    if told:
        return right if len(right) == 1 and len({g.names[:1] for g in told}) == 1 else []
    every = story.set == "unnamed"
    others = [g for g in golds if g.roles is not None and (every or not g.roles)]
    wrong = [n for n, who in enumerate(choice.found) if who.entity and any(_is_named(who.name, g) for g in others)]
    return [n for n in range(len(choice.found)) if n not in wrong] if wrong else []


def _says(role: Sequence[str], words: Sequence[str], head: str) -> bool:
    return head in role and set(words) <= set(role)


def _outcome(discourse: Discourse, judged: Judged, choice: Choice | None, weights: Weights) -> Outcome:
    who = choice.best if choice and choice.best.origin != "nobody" else None
    return Outcome(judged, choice, who, role_of(discourse, who, weights) if who else None)


def _role_cases(story: Story, discourse: Discourse, outcome: Outcome) -> Iterable[Case]:
    """Yield the question which description is the fullest, of those whose speaker is known rightly."""
    gold, who = outcome.judged.gold, outcome.who
    if gold is None or gold.roles is None or who is None:
        return
    if who.entity is not None and not _is_named(who.name, gold):
        return
    found = roles.candidates(roles_of(discourse, who), lexicon=discourse.model.lexicon)
    rows = [*roles.rows(roles_of(discourse, who), lexicon=story.model.lexicon), {}]
    right = [n for n, role in enumerate(found) if is_role_right(role, gold, story)] if gold.roles else [len(found)]
    if not right and who.entity is None:
        right = [len(found)]  # what an unnamed speaker is called is no role of whom it stands for
    kept = corpus.scorers().pages.kept
    exact = [n for n in right if n < len(found) and any(kept(found[n].text) == kept(r) for r in gold.roles)]
    if found and right:
        yield Case(story, rows, exact or right)


def is_role_right(role: Role | str | None, gold: Gold, story: Story) -> bool:
    """Return whether a description agrees with the annotated one, as the scorer of its corpus sees it."""
    text = role.text if isinstance(role, Role) else role or ""
    scorers = corpus.scorers()
    if gold.exact:
        return any(text.lower().removeprefix("the ") == r.lower().removeprefix("the ") for r in gold.roles or ())
    if story.set in ("pages", "world"):
        return any(scorers.pages.role_like(r, text) for r in gold.roles or ())
    return any(set(scorers.links.words(r)) & set(scorers.links.words(text)) for r in gold.roles or ())


def _is_named(name: str, gold: Gold) -> bool:
    return any(corpus.scorers().pages.same(name, n) for n in gold.names)


def fit(
    cases: Sequence[Case], *, prefix: str, start: Weights | None = None, held: Weights | None = None
) -> Weights:
    """Return the weights under which the right candidates are likeliest, by feature.

    Args:
        cases: what to learn from.
        prefix: how the weights' names begin.
        start: weights to begin with.
        held: weights that stay as they are, so that the others are fitted around them.
    """
    import numpy as np
    from scipy.optimize import minimize  # type: ignore[import-untyped]
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    names: dict[str, int] = {}
    values: list[float] = []
    places: tuple[list[int], list[int]] = ([], [])
    group: list[int] = []
    right: list[float] = []
    for number, case in enumerate(cases):
        for n, row in enumerate(case.rows):
            for name, value in row.items():
                places[0].append(len(group))
                places[1].append(names.setdefault(name, len(names)))
                values.append(value)
            group.append(number)
            right.append(float(n in case.right))
    table = csr_matrix((values, places), shape=(len(group), len(names)))
    groups, good = np.array(group), np.array(right)
    penalty = PENALTY[prefix]
    sizes = Counter((case.story.set, case.story.name, case.kind) for case in cases)
    worth = np.array([sizes[case.story.set, case.story.name, case.kind] ** -CROWDED[prefix] for case in cases])
    worth *= [_share(case) if prefix == WHO else 1.0 for case in cases]
    worth *= len(cases) / worth.sum()
    first = np.r_[0, np.flatnonzero(np.diff(groups)) + 1]

    def loss(weights: Any) -> tuple[float, Any]:
        scores = table @ weights
        odds = np.exp(scores - np.maximum.reduceat(scores, first)[groups])
        every, hits = np.add.reduceat(odds, first), np.add.reduceat(odds * good, first)
        slope = table.T @ (worth[groups] * (odds / every[groups] - odds * good / hits[groups]))
        return float((worth * np.log(every / hits)).sum() + penalty / 2 * weights @ weights), slope + penalty * weights

    kept = held or {}
    begin = np.array([kept.get(prefix + name, (start or {}).get(prefix + name, 0.0)) for name in names])
    free = np.array([prefix + name not in kept for name in names])

    def freely(weights: Any) -> tuple[float, Any]:
        lost, slope = loss(np.where(free, weights, begin))
        return lost, slope * free

    found = minimize(freely, begin, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return {prefix + name: float(found[at]) for name, at in names.items()}


def _share(case: Case) -> float:
    return SHARES.get(f"{case.story.set} {case.kind}", SHARES.get(case.story.set, 1.0))


def folded(every: Sequence[Story]) -> list[Weights]:
    """Return for each part of the cross-validation the weights learned from the other parts."""
    told = _told(every, [{}] * FOLDS)
    weights = [fit(_others(told, part), prefix=WHO) for part in range(FOLDS)]
    cases = [case for story in every for case in go_through(story, weights[story.fold])[1]]
    cases = _lived(cases, _told(every, weights))
    weights = [fit(_others(cases, part), prefix=WHO, start=weights[part]) for part in range(FOLDS)]
    kinds = [case for story in every for case in go_through(story, weights[story.fold])[2]]
    return [w | fit(_others(kinds, part), prefix=ROLE) for part, w in enumerate(weights)]


def _told(every: Iterable[Story], weights: Sequence[Weights]) -> list[Case]:
    """Return the cases of referents where who spoke before is as annotated, and as the weights say where nothing is."""
    return [case for story in every for case in go_through(story, weights[story.fold], told=True)[1]]


def _lived(cases: Iterable[Case], told: Iterable[Case]) -> list[Case]:
    """Return the cases to learn from: those after the ranker's own mistakes, but of quotations that run on after none.

    Where one such quotation is given to the wrong speaker, so are all after it: a lesson in mistakes would be that
    whoever spoke last does not go on.
    """
    return [case for case in cases if case.kind != "none"] + [case for case in told if case.kind == "none"]


def _others(cases: Iterable[Case], part: int | None) -> list[Case]:
    return [c for c in cases if c.story.fold != part and c.story.set != "links" and len(c.rows) > 1]


def _weighed(cases: Iterable[Case]) -> list[Case]:
    """Return the cases from which the shipped weights are learned.

    Mentions count twice, with the reader's evidence and without it; so do the roles of the project's own news, which
    comes from everywhere.
    """
    kept = _others(cases, None)
    return kept + [_unread(case) for case in kept if case.kind != "role" or case.story.set == "own"]


def _unread(case: Case) -> Case:
    return evolve(case, rows=[{n: v for n, v in row.items() if READ not in n} for row in case.rows])


def measured(every: Sequence[Story], weights: Sequence[Weights]) -> dict[str, float]:
    """Return the shares of speakers and roles that are right, by set and kind of mention, and the calibration error."""
    counts: Counter[tuple[str, bool]] = Counter()
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for story in every:
        for outcome in go_through(story, weights[story.fold])[0]:
            gold = outcome.judged.gold
            if gold is None or not outcome.judged.predicted:
                continue
            if story.set == "pages" and (told := _calibrated(outcome)):
                bins[int(told[1] * 9.99)].append(told[1:])
            if gold.kind in ("person", "organization"):
                right = outcome.who is not None and _is_named(outcome.who.name, gold)
                kind = outcome.choice.query.kind if outcome.choice else "none"
                for name in (f"{story.set} named", f"{story.set} {kind}"):
                    counts[name, right] += 1
            if gold.roles:
                counts[f"{story.set} role", is_role_right(outcome.role, gold, story)] += 1
    found = {n: counts[n, True] / (counts[n, True] + counts[n, False]) for n, _ in sorted(counts)}
    total = sum(map(len, bins.values())) or 1
    error = sum(abs(sum(p for p, _ in b) - sum(r for _, r in b)) for b in bins.values()) / total
    return found | {"pages calibration error": error}


def _calibrated(outcome: Outcome) -> tuple[str, float, bool] | None:
    """Return a mention's kind, the ranker's probability and whether it was right; None if that cannot be decided."""
    gold, choice = outcome.judged.gold, outcome.choice
    if gold is None or choice is None or not outcome.judged.predicted:
        return None
    if gold.kind in ("person", "organization"):
        right = outcome.who is not None and _is_named(outcome.who.name, gold)
    else:
        places = right_of(choice.found, gold, choice.query)
        if not places:
            return None
        right = 0 in places
    return choice.query.kind, choice.chances[0], right


def sharpness(passed: Iterable[Outcome]) -> Weights:
    """Return by which factor the log-odds of each kind of mention are as sure as they are right."""
    kinds: dict[str, list[tuple[Sequence[float], bool]]] = defaultdict(list)
    for outcome in passed:
        told = _calibrated(outcome)
        if told and outcome.choice:
            kinds[told[0]].append((outcome.choice.chances, told[2]))
    return {
        SHARPNESS + kind: min(_FACTORS, key=lambda factor: _surprise(cases, factor))
        for kind, cases in sorted(kinds.items())
        if len(cases) >= SELDOM
    }


def _surprise(cases: Iterable[tuple[Sequence[float], bool]], factor: float) -> float:
    """Return how far the chances, made surer or less sure by a factor, are from what was right: the log loss."""
    lost = 0.0
    for chances, right in cases:
        powers = [chance**factor for chance in chances]
        first = powers[0] / sum(powers)
        lost -= math.log(max(1e-6, first if right else 1 - first))
    return lost


def certainty(passed: Iterable[Outcome]) -> Weights:
    """Return by which shift and stretch of its log-odds a statement of the pages is as sure as it is right.

    Of a speaker that is no named person or organization the words decide, as `page_figures.judged` has it.
    """
    from scipy.optimize import minimize

    told = []
    for outcome in passed:
        gold, judged, choice = outcome.judged.gold, outcome.judged, outcome.choice
        if not judged.predicted or outcome.who is None:
            continue
        right = gold is not None
        if gold is not None and gold.kind in ("person", "organization"):
            right = _is_named(outcome.who.name, gold)
        told.append((judged.probability * (choice.chances[0] if choice else 1.0), right))

    def lost(weights: Any) -> float:
        stated = {SHIFT: weights[0], STRETCH: weights[1]}
        sure = [(as_right(p, stated), right) for p, right in told]
        return -sum(math.log(p if right else 1 - p) for p, right in sure)

    shift, stretch = minimize(lost, [0.0, 1.0], method="Nelder-Mead").x
    return {SHIFT: float(shift), STRETCH: float(stretch)}


def file_text(weights: Weights) -> str:
    """Return the text of `referents.toml`."""
    lines = [HEADER, ""]
    for name in sorted(weights):
        if math.fabs(weights[name]) >= 0.0005:
            lines += ["[[weight]]", f'id = "{name}"', 'note = "fitted"', f"weight = {weights[name]:.3f}", ""]
    return "\n".join(lines)


def main() -> None:
    """Fit on all that may be learned from, or print the cross-validated figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=FILE)
    parser.add_argument("--check", action="store_true", help="print cross-validated figures, and write nothing")
    parser.add_argument("--keep", nargs="+", default=[], metavar="NAME", help="leave the weights whose names begin so")
    parser.add_argument("--readers", type=Path, nargs=2, help="weights that have not seen the even, the odd pages")
    given = parser.parse_args()
    from quotes.extraction.pipeline import load

    pipeline = load()
    every = stories(pipeline, [RoleReader.load(folder) for folder in given.readers or ()])
    weights = folded(every)
    if given.check:
        for name, value in measured(every, weights).items():
            print(f"{name:28s} {value:.3f}")
        return
    passed = [go_through(story, weights[story.fold]) for story in every]
    lived = _lived([case for _, cases, _ in passed for case in cases], _told(every, weights))
    kept = tuple(given.keep)
    held = {name: w for name, w in pipeline.lexicon.weights.items() if name.startswith(kept)}
    final = fit(_weighed(lived), prefix=WHO, held=held)
    final |= fit(_weighed(c for _, _, cases in passed for c in cases), prefix=ROLE, held=held)
    sharp = sharpness(outcome for outcomes, *_ in passed for outcome in outcomes if outcome.judged.gold)
    pages = [(story, weights[story.fold] | sharp) for story in every if story.set == "pages"]
    final |= sharp | certainty(outcome for story, held in pages for outcome in go_through(story, held)[0])
    final |= held
    given.output.write_text(file_text(final), encoding="utf-8")
    print(f"{given.output}: {len(final)} weights from {len(passed)} articles")


if __name__ == "__main__":
    main()
