"""A widget is drawn from what a plugin declares, and gives back a value that the declaration allows."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def draws_every_kind() -> None:
    import streamlit as st

    from mmrec_core.registry import Option
    from pages._ui import controls

    options = (
        Option("on", True, "Switch"),
        Option("count", 10, "Count", minimum=4, maximum=40),
        Option("share", 0.5, "Share", minimum=0.0, maximum=1.0),
        Option("free", 3, "Free number"),
        Option("mode", "b", "Mode", choices=("a", "b", "c")),
    )
    st.session_state["drawn"] = {option.name: controls.draw(option, option.name) for option in options}


def test_defaults_come_back_in_their_own_type():
    app = AppTest.from_function(draws_every_kind).run()
    assert not app.exception
    assert app.session_state["drawn"] == {"on": True, "count": 10, "share": 0.5, "free": 3, "mode": "b"}
    assert [type(value) for value in app.session_state["drawn"].values()] == [bool, int, float, int, str]


def test_what_the_person_sets_comes_back():
    app = AppTest.from_function(draws_every_kind).run()
    app.toggle[0].set_value(False)
    app.slider(key="count").set_value(40)
    app.slider(key="share").set_value(0.0)
    app.number_input[0].set_value(7)
    app.selectbox[0].select("c").run()
    assert not app.exception
    assert app.session_state["drawn"] == {"on": False, "count": 40, "share": 0.0, "free": 7, "mode": "c"}
