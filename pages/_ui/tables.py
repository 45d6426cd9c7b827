"""Figures as tables: methods x lines, each with its interval, its lead and what it means. Pure HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mmrec_core.evaluate.words import lower_is_better, meaning, title
from mmrec_core.plots import signed_format
from mmrec_core.types import Cell, Evaluation, Interval, label
from pages._ui import html
from pages._ui.language import say, tell


def tip(name: str, words: str) -> str:
    """A name that says on hover what it means."""
    if not words:
        return html.escape(name)
    return f'<span class="mm-tip" tabindex="0" data-tip="{html.escape(words, quote=True)}">{html.escape(name)}</span>'


def interval(value: Interval) -> str:
    """Mean and, smaller, its 95% interval."""
    spread = f" <small>{value.low:.3f}–{value.high:.3f}</small>" if value.low < value.high else ""
    return f"<b>{value.mean:.3f}</b>{spread}"


def figures(evaluation: Evaluation, lines: Sequence[str]) -> str:
    """One row a line, one column a method; the best mean of a row is marked, hover tells the model's paired lead."""
    head = "".join(
        f"<th>{html.escape(name)}</th>"
        for name in (say("line"), say("queries"), *(say(label(method)) for method in evaluation.methods))
    )
    body = "".join(_row(evaluation, line) for line in lines)
    return f'<table class="mm-figures"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def by_method(evaluation: Evaluation, lines: Sequence[str]) -> str:
    """The same turned over, for many methods: one row a method, one column a line."""
    head = "".join(f"<th>{tip(say(label(title(line))), tell(meaning(line)))}</th>" for line in lines)
    best = {line: _best(evaluation, line) for line in lines}
    body = "".join(
        f"<tr><th>{html.escape(say(label(method)))}</th>"
        + "".join(_cell(evaluation.cell(method, line), best[line], evaluation.reference) for line in lines)
        + "</tr>"
        for method in evaluation.methods
    )
    return (
        f'<table class="mm-figures"><thead><tr><th>{say("method")}</th>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def leads(evaluation: Evaluation, lines: Mapping[str, str], rivals: Sequence[str]) -> str:
    """One row a line (by its name here), one column a rival: the reference's paired lead, and which one the rival was."""
    over = [
        say("lead over {method}", method=label(rival.removeprefix(f"{evaluation.reference}, "))) for rival in rivals
    ]
    names = (say("asked with"), say("queries"), say(label(evaluation.reference)), *over)
    head, body = "".join(f"<th>{html.escape(name)}</th>" for name in names), ""
    for name, line in lines.items():
        own = evaluation.cell(evaluation.reference, line)
        if own is not None:
            cells = "".join(_lead_cell(evaluation.cell(rival, line), evaluation.reference) for rival in rivals)
            body += f"<tr><th>{tip(say(label(name)), tell(meaning(line)))}</th><td>{own.value.n:,}</td><td>{interval(own.value)}</td>{cells}</tr>"
    return f'<table class="mm-figures"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _lead_cell(cell: Cell | None, reference: str) -> str:
    if cell is None or cell.lead is None:
        return '<td class="mm-small">–</td>'
    if cell.lead.low == cell.lead.high == 0:
        return f'<td class="mm-small">{say("the same")}</td>'
    mean, low, high = (signed_format(value, "+.3f") for value in (cell.lead.mean, cell.lead.low, cell.lead.high))
    shown = f"<b>{mean}</b> <small>{low} … {high}</small>"
    note = f"<br><small>{html.escape(say(label(cell.note)))}: {cell.value.mean:.3f}</small>" if cell.note else ""
    words = html.escape(_lead(cell, reference), quote=True)
    return f'<td><span class="mm-tip" tabindex="0" data-tip="{words}">{shown}</span>{note}</td>'


def _best(evaluation: Evaluation, line: str) -> float:
    choose = min if lower_is_better(line) else max
    return choose(round(cell.value.mean, 4) for cell in evaluation.cells if cell.line == line)


def _row(evaluation: Evaluation, line: str) -> str:
    cells = [evaluation.cell(method, line) for method in evaluation.methods]
    n = max(cell.value.n for cell in cells if cell is not None)
    best = _best(evaluation, line)
    columns = "".join(_cell(cell, best, evaluation.reference) for cell in cells)
    return f"<tr><th>{tip(say(label(title(line))), tell(meaning(line)))}</th><td>{n:,}</td>{columns}</tr>"


def _cell(cell: Cell | None, best: float, reference: str) -> str:
    if cell is None:
        return '<td class="mm-small">–</td>'
    is_best = ' class="mm-best"' if round(cell.value.mean, 4) == best else ""
    words = _lead(cell, reference)
    text = interval(cell.value)
    if words:
        text = f'<span class="mm-tip" tabindex="0" data-tip="{html.escape(words, quote=True)}">{text}</span>'
    return f"<td{is_best}>{text}</td>"


def _lead(cell: Cell, reference: str) -> str:
    lead = cell.lead
    if lead is None:
        return ""
    verdict = {1: say("clearly above"), -1: say("clearly below"), 0: say("not clearly different from")}[lead.side]
    low, high = (signed_format(bound, "+.3f") for bound in (lead.low, lead.high))
    return say(
        "{reference} is {verdict} {method}: {mean}, 95% interval {low} to {high}, paired over {n} queries.",
        reference=label(reference),
        verdict=verdict,
        method=label(cell.method),
        mean=signed_format(lead.mean, "+.3f"),
        low=low,
        high=high,
        n=lead.n,
    )
