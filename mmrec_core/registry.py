"""One-file plugins: a module of a plugin package that ends in ``PLUGIN = Plugin(...)`` is found, checked and built on demand."""

from __future__ import annotations

import importlib
import importlib.util
import math
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mmrec_core.errors import MissingPackageError, OptionError, UnknownNameError
from mmrec_core.types import told


@dataclass(frozen=True)
class Option:
    """One value a user may set on a plugin; interfaces draw a widget from it.

    ``kind`` follows from the default: bool, int, float or str (a str needs ``choices``).
    """

    name: str
    default: bool | int | float | str
    label: str
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    def check(self, value: Any) -> Any:
        """Return ``value`` in the option's type; raise OptionError where it is not allowed."""
        kind = type(self.default)
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise OptionError(
                told(
                    "Option {name!r} is {value!r}; it takes a {kind}.", name=self.name, value=value, kind=kind.__name__
                )
            )
        if self.choices and value not in self.choices:
            raise OptionError(
                told(
                    "Option {name!r} is {value!r}; it takes one of {known}.",
                    name=self.name,
                    value=value,
                    known=", ".join(self.choices),
                )
            )
        low = -math.inf if self.minimum is None else self.minimum
        high = math.inf if self.maximum is None else self.maximum
        if not isinstance(value, str) and not low <= value <= high:
            raise OptionError(
                told(
                    "Option {name!r} is {value!r}; it takes {least} to {most}.",
                    name=self.name,
                    value=value,
                    least=self.minimum,
                    most=self.maximum,
                )
            )
        return value


@dataclass(frozen=True)
class Plugin:
    """What a one-file plugin declares: a stable name, a title for people, how to build it.

    ``requires`` maps import names to pip packages, as ``"import_name:pip-package"`` or one word where the two agree.
    ``offers`` names abilities beyond the contract, for whoever must know of them before anything is built.
    """

    name: str
    title: str
    build: Callable[..., Any]
    requires: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    offers: tuple[str, ...] = ()

    def missing_package(self) -> str | None:
        """The first pip package that is needed and absent, or None."""
        for requirement in self.requires:
            module, _, package = requirement.partition(":")
            if importlib.util.find_spec(module) is None:
                return package or module
        return None


class Registry:
    """The plugins of one package, discovered once, built lazily.

    Args:
        package: dotted name of the plugin package, e.g. ``"mmrec_core.explain"``.
        kind: what one plugin is called in messages, e.g. ``"explainer"``.
    """

    def __init__(self, package: str, kind: str) -> None:
        self.package = package
        self.kind = kind

    @cached_property
    def plugins(self) -> dict[str, Plugin]:
        """Every plugin by name, in name order."""
        paths = importlib.import_module(self.package).__path__
        modules = (importlib.import_module(f"{self.package}.{m.name}") for m in pkgutil.iter_modules(paths))
        found = [m.PLUGIN for m in modules if hasattr(m, "PLUGIN")]
        return {plugin.name: plugin for plugin in sorted(found, key=lambda p: p.name)}

    def names(self) -> list[str]:
        """Names of all plugins, sorted."""
        return list(self.plugins)

    def get(self, name: str) -> Plugin:
        """The plugin called ``name``; raises UnknownNameError."""
        if name not in self.plugins:
            raise UnknownNameError(self.kind, name, self.names())
        return self.plugins[name]

    def build(self, name: str, *args: Any, **options: Any) -> Any:
        """Build a plugin with checked options; raises UnknownNameError, OptionError or MissingPackageError.

        Positional arguments go to the plugin's ``build`` as they are; keyword arguments must be declared options.
        """
        plugin = self.get(name)
        if package := plugin.missing_package():
            raise MissingPackageError(name, package)
        declared = {option.name: option for option in plugin.options}
        if unknown := set(options) - set(declared):
            raise UnknownNameError(told("option of {name!r}:", name=name), sorted(unknown)[0], list(declared))
        values = {key: option.check(options.get(key, option.default)) for key, option in declared.items()}
        return plugin.build(*args, **values)
