"""The raw files of the demo: what the chain's systems would export, and a count of every planted dirt."""
