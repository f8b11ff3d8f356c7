"""What Prometheus is told of the corpus, read when it asks."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from qa.api.running_service import Service
from qa.api.wrong_keys import WrongKeys
from qa.errors import FootnoteError

# Seconds: a question's stage takes a tenth of a millisecond or more, a batch of articles seconds.
_BUCKETS = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)


class StageTimes:
    """An observer (qa.observe) that Prometheus can ask."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            "footnote_stage_seconds",
            "Time of each stage of a question (ask) or of a batch of articles (prepare, commit).",
            ("work", "stage"),
            registry=registry,
            buckets=_BUCKETS,
        )
        self._of: dict[tuple[str, str], Histogram] = {}

    def __call__(self, work: str, stage: str, seconds: float) -> None:
        known = self._of.get((work, stage))
        if known is None:  # looking labels up takes as long as all the rest
            known = self._of[work, stage] = self._seconds.labels(work, stage)
        known.observe(seconds)


class CorpusCollector(Collector):
    """Size and generation of the corpus, and what the job queue holds."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        try:
            corpus = self._service.corpus
            generation, counts = corpus.checked_generation(), corpus.counts()
        except FootnoteError:  # re-indexed by another process, or not open yet
            counts = None
        ready = counts is not None
        yield GaugeMetricFamily("footnote_ready", "1 when questions are answered.", value=ready)
        if counts is None:
            return
        for name, value in counts.items():
            yield GaugeMetricFamily(f"footnote_{name}", f"Number of {name}.", value=value)
        yield GaugeMetricFamily("footnote_generation", "Published generation.", value=generation)
        yield GaugeMetricFamily(
            "footnote_jobs_pending",
            "Jobs queued or running.",
            value=self._service.jobs.table.pending(),
        )


class AccessCollector(Collector):
    """How often somebody came with a wrong key."""

    def __init__(self, wrong: WrongKeys) -> None:
        self._wrong = wrong

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily(
            "footnote_wrong_keys", "Requests with a wrong key.", value=self._wrong.total
        )
