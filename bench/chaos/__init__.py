"""`make chaos`: what is lost, doubled or turned around when parts are killed under load."""
