"""The HTTP interface: a thin skin over qa.corpus."""

from qa.api.app import create_app

__all__ = ["create_app"]
