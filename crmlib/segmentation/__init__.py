"""Chapter 02: who the customers are and what they are worth."""
