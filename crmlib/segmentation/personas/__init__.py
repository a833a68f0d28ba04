"""Personas: who the customers of a segment are, what they buy, when, where and how."""
