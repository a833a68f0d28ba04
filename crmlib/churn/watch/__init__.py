"""Whether the model still sees what it learnt from, and whether what it foresaw came."""
