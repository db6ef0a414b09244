"""Pages of glyphs become one text in reading order, every character with its glyph."""
