"""Side-by-side measurements against peers; run one with `python -m benchmarks.engine`."""
