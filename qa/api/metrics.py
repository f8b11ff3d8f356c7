"""What Prometheus is told of the corpus, read when it asks."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from qa.api.service import Service


class CorpusCollector(Collector):
    """Size and generation of the corpus, and what the job queue holds."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        ready = self._service.ready
        yield GaugeMetricFamily("footnote_ready", "1 when questions are answered.", value=ready)
        if not ready:
            return
        corpus = self._service.corpus
        generation = corpus.snapshot.generation
        for name, value in corpus.counts().items():
            yield GaugeMetricFamily(f"footnote_{name}", f"Number of {name}.", value=value)
        yield GaugeMetricFamily("footnote_generation", "Published generation.", value=generation)
        yield GaugeMetricFamily(
            "footnote_jobs_pending", "Jobs queued or running.", value=self._service.jobs.pending()
        )
