"""What people said about recommendations: kept in SQLite, never a medium."""
