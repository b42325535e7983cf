"""The bauklotz family: a small drawn world, and the networks trained on it."""
