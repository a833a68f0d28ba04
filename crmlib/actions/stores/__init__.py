"""The stores: what each brings and how it stands beside the others, the one thing to do, and a page for each."""
