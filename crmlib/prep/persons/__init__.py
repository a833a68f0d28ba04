"""The persons behind the customer numbers: who may be analysed, the map of pseudonyms, revealing and forgetting."""
