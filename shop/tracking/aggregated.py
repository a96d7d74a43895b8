"""Parcels followed by an aggregator, within a deadline and never at the shopper's expense."""

import logging
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as DeadlineExceeded
from datetime import datetime, timedelta
from typing import Callable

from shop.models import Shipment, ShipmentStatus
from shop.tracking.answers import KeptAnswers
from shop.tracking.carriers import find_carrier
from shop.tracking.errors import TrackingDown, TrackingUnavailable
from shop.tracking.report import Aggregator, Report

logger = logging.getLogger(__name__)

# A shopper waits for it, together with the shop itself.
_DEADLINE_SECONDS = 2.0
# How long a carrier is left alone that did not answer: the parcels of one order are asked about one
# after the other, and a shopper should not wait for each of them in vain.
_PAUSE = timedelta(seconds=30)
_MOST_ANSWERS = 2000
_THREADS = 8


class AggregatedTracking:
    """A ``ParcelTracking`` over an aggregator; ``now`` gives aware UTC moments."""

    def __init__(
        self,
        aggregator: Aggregator,
        now: Callable[[], datetime],
        *,
        deadline_seconds: float = _DEADLINE_SECONDS,
        most_answers: int = _MOST_ANSWERS,
    ) -> None:
        self._aggregator = aggregator
        self._now = now
        self._deadline = deadline_seconds
        self._answers = KeptAnswers(seconds=aggregator.keep_seconds, most=most_answers, now=now)
        self._resume_at: dict[str, datetime] = {}
        # Threads, because only then does the deadline hold for looking up a name and for a server
        # that sends a byte at a time; and what comes too late is kept for the next question.
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="tracking")

    def follow(self, shipment: Shipment, *, phone_last4: str = "") -> Shipment:
        """Return the shipment with the aggregator's news, else as the shop has it.

        One that has arrived is not asked about: nothing follows, and every question costs money.
        """
        if shipment.status is ShipmentStatus.DELIVERED:
            return shipment
        carrier = find_carrier(shipment.carrier)
        code = carrier.code if carrier else "other"
        try:
            report = self._report(shipment, phone_last4, code)
        except TrackingUnavailable as error:
            logger.warning(
                "tracking_unavailable carrier=%s by=%s reason=%s",
                code,
                self._aggregator.name,
                error.reason,
            )
            return shipment
        return report.onto(shipment)

    def close(self) -> None:
        """Let go of threads and connections; what is on its way is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._aggregator.close()

    def _report(self, shipment: Shipment, phone_last4: str, code: str) -> Report:
        kept = self._answers.get(shipment.tracking_number)
        if kept:
            return kept
        resume_at = self._resume_at.get(code)
        if resume_at and self._now() < resume_at:
            raise TrackingUnavailable("paused")
        asked = self._pool.submit(self._ask, shipment, phone_last4)
        try:
            return asked.result(self._deadline)
        except DeadlineExceeded:
            asked.cancel()
            self._pause(code)
            raise TrackingUnavailable("timeout") from None
        except TrackingDown:
            self._pause(code)
            raise

    def _ask(self, shipment: Shipment, phone_last4: str) -> Report:
        report = self._aggregator.ask(shipment, phone_last4=phone_last4)
        self._answers.put(shipment.tracking_number, report)
        return report

    def _pause(self, code: str) -> None:
        self._resume_at[code] = self._now() + _PAUSE
