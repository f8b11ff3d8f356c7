"""`make bench`: quality over HTTP, then what the parts are worth."""

from __future__ import annotations

from tests.bench import ablation, over_http

over_http.main()
ablation.main()
