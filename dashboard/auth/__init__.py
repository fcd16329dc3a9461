"""Who is it: sign-in over an identity provider or a mailed link, sessions, and the gate before everything."""
