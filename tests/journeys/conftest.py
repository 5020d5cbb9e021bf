"""Journeys drive the real window."""

from tests.support.garbage import collected_by_this_thread, nothing_left

__all__ = ("collected_by_this_thread", "nothing_left")
