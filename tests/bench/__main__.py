"""`make bench`: the gold questions, and quality and speed over HTTP."""

from __future__ import annotations

import embeddings
from tests.bench import over_http, quality

quality.seeds(embeddings.load())
over_http.main()
