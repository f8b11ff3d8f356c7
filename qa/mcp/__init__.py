"""The skin for assistants: tools and resources over the Model Context Protocol, on one corpus."""

from qa.mcp.tools import assistant

__all__ = ["assistant"]
