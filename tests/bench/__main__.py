"""`make bench`: the gold questions, quality over HTTP, and what the parts are worth."""

from __future__ import annotations

from tests.bench import ablation, gold, over_http

gold.main()
over_http.main()
ablation.main()
