"""A trained bundle beside the one in use: held-out lines, paired differences, one plain sentence, and the switch."""

from __future__ import annotations

import streamlit as st

from mmrec_core import service as core
from mmrec_core.evaluate.store import HELD_OUT, newest_by
from mmrec_core.evaluate.versus import LineDifference, Versus, versus
from mmrec_core.evaluate.words import meaning, title
from mmrec_core.jobs.desk import JobDesk
from mmrec_core.plots import signed_format
from mmrec_core.types import Evaluation, bundle_label, label
from pages._ui import cache, html, job_panel, tables
from pages._ui.language import say, tell
from pages._ui.state import Key


def draw(service: core.Service, desk: JobDesk) -> None:
    """Choose a measured bundle and see whether it is better."""
    held_out = [e for e in cache.evaluations() if e.protocol == HELD_OUT]
    found = newest_by(held_out, lambda e: e.bundle)
    in_use = bundle_in_use(service)
    others = [bundle for bundle in found if bundle != in_use]
    st.html(f"<h2>{say('Compare with the model in use')}</h2>")
    if not others:
        measured = say("Each training is measured on held-out items when it ends.")
        st.html(html.notice("text", say("Nothing to compare yet"), measured))
        return
    chosen = st.selectbox(say("Trained bundle"), others, key="mm-compare-bundle", format_func=_name)
    if in_use in found:
        show(found[chosen], found[in_use])
    else:
        _measure(service, desk)
    _switch(chosen)


def bundle_in_use(service: core.Service) -> str:
    """``name@hash`` of the bundle that answers queries."""
    info = service.bundle_info()
    return bundle_label(info.name, info.hash)


def show(new: Evaluation, old: Evaluation) -> None:
    """The verdict first, then every line."""
    if new.catalogue != old.catalogue:
        st.warning(say("The two were measured on different catalogues; only items that both hold are compared."))
    result = versus(new, old)
    if result is None:
        st.html(html.notice("problem", say("No common ground"), say("The two evaluations share no query.")))
        return
    st.html(f'<p class="mm-sentence">{html.escape(tell(result.sentence))}</p>')
    st.html(_table(result, _name(new.bundle), _name(old.bundle)))


def _switch(bundle: str) -> None:
    """Let this bundle answer from now on, in this session; the sidebar switches back."""
    name, _, digest = bundle.partition("@")
    found = next((b for b in cache.bundles(cache.service()) if b.name == name and b.hash.startswith(digest)), None)
    if found is None:
        st.caption(say("This bundle is no longer on this machine; another of its name may be."))
    elif not found.shares_tokens:
        st.caption(
            say("To use it, encode the catalogue for it: MMREC_BUNDLE={name} python -m mmrec_core setup", name=name)
        )
    else:
        st.button(
            say("Use “{name}”", name=name),
            icon=":material/swap_horiz:",
            help=say(
                "It answers from now on in this session; the sidebar switches back. Its index is built the first time."
            ),
            key="mm-compare-use",
            on_click=_use,
            args=(name,),
        )


def _use(name: str) -> None:
    st.session_state[Key.BUNDLE] = name


def _measure(service: core.Service, desk: JobDesk) -> None:
    name = service.bundle_info().name
    why = say("Measure {name} to compare with it.", name=name)
    st.html(html.notice("text", say("The model in use is not measured yet"), why))
    st.button(
        say("Measure it"),
        type="primary",
        icon=":material/straighten:",
        disabled=desk.running() is not None,
        key="mm-compare-measure",
        on_click=job_panel.start,
        args=(desk, "evaluate", "Evaluate the model in use", ["evaluate", "--json", "--bundle", name]),
    )


def _table(result: Versus, new: str, old: str) -> str:
    words = say("line"), say("queries"), new, say("{name} (in use)", name=old), say("difference")
    head = "".join(f"<th>{html.escape(word)}</th>" for word in words)
    body = "".join(_row(line) for line in result.lines)
    return f'<table class="mm-figures"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _row(line: LineDifference) -> str:
    d = line.difference
    text = f"{signed_format(d.mean, '+.3f')} [{signed_format(d.low, '+.3f')}, {signed_format(d.high, '+.3f')}]"
    mark = {1: "mm-better", -1: "mm-worse", 0: "mm-same"}[d.side]
    word = {1: say("better"), -1: say("worse"), 0: say("no clear difference")}[d.side]
    return (
        f"<tr><th>{tables.tip(say(label(title(line.line))), tell(meaning(line.line)))}</th><td>{d.n:,}</td><td>{tables.interval(line.first)}</td>"
        f'<td>{tables.interval(line.second)}</td><td><span class="{mark}">{text} <small>{word}</small></span></td></tr>'
    )


def _name(bundle: str) -> str:
    name, _, digest = bundle.partition("@")
    return f"{name} ({digest[:6]})"
