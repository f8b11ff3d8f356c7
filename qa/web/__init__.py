"""The pages: ask, articles with the cited words marked, related passages, quote checks, the API.

Plain HTML and one stylesheet, nothing from other hosts; the few scripts only make it nicer. The
endpoints are sync: they run in the thread pool.
"""

from fastapi import APIRouter, Depends

from qa.web import (
    add_pages,
    article_pages,
    ask_page,
    check_page,
    correct_pages,
    job_pages,
    reference_page,
)
from qa.web.citing import remembered
from qa.web.rendering import error_page, mount_static

router = APIRouter(include_in_schema=False, dependencies=[Depends(remembered)])
for part in (
    ask_page,
    article_pages,
    add_pages,
    job_pages,
    correct_pages,
    check_page,
    reference_page,
):
    router.include_router(part.router)

__all__ = ["error_page", "mount_static", "router"]
