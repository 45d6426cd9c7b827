"""Draws a widget from an Option, the same declaration that plugins make."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mmrec_core.registry import Option
from pages._ui.language import say


def draw(option: Option, key: str) -> Any:
    """The widget that fits the option's type; returns its checked value. The value lives in the session under ``key``."""
    st.session_state.setdefault(key, option.default)
    label, tip = say(option.label), say(option.help) or None
    if isinstance(option.default, bool):
        value: Any = st.toggle(label, key=key, help=tip)
    elif isinstance(option.default, str):
        value = st.selectbox(label, option.choices, format_func=say, key=key, help=tip)
    elif option.minimum is not None and option.maximum is not None:
        kind = type(option.default)
        low, high = kind(option.minimum), kind(option.maximum)
        step = 1 if kind is int else (high - low) / 20
        value = st.slider(label, low, high, step=step, key=key, help=tip)
    else:
        kind = type(option.default)
        value = kind(
            st.number_input(
                label,
                step=kind(1),
                min_value=_limit(kind, option.minimum),
                max_value=_limit(kind, option.maximum),
                key=key,
                help=tip,
            )
        )
    return option.check(value)


def _limit(kind: type, value: float | None) -> int | float | None:
    return None if value is None else kind(value)
