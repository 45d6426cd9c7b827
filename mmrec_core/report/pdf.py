"""The report as a PDF: the same numbers and maps, laid out for paper by fpdf2 with drawings by matplotlib."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from mmrec_core import plots
from mmrec_core.explain.phrases import category_words
from mmrec_core.explain.words import NOUNS, ordinal
from mmrec_core.report import drawings
from mmrec_core.report.comparison import trust_words
from mmrec_core.report.content import Content
from mmrec_core.report.figures import shared_scale
from mmrec_core.report.printable import LACKING, can_print, font_file, printable
from mmrec_core.report.sections import ADDS_UP, BASELINES, facts, options_run
from mmrec_core.types import Attribution, Comparison, Explained, ImageArray, Modality, Side, Trust

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = "DejaVu"
NAMES = {"query": "Your query", "item": "The item"}
LONGEST_TEXT = 700
"""Characters of a side's text that are printed."""


def report_pdf(content: Content) -> bytes:
    """The PDF as bytes. Its date is that of the content, so equal contents give equal files."""
    page = _document(content)
    _summary(page, content)
    _shares(page, content)
    for comparison in content.comparisons:
        _comparison(page, content, comparison)
    _counterfactual(page, content)
    _contrast_and_matches(page, content)
    _provenance(page, content)
    return bytes(page.output())


def _document(content: Content) -> FPDF:
    """An A4 document."""
    from fpdf import FPDF

    page = FPDF(format="A4")
    page.add_font(FONT, "", font_file())
    page.add_font(FONT, "B", font_file(bold=True))
    page.set_creation_date(datetime.fromisoformat(content.made))
    page.set_title(printable(content.title))
    page.set_auto_page_break(True, margin=16)
    page.add_page()
    return page


def _summary(page: FPDF, content: Content) -> None:
    found = content.explanation
    _text(page, content.title, 17, bold=True)
    _text(page, content.words, 11)
    place = f"Rank {found.rank}" if found.rank else "Not ranked (the query's own item, or in the profile)"
    item = found.item
    _text(page, f"{place}, score {found.score:.4f}. {item.title} ({item.category}, {item.id}).", 9)
    _text(page, f"Licence: {item.licence}; {item.credit}.", 9)
    for note in content.notes:
        _text(page, note, 9)
    if not all(can_print(side.text or "") for side in (found.query, found.answer)):
        _text(page, f"Letters that the font of this report lacks are shown as {LACKING}; the HTML report has them.", 9)
    for name in ("query", "item"):
        _heading(page, NAMES[name])
        _side(page, content.side(name))


def _side(page: FPDF, side: Side) -> None:
    if side.image is not None:
        _image(page, _jpeg(side.image), 62)
    if side.text:
        shown = side.text if len(side.text) <= LONGEST_TEXT else f"{side.text[:LONGEST_TEXT]} …"
        _text(page, shown, 9)
    if side.audio is not None:
        _text(page, f"A sound of {side.audio.seconds:.1f} s.", 9)


def _shares(page: FPDF, content: Content) -> None:
    _heading(page, "What the score is made of")
    for name in ("query", "item"):
        attribution = content.side(name).attribution
        if "profile" in attribution.players:
            _text(page, f"Your profile adds {attribution.as_dict()['profile']:+.4f} to the score.", 9)
        _text(page, f"{NAMES[name]}: {_account(attribution)}", 9)
        _text(page, BASELINES[name], 8)
        if len(attribution.players):
            _image(page, drawings.bars(attribution), 120)
    if content.explanation.pairs.matrix.size:
        _image(page, drawings.matrix(content.explanation.pairs), 120)
        _text(page, ADDS_UP, 8)
    if content.explanation.category:
        _text(page, category_words(content.explanation.category), 9)
    for w in content.explanation.without:
        owner = "your" if w.side == "query" else "the item's"
        _text(page, f"Without {owner} {NOUNS[w.modality]} it would rank {ordinal(w.rank)} (score {w.score:.4f}).", 9)


def _account(shares: Attribution) -> str:
    """Numbers that a reader can add up."""
    terms = "".join(
        f" {plots.signed_format(value, '+.4f')} {plots.name_of(player).lower()}"
        for player, value in shares.as_dict().items()
    )
    baseline = plots.signed_format(shares.baseline, "+.4f")
    return f"score {shares.target:.4f} = baseline {baseline}{terms}; residual {shares.residual:.1e}"


def _comparison(page: FPDF, content: Content, comparison: Comparison) -> None:
    drawn = [e for e in comparison.explained if e.map is not None]
    if not drawn:
        return
    _heading(page, f"{NAMES[comparison.side]}: {plots.name_of(comparison.modality).lower()}")
    scale = shared_scale(drawn)
    for explained in drawn:
        _text(page, f"{explained.title}: {trust_words(explained.trust)}", 9, bold=True)
        if drawing := _map(content, comparison, explained, scale):
            denied = explained.trust is not None and explained.trust.doubted
            _image(page, _greyed(drawing) if denied else drawing, 70 if comparison.modality is Modality.IMAGE else 120)
        _text(page, _most(comparison, explained), 8)
        if explained.trust is not None:
            _text(page, _measures(explained.trust), 8)


def _greyed(drawing: bytes) -> bytes:
    """The drawing without its colours: a map that is not better than random must not look like a reason."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.open(io.BytesIO(drawing)).convert("L").save(buffer, "PNG")
    return buffer.getvalue()


def _map(content: Content, comparison: Comparison, explained: Explained, scale: float) -> bytes | None:
    side = content.side(comparison.side)
    if comparison.modality is Modality.IMAGE and side.image is not None:
        return drawings.picture_map(side.image, explained, scale)
    if comparison.modality is Modality.AUDIO and comparison.side in content.spectrograms:
        return drawings.sound_map(content.spectrograms[comparison.side], explained, scale)
    return drawings.word_bars(explained) if comparison.modality is Modality.TEXT else None


def _most(comparison: Comparison, explained: Explained) -> str:
    """The five largest parts with their numbers and, where sampled, standard errors."""
    errors = explained.shares.standard_errors if explained.shares else None
    pieces = []
    for n in np.argsort(-np.abs(explained.values), kind="stable")[:5]:
        error = f" ± {errors[n]:.4f}" if errors is not None else ""
        pieces.append(f"{comparison.parts[n]} {explained.values[n]:+.4f}{error}")
    return f"Largest: {'; '.join(pieces)}."


def _measures(trust: Trust) -> str:
    """The four measures beside those of random maps."""
    pieces = [f"{name} {m.value:.3f} (random {m.random_mean:.3f})" for name, m in trust.measures.items()]
    if trust.randomisation is not None:
        pieces.append(f"mean |ρ| with maps of models with shuffled weights {trust.randomisation.mean:.2f}")
    return f"{'; '.join(pieces).capitalize()}."


def _counterfactual(page: FPDF, content: Content) -> None:
    found = content.counterfactual
    if found is None:
        return
    _heading(page, "What would have to be missing")
    _text(page, found.sentence, 10)
    if found.edited.image is not None:
        _image(page, _jpeg(found.edited.image), 62)
    if found.edited.text is not None:
        _text(page, f"The edited text: {found.edited.text}", 9)
    rows = [
        (str(a.rank), a.item.title, f"{a.score:.4f}", b.item.title, f"{b.score:.4f}")
        for a, b in zip(found.ranking_before[:10], found.ranking_after[:10], strict=True)
    ]
    _table(page, ("#", "before", "score", "after", "score"), rows, (1, 6, 2, 6, 2))


def _contrast_and_matches(page: FPDF, content: Content) -> None:
    if content.contrast is not None:
        _heading(page, "Beside another item")
        _text(page, content.contrast.sentence, 10)
    _heading(page, "Which part answers to which")
    rows = [
        (
            f"{plots.name_of(m.query_modality)}: {m.query_label}",
            f"{plots.name_of(m.item_modality)}: {m.item_label}",
            f"{m.similarity:+.3f}",
        )
        for m in content.matches.best
    ]
    _table(page, ("query", "item", "similarity"), rows, (4, 4, 2))
    _text(page, content.matches.note, 8)


def _provenance(page: FPDF, content: Content) -> None:
    _heading(page, "How this was made")
    _table(page, ("fact", "value"), facts(content), (3, 7))
    _table(page, ("method", "options and seeds"), options_run(content), (3, 7))


def _heading(page: FPDF, text: str) -> None:
    if page.will_page_break(30):
        page.add_page()
    page.ln(3)
    _text(page, text, 13, bold=True)


def _text(page: FPDF, text: str, size: int, bold: bool = False) -> None:
    page.set_font(FONT, "B" if bold else "", size)
    page.multi_cell(0, size * 0.5, printable(text), new_x="LMARGIN", new_y="NEXT")
    page.ln(1)


def _image(page: FPDF, data: bytes, width: float) -> None:
    """A drawing ``width`` mm wide, on the next page where it does not fit on this one, lower where it is very tall."""
    from PIL import Image

    wide, tall = Image.open(io.BytesIO(data)).size
    height = width * tall / wide
    if height > (most := page.eph * 0.45):
        width, height = width * most / height, most
    if page.will_page_break(height):
        page.add_page()
    page.image(io.BytesIO(data), w=width, h=height)
    page.ln(1)


def _table(page: FPDF, columns: Sequence[str], rows: Sequence[Sequence[str]], widths: tuple[int, ...]) -> None:
    page.set_font(FONT, "", 7)
    with page.table(col_widths=widths, line_height=4, text_align="LEFT") as drawn:
        for cells in (columns, *rows):
            drawn.row([printable(cell) for cell in cells])
    page.ln(2)


def _jpeg(image: ImageArray) -> bytes:
    from mmrec_core.media.encode import encode_jpeg

    return encode_jpeg(image)
