"""Inside the assistant's process: Rasa's model, run turn by turn for the gateway (steps 4 to 7)."""
