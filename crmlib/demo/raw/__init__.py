"""The raw files of the demo: what the chain's systems would export, dirt included, and a count of every planted dirt."""
