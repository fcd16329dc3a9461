"""What is asked, of whom, about whom. Imports nothing of the other two packages."""
