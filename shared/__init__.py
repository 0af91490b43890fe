"""What every service stands on, and what none of them owns."""
