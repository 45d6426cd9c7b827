"""RESULTS.md: what was measured on one machine, as one page, from the figures that ``bench report`` keeps beside it.

A section of figures is ``{about: {date, machine, bundle, command}, figures: {...}}``; sections may be of different days.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mmrec_core.explain.measured import DEFAULT_METHOD, DEFAULT_OPTIONS, FIGURES, fidelity_sentence
from mmrec_core.files import write_atomically
from mmrec_core.settings import REPOSITORY
from mmrec_core.types import FUSED

PAGE = REPOSITORY / "RESULTS.md"
Figures = Mapping[str, Any]
INTRODUCTION = """\
# Results

What was measured, where, and with which model. Written by `python -m mmrec_core bench report` and, its last section, by
`evaluate ablation --publish`; the figures themselves are in
[assets/results.json](assets/results.json). Intervals are 95 % bootstrap intervals over pairs, in the last section over queries.
Ratios compare runs taken in turns in one process."""
WHY_DEFAULT = """\
`gain` is what deletion and insertion AUC win over the mean random map together, in units of the score; `better` is the share of
maps that pass the trust strip's test at the level 0.10, and the control's own share is what chance gives.

Default method of interfaces: **`{method}`** with {options}. Methods that hide parts lead those that differentiate, which lead
attention, whose maps win little over random ones and seldom pass. Among the first, random orders are as faithful as halves of
halves and as LIME, add up to the score, and alone have standard errors, so that one can see what more evaluations would bring.
Halves of halves take fewer evaluations and draw nothing at random: they are the choice where every evaluation encodes a medium
again, gradients where one backward pass is all there is time for."""


def save(sections: dict[str, Any], figures: Path = FIGURES, page: Path = PAGE) -> None:
    """Put the sections into those that are kept, and write the page anew."""
    kept = json.loads(figures.read_text()) if figures.exists() else {}
    kept |= sections
    write_atomically(figures, (json.dumps(kept, indent=1) + "\n").encode())
    write_atomically(page, render(kept).encode())


def render(sections: Figures) -> str:
    """The page, in Markdown; a section that was not measured is left out."""
    drawn = [INTRODUCTION]
    for name, (title, draw) in SECTIONS.items():
        if name in sections:
            about, figures = sections[name]["about"], sections[name]["figures"]
            drawn += [f"## {title}", draw(figures), _about(about)]
    return "\n\n".join(drawn) + "\n"


def machine(device: str) -> str:
    """What figures were measured on: the device by name, how many cores there are, the version of torch."""
    import torch

    return f"{device}, {os.cpu_count()} cores, torch {torch.__version__}"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def span(figure: Figures, digits: int = 3) -> str:
    """A mean and its interval."""
    return f"{figure['mean']:.{digits}f} [{figure['low']:.{digits}f}, {figure['high']:.{digits}f}]"


def _about(about: Figures) -> str:
    bundle = f"bundle `{about['bundle'][:12]}`; " if about["bundle"] else ""
    return f"*{about['date']}, {about['machine']}; {bundle}`{about['command']}`.*"


def _query(f: Figures) -> str:
    rows = [["in all", f"{f['total_ms']['p50']:.0f}", f"{f['total_ms']['p95']:.0f}"]]
    rows += [[name, f"{ms['p50']:.1f}", f"{ms['p95']:.1f}"] for name, ms in f["stages_ms"].items()]
    return (
        f"Picture + text + 5 s of sound to {f['results']} explained results, {f['queries']} queries; "
        f"{f['memory_mib'] / 1024:.2f} GiB resident.\n\n{table(('stage', 'median ms', 'p95 ms'), rows)}"
    )


def _encode(f: Figures) -> str:
    rows = [
        ["pictures", f"{f['image_per_s']:.0f}", f"{f['image_ratio']:.2f} x one by one in the default format, in fp32"],
        ["texts", f"{f['text_per_s']:.0f}", ""],
        ["sounds of 10 s", f"{f['audio_per_s']:.1f}", ""],
    ]
    floors = ", ".join(f"{ms:.1f} ms in {name}" for name, ms in f["floor_ms"].items())
    least = (
        f"A picture takes {f['image_operations'] / 1e9:.2f} G operations: at the speed of a large matrix product on every core "
        f"{floors}, {1000 / f['image_plain_per_s']:.1f} ms one by one and {1000 / f['image_per_s']:.1f} ms as encoded. bf16 is taken "
        "only where it is quicker and keeps the embedding's cosine above 0.999, and then in those blocks that tolerate it; "
        f"least cosine here {f['image_least_cosine']:.4f}. One by one has the quicker of one core and all of them."
    )
    return f"Pictures in {f['precision']}.\n\n{table(('what', 'a second', 'ratio'), rows)}\n\n{least}"


def _modalities(f: Figures) -> str:
    return (
        f"Exact shares of {f['players']} modalities for {f['results']} results: {f['exact_ms']['p50']:.2f} ms median, "
        f"{f['exact_ms']['p95']:.2f} ms p95; `shap.KernelExplainer` on the same function {f['kernel_ms']:.0f} ms, "
        f"**{f['ratio']:.0f} times** as long. The first exact run after a KernelExplainer, which leaves cold caches behind, takes "
        f"{f['exact_ms']['first']:.2f} ms; against it KernelExplainer takes {f['first_ratio']:.0f} times as long. "
        f"Largest difference {f['max_difference']:.1g}."
    )


def _maps(f: Figures) -> str:
    methods = sorted(f["methods"].items(), key=lambda row: -row[1]["gain"]["mean"])
    rows = [
        [
            name,
            span(m["gain"]),
            f"{m['better']:.0%}",
            *(f"{f['by_modality'][str(modality)][name]:.0%}" for modality in FUSED),
            *(f"{m[measure]['value']:.3f} / {m[measure]['random']:.3f}" for measure in ("deletion", "insertion")),
            f"{m['milliseconds']:.1f}",
            f"{m['evaluations']:.0f}",
        ]
        for name, m in methods
    ]
    columns = (
        "method",
        "gain",
        "better",
        *map(str, FUSED),
        "deletion / random",
        "insertion / random",
        "ms",
        "evaluations",
    )
    names = [name for name, _ in methods]
    agreed = [[a, *(f"{f['agreement'][a].get(b, 1.0):.2f}" for b in names)] for a in names]
    leads = ", ".join(f"{name} {span(lead)}" for name, lead in f["ahead_of"].items())
    checked = ", ".join(f"{name} {value:.2f}" for name, value in f["randomisation"].items())
    return "\n\n".join(
        [
            f"{f['pairs']} pairs of the catalogue, {f['maps']} maps a method, hidden tokens.",
            table(columns, rows),
            f"Paired lead of {f['most_faithful']} in gain: {leads}.",
            "Rank correlation between methods:",
            table(("", *names), agreed),
            f"Rank correlation with maps of a randomised model (near zero is good): {checked}.",
            WHY_DEFAULT.format(
                method=DEFAULT_METHOD, options=", ".join(f"`{k}={v}`" for k, v in DEFAULT_OPTIONS.items())
            ),
        ]
    )


def _plain(f: Figures) -> str:
    rows = [
        [name, f"{m['milliseconds']:.0f}", f"{m['evaluations']:.0f}", f"{m['ms_per_evaluation']:.3f}", span(m["gain"])]
        for name, m in f["methods"].items()
    ]
    rows += [
        [
            f"{name}, from media",
            f"{m['milliseconds']:.0f}",
            f"{m['evaluations']:.0f}",
            f"{m['ms_per_evaluation']:.1f}",
            "",
        ]
        for name, m in f["from_media"].items()
    ]
    faster = [
        [
            plain,
            start,
            *(f"{ratios[m]:.0f} x" if m in ratios else "-" for m in map(str, FUSED)),
            span(f["more_faithful"][plain]),
        ]
        for plain, starts in f["faster"].items()
        for start, ratios in starts.items()
        if ratios
    ]
    rates = ", ".join(f"{name} {rate:,.0f}" for name, rate in f["evaluations_per_second"].items())
    return "\n\n".join(
        [
            f"{f['pairs']} pairs (from media {f['media_pairs']}), one model call an input for the plain methods.",
            table(("method", "median ms", "evaluations", "ms an evaluation", "gain"), rows),
            table(("plain method", "starts", *map(str, FUSED), "our lead in gain"), faster),
            f"Token-masked evaluations a second: {rates}.",
        ]
    )


def _fidelity(f: Figures) -> str:
    rows = [
        [name, span(m["spearman"], 2), f"{m['ceiling']:.2f}", str(m["pairs"]), f"{m['runs']:.0f}"]
        for name, m in f.items()
    ]
    said = "\n".join(f"- {fidelity_sentence(modality, f[str(modality)])}" for modality in FUSED)
    columns = ("medium", "quick with careful", "careful with itself", "pairs", "encoder runs a medium")
    return f"Rank correlation of maps from hidden tokens (quick) with maps from the edited medium (careful).\n\n{table(columns, rows)}\n\n{said}"


def _ablation(f: Figures) -> str:
    whole = f["reference"]
    shown = [line for line in f["lines"] if not line.endswith(("R@1", "accuracy"))]
    variants = [name for name in f["lines"][shown[0]] if name != whole]
    columns = [f"{line} ({f['lines'][line][whole]['n']})" for line in shown]
    rows = [[whole, *(f"{f['lines'][line][whole]['mean']:.3f}" for line in shown)]]
    rows += [[name, *(_cost(f["lines"][line].get(name)) for line in shown)] for name in variants]
    return (
        f"A feature-level fusion without one of its steps, or with another selection of features, after {f['epochs']} {'epoch' if f['epochs'] == 1 else 'epochs'}: "
        f"trained on {f['trained']:,} items and {f['corpus']:,} of the training corpus, asked with {f['asked']:,} of the validation "
        "part; each line says by how many queries, as not every item holds every medium. The first row is the figure with all "
        "steps, the others what it gains or loses without one: the difference, paired by query, with its 95 % interval over "
        f"queries, bold where that leaves out zero.\n\n{table(('variant', *columns), rows)}"
    )


def _cost(figure: Figures | None) -> str:
    """What a variant changes: minus the lead of all steps over it."""
    if figure is None:
        return "-"
    lead = figure["lead"]
    text = f"{0 - lead['mean']:+.3f} [{0 - lead['high']:+.3f}, {0 - lead['low']:+.3f}]"
    return f"**{text}**" if lead["low"] > 0 or lead["high"] < 0 else text


SECTIONS: Mapping[str, tuple[str, Callable[[Figures], str]]] = {
    "query": ("A warm query", _query),
    "encode": ("Encoding", _encode),
    "modalities": ("Exact shares of modalities", _modalities),
    "maps": ("Which method explains this model most faithfully", _maps),
    "plain": ("Beside plain shap and lime", _plain),
    "fidelity": ("Quick and careful maps", _fidelity),
    "ablation": ("What each step of features and training is worth", _ablation),
}
"""In the order of the page: title, and how its figures are drawn."""
