"""Splits, metrics, baselines and benchmarks."""
