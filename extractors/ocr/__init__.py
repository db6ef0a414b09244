"""Pages that are pictures become pages of glyphs; needs the extra ``[ocr]``."""
