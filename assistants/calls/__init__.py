"""What happens in a call: who takes it, what is answered, what is kept of it."""
