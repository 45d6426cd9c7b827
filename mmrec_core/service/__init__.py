"""The facade that pages and the command line call."""

from mmrec_core.service.facade import Service

__all__ = ["Service"]
