"""The errors of the house. Every error that a user can meet is a ``PescoError`` whose text says what to do."""


class PescoError(Exception):
    """Root of all errors that the project raises on purpose."""


class BusyError(PescoError):
    """Something was in the way that passes by itself; the same may do later."""


class RuleError(PescoError):
    """A rule file holds a mistake; the text names file, line and reason. Nothing runs on half a gazetteer."""


class CorrectionError(PescoError):
    """A correction file holds a mistake; the text names file, line and reason. Nothing runs on half of them."""


class EdtfError(PescoError, ValueError):
    """A string is no EDTF date of the kinds that ``gold`` values use."""


class LayoutError(PescoError):
    """A document has a structure that the code does not know; it costs this document only."""
