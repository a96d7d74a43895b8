"""Doors: the only way to a shopper, in both directions (step 1). One file each."""
