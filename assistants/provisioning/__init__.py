"""What is set up for a clinic: at Vapi, and here; and whether all of it stands."""
