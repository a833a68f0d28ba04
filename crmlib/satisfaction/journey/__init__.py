"""The customer journey: asked, ordered, complained, answered, and whether a purchase followed."""
