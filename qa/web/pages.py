"""What is served under which path. The endpoints are sync: they run in the thread pool."""

from __future__ import annotations

from fastapi import APIRouter

from qa.web import articles, asking, checking

router = APIRouter(include_in_schema=False)
for part in (asking, articles, checking):
    router.include_router(part.router)
