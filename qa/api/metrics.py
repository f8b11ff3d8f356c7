"""What Prometheus is told of the corpus, read when it asks."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from qa.api.running_service import Service
from qa.api.wrong_keys import WrongKeys
from qa.errors import FootnoteError
from qa.storage.lag import Lag

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
        ready = True
        try:
            self._service.checked_lag()
        except FootnoteError:
            ready = False
        yield GaugeMetricFamily("footnote_ready", "1 when /health/ready says so.", value=ready)
        try:
            corpus = self._service.corpus
            counts, lag = corpus.counts(), corpus.lag()
        except FootnoteError:  # re-indexed by another process, or not open yet
            return
        for name, value in counts.items():
            yield GaugeMetricFamily(f"footnote_{name}", f"Number of {name}.", value=value)
        yield from _of_lag(lag)
        yield GaugeMetricFamily(
            "footnote_jobs_pending",
            "Jobs queued or running.",
            value=self._service.jobs.table.pending(),
        )


def _of_lag(lag: Lag) -> Iterator[Metric]:
    """Which generation is answered from, and how far that is behind what is stored."""
    for name, said, value in (
        ("generation", "Published generation.", lag.generation),
        ("stored_generation", "Generation that is stored.", lag.stored),
        ("behind", "Generations that are stored and not published here.", lag.behind),
        ("behind_seconds", "How long the oldest of them has waited.", lag.behind_seconds),
    ):
        yield GaugeMetricFamily(f"footnote_{name}", said, value=value)


class AccessCollector(Collector):
    """How often somebody came with a wrong key."""

    def __init__(self, wrong: WrongKeys) -> None:
        self._wrong = wrong

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily(
            "footnote_wrong_keys", "Requests with a wrong key.", value=self._wrong.total
        )
