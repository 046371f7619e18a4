"""Everything the engine refuses, each with a name of its own."""


class EngineError(Exception):
    """Is the parent of every error the engine raises on purpose."""


class UnknownOptionError(EngineError):
    """A setting, part or choice has a name the engine does not know."""


class BrokenDocumentError(EngineError):
    """Stored JSON does not describe a document or a result."""


class WrongSideError(EngineError):
    """An index was asked with, or filled with, a document of the side it cannot take."""


class NoIndexError(EngineError):
    """A folder holds no published index."""


class BrokenIndexError(EngineError):
    """A published index is damaged or was written in another format; it can be deleted and built again."""


class MissingModelError(EngineError):
    """A file that ships with the engine is missing or cannot be read."""
