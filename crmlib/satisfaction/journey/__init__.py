"""The customer's way: asked, ordered, complained, answered, and whether a purchase followed."""
