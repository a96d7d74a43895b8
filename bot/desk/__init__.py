"""Where a person takes over: tickets, agents, the console's API and the handoff endpoint."""
