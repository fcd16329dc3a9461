"""The script that Streamlit runs for every visitor, again with every change; all that it needs is imported once."""

from dashboard.navigation import draw

draw()
