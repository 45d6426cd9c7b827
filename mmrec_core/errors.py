"""Every error the core raises on purpose. Each message is fit to show a user: the bad value, what is allowed, the remedy."""

from collections.abc import Mapping

from mmrec_core.types.sentence import told


class MMRecError(Exception):
    """Root of the family; interfaces catch this and nothing wider."""

    @property
    def message(self) -> str:
        """What to show a user: a ``Sentence`` where it can be said in other languages."""
        return self.args[0] if self.args else ""


class MediaError(MMRecError):
    """An upload or a stored medium cannot be used."""


class LimitError(MediaError):
    """A medium exceeds a limit. The message names the measured value, the limit and the remedy."""

    def __init__(self, what: str, measured: str, limit: str, remedy: str) -> None:
        words = {"what": what, "measured": measured, "limit": limit, "remedy": remedy}
        super().__init__(told("{what} is {measured}; the limit is {limit}. {remedy}", **words))


class UnreadableError(MediaError):
    """The bytes are not a medium of the kind that was asked for."""


class QueryError(MMRecError):
    """A query holds nothing that can be searched with."""


class NotSetUpError(MMRecError):
    """Weights, catalogue or index are not on this machine yet."""


class SourceUnavailableError(MMRecError):
    """A package or mirror that set-up needs cannot be had."""


class IntegrityError(MMRecError):
    """A downloaded file does not have the SHA-256 that was pinned."""


class BundleError(MMRecError):
    """A model bundle or an index cannot be used, or the two do not belong together."""


class InteractionsError(MMRecError):
    """A file of interactions cannot be used. The message says why, with row numbers of what else is wrong."""


class UnknownNameError(MMRecError):
    """A name is not registered. The message lists the names that are."""

    def __init__(self, kind: str, name: str, known: list[str]) -> None:
        words = {"kind": told(kind), "name": name}
        if known:
            super().__init__(told("Unknown {kind} {name!r}. Known: {known}.", known=", ".join(sorted(known)), **words))
        else:
            super().__init__(told("Unknown {kind} {name!r}. There are none.", **words))


class UnknownItemError(UnknownNameError):
    """An item is not in the catalogue. The message names those that may have been meant, by title and id."""

    def __init__(self, item_id: str, near: Mapping[str, str]) -> None:
        if near:
            titles = ", ".join(f"“{title}” ({near_id})" for near_id, title in near.items())
            text = told(
                "Unknown item {name!r}. It is not in this catalogue; these may be meant: {titles}.",
                name=item_id,
                titles=titles,
            )
        else:
            text = told("Unknown item {name!r}. It is not in this catalogue; search for it by its title.", name=item_id)
        MMRecError.__init__(self, text)


class OptionError(MMRecError):
    """An option of a plugin has a value outside what it declares."""


class MissingPackageError(MMRecError):
    """An optional package is not installed. The message names the pip package."""

    def __init__(self, plugin: str, package: str) -> None:
        text = "{plugin!r} needs the package {package!r}. Install it with: pip install {package}"
        super().__init__(told(text, plugin=plugin, package=package))


class StoppedError(MMRecError):
    """Long work was stopped on request; nothing of it is kept."""
