"""Every error the core raises on purpose. Each message is fit to show a user: the bad value, what is allowed, the remedy."""


class MMRecError(Exception):
    """Root of the family; interfaces catch this and nothing wider."""


class MediaError(MMRecError):
    """An upload or a stored medium cannot be used."""


class LimitError(MediaError):
    """A medium exceeds a limit. The message names the measured value, the limit and the remedy."""

    def __init__(self, what: str, measured: str, limit: str, remedy: str) -> None:
        super().__init__(f"{what} is {measured}; the limit is {limit}. {remedy}")


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
        super().__init__(f"Unknown {kind} {name!r}. Known: {', '.join(sorted(known)) or 'none'}.")


class OptionError(MMRecError):
    """An option of a plugin has a value outside what it declares."""


class MissingPackageError(MMRecError):
    """An optional package is not installed. The message names the pip package."""

    def __init__(self, plugin: str, package: str) -> None:
        super().__init__(f"{plugin!r} needs the package {package!r}. Install it with: pip install {package}")


class StoppedError(MMRecError):
    """Long work was stopped on request; nothing of it is kept."""
