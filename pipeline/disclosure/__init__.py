"""Who may be counted together, decided from memberships alone, never from answers."""
