"""What the catalogue holds and what was left out, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from mmrec_core.catalogue.store import Catalogue
from mmrec_core.catalogue.taxonomy import CATEGORIES
from mmrec_core.types import FUSED


def statistics(catalogue: Catalogue) -> dict[str, Any]:
    """Counts of items, fit for JSON; every table is sorted by size, the largest first."""
    items, build = catalogue.items, catalogue.build
    return {
        "items": len(items),
        "fingerprint": catalogue.fingerprint,
        "sources": _count(item.source for item in items),
        "categories": _count(item.category for item in items),
        "modalities": {m.value: sum(m in item.modalities for item in items) for m in FUSED},
        "combinations": _count(" + ".join(item.modalities) for item in items),
        "licences": _count(item.licence for item in items),
        "misc_share": build.misc_share,
        "packages": {name: source.package for name, source in build.sources.items()},
        "left_out": {name: _sorted(source.left_out) for name, source in build.sources.items()},
        "media_left_off": {name: _sorted(source.media_left_off) for name, source in build.sources.items()},
        "unavailable": dict(build.unavailable),
    }


def print_statistics(catalogue: Catalogue) -> None:
    """The same as tables on the terminal."""
    from rich.console import Console
    from rich.table import Table

    numbers = statistics(catalogue)
    console = Console()
    console.print(f"[bold]{numbers['items']}[/bold] items, fingerprint {numbers['fingerprint'][:12]}")
    titles = {name: source.title for name, source in catalogue.build.sources.items()}
    for heading, key, names in (
        ("Source", "sources", titles),
        ("Category", "categories", CATEGORIES),
        ("Modality", "modalities", {}),
        ("Modalities together", "combinations", {}),
        ("Licence", "licences", {}),
    ):
        table = Table(heading, "Items", "Share")
        for name, count in numbers[key].items():
            table.add_row(names.get(name, name), str(count), f"{count / max(numbers['items'], 1):.1%}")
        console.print(table)
    console.print(_left_out_table(numbers, titles))
    for name, reason in numbers["unavailable"].items():
        console.print(f"Not available: {name}: {reason}", style="yellow", markup=False)


def _left_out_table(numbers: Mapping[str, Any], titles: Mapping[str, str]) -> Any:
    from rich.table import Table

    table = Table("Source", "Left out because", "Number", title="What was left out")
    for name, reasons in numbers["left_out"].items():
        for reason, count in reasons.items():
            table.add_row(titles[name], reason, str(count))
        for reason, count in numbers["media_left_off"][name].items():
            table.add_row(titles[name], f"{reason} (the item stays)", str(count))
    return table


def _count(values: Any) -> dict[str, int]:
    return _sorted(Counter(values))


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
