"""The summary: it reads results that chapters recorded and computes nothing of its own."""
