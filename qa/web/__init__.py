"""The pages: ask, articles with the cited words marked, related passages, quote checks.

Plain HTML and one stylesheet: no JavaScript, nothing from other hosts.
"""

from qa.web.pages import router
from qa.web.rendering import error_page, mount_static

__all__ = ["error_page", "mount_static", "router"]
