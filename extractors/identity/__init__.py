"""What a document says of itself: kind, title, language, year, date and state."""
