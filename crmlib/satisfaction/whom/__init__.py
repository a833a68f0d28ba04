"""Whom to call and which stores to visit."""
