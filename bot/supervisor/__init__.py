"""`make run`: prepares what is missing, starts all processes, keeps them running, stops them."""
