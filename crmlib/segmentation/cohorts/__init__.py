"""Customers by when they were won: who comes back, how soon, and what they bring."""
