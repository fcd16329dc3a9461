"""Released cells in, Plotly figures out. No Streamlit here."""
