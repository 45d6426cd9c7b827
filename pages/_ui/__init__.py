"""What the pages are made of: the only place, besides the pages, that knows streamlit."""
