"""What a person sees, and the command line that composes everything."""
