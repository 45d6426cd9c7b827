"""Results as JSON values and as tables of the terminal. Pure: nothing is printed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mmrec_core.types import (
    Attribution,
    CategoryPart,
    Comparison,
    Explained,
    PairExplanation,
    Recommendations,
    SetupStep,
    Side,
)

if TYPE_CHECKING:
    from rich.table import Table


def recommendations_json(answer: Recommendations) -> dict[str, Any]:
    """``{results: [...], timings_ms, bundle, device}``, the shape that ``recommend --json`` prints; ``language`` where a text was not English."""
    results = [
        {
            "rank": r.rank,
            "id": r.item.id,
            "title": r.item.title,
            "category": r.item.category,
            "tags": list(r.item.tags),
            "modalities": [str(m) for m in r.item.modalities],
            "score": r.score,
            "attributions": r.attribution.as_dict(),
            "baseline": r.attribution.baseline,
            "residual": r.attribution.residual,
        }
        | _within_json(r.attribution)
        | ({"moves": {move.by: move.places for move in r.moves}} if r.moves else {})
        for r in answer.results
    ]
    timings = {stage: round(ms, 3) for stage, ms in answer.timings_ms.items()}
    notices = {"notices": list(answer.notices)} if answer.notices else {}
    spoken = {} if answer.language in (None, "en") else {"language": answer.language}
    facts = {"bundle": answer.bundle, "device": answer.device}
    return {"results": results, "timings_ms": timings, **facts, **notices, **spoken}


def _within_json(shares: Attribution) -> dict[str, Any]:
    """How the share of the profile divides, under its own name; nothing where there is no profile."""
    return {player: attribution_json(inside) for player, inside in shares.within.items()}


def explanation_json(found: PairExplanation) -> dict[str, Any]:
    """Shares of both sides, the matrix between them, alpha and the maps' weights."""
    pairs = found.pairs
    return {
        "item": {"id": found.item.id, "title": found.item.title, "category": found.item.category},
        "rank": found.rank,
        "score": found.score,
        "sentence": found.sentence,
        "category": _category_json(found.category),
        "query": _side_json(found.query),
        "answer": _side_json(found.answer),
        "pairs": {
            "query_players": list(pairs.query_players),
            "item_players": list(pairs.item_players),
            "matrix": pairs.matrix.tolist(),
            "query_only": pairs.query_only.tolist(),
            "item_only": pairs.item_only.tolist(),
            "baseline": pairs.baseline,
            "residual": pairs.residual,
            "evaluations": pairs.evaluations,
        },
        "timings_ms": {stage: round(ms, 3) for stage, ms in found.timings_ms.items()},
        "bundle": found.bundle,
    }


def _category_json(part: CategoryPart | None) -> dict[str, Any] | None:
    if part is None:
        return None
    read = {"query": part.query, "item": part.item}
    return {"value": part.value} | {side: {c.name: c.probability} if c else None for side, c in read.items()}


def _side_json(side: Side) -> dict[str, Any]:
    return {
        "attribution": attribution_json(side.attribution) | _within_json(side.attribution),
        "alpha": {"slots": list(side.alpha.slots), "matrix": side.alpha.matrix.tolist()},
        "maps": {str(m): [round(float(w), 6) for w in found.weights] for m, found in side.maps.items()},
        "concepts": {str(m): {c.name: c.probability for c in named} for m, named in side.concepts.items()},
    }


def attribution_json(shares: Attribution) -> dict[str, Any]:
    """One attribution with everything that says how it was obtained."""
    return {
        "method": shares.method,
        "values": shares.as_dict(),
        "baseline": shares.baseline,
        "target": shares.target,
        "residual": shares.residual,
        "evaluations": shares.evaluations,
    } | (
        {}
        if shares.standard_errors is None
        else {"standard_errors": shares.standard_errors.tolist(), "seed": shares.seed}
    )


def recommendations_table(answer: Recommendations) -> Table:
    """One row a result; the columns of shares are the modalities of the query."""
    players = answer.results[0].attribution.players if answer.results else ()
    rows = [
        (
            str(r.rank),
            r.item.title,
            r.item.category,
            r.item.id,
            f"{r.score:.3f}",
            *(f"{value:+.3f}" for value in r.attribution.values),
            f"{r.attribution.baseline:+.3f}",
        )
        for r in answer.results
    ]
    return _table(("#", "title", "category", "id", "score", *players, "baseline"), rows)


def pairs_table(found: PairExplanation) -> Table:
    """The matrix of query modality x item modality, with what each side adds alone."""
    pairs = found.pairs
    rows = [
        (f"your {player}", *(f"{v:+.3f}" for v in pairs.matrix[i]), f"{pairs.query_only[i]:+.3f}")
        for i, player in enumerate(pairs.query_players)
    ]
    rows.append(
        ("nothing of the query", *(f"{v:+.3f}" for v in pairs.item_only), f"{pairs.baseline:+.3f} (neither side)")
    )
    return _table(("", *(f"item's {player}" for player in pairs.item_players), "nothing of the item"), rows)


def maps_json(maps: Sequence[Comparison]) -> list[dict[str, Any]]:
    """One object a medium and method: the value of every part, its standard error, and the test of the map."""
    return [
        {
            "side": one.side,
            "modality": str(one.modality),
            "method": one.method,
            "options": dict(one.options),
            "parts": list(one.parts),
            "values": one.values.tolist(),
            "standard_errors": _errors(one),
            "trust": one.trust
            and {"better": one.trust.better, "p": one.trust.p, "seed": one.trust.seed, "randomised": _randomised(one)}
            | {name: {"value": m.value, "random": m.random_mean, "p": m.p} for name, m in one.trust.measures.items()},
            "milliseconds": round(one.milliseconds, 3),
        }
        for comparison in maps
        for one in comparison.explained
    ]


def maps_tables(maps: Sequence[Comparison]) -> list[Table]:
    """One table a medium: for each method the test of its map and the parts with the largest values."""
    return [
        _table(
            (f"{comparison.side}: {comparison.modality}", "trust", "largest parts"),
            [(one.title, _verdict(one), _largest(one)) for one in comparison.explained],
        )
        for comparison in maps
    ]


def _randomised(one: Explained) -> float | None:
    """Mean absolute rank correlation with maps of models with shuffled weights."""
    check = one.trust.randomisation if one.trust else None
    return None if check is None else check.mean


def _errors(one: Explained) -> list[float] | None:
    errors = one.shares.standard_errors if one.shares else None
    return None if errors is None else errors.tolist()


def _verdict(one: Explained) -> str:
    return "no map" if one.trust is None else f"{one.trust.verdict} (p = {one.trust.p:.2f})"


def _largest(one: Explained, most: int = 4) -> str:
    order = sorted(range(len(one.values)), key=lambda n: -abs(one.values[n]))[:most]
    return ", ".join(f"{one.parts[n]} {one.values[n]:+.4f}" for n in order)


def steps_table(steps: Sequence[SetupStep]) -> Table:
    """Set-up at a glance."""
    return _table(("step", "state"), [(s.title, s.detail or ("done" if s.done else "to do")) for s in steps])


def figures_table(figures: Mapping[str, Any]) -> Table:
    """Nested figures, one a row, named by their path."""
    return _table(("figure", "value"), list(_flatten(figures)))


def _flatten(figures: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in figures.items():
        if isinstance(value, Mapping):
            rows += _flatten(value, f"{prefix}{key}.")
        else:
            rows.append((f"{prefix}{key}", f"{value:.4g}" if isinstance(value, float) else str(value)))
    return rows


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # Text: brackets in titles are not markup
    return table
