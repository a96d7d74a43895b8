"""Measures the whole installation: `make bench` its speed, `make chaos` what survives faults."""
