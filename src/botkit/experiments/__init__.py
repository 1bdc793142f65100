"""Which classifier, on which features, understands customers best: measured on the training data, re-runnable.

`make experiments` runs it; the table stands in `docs/understanding.md`, all figures in `var/experiments/results.json`.
`tests/heldout/final.jsonl` is never read here.
"""
