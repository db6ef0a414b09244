"""PDF bytes in, pages as columns of glyphs out: pdfplumber's very words, fast, checked against pdfplumber itself."""
