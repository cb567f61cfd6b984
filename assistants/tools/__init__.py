"""What an assistant can ask of us: one function a tool, and what hears its arguments."""
