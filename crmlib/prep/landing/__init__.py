"""Landing: sources as they were delivered become tables of the engine, each row with its file and line."""

from crmlib.prep.landing.lines import BROKEN, FILE, LINE
from crmlib.prep.landing.scanning import Guess, detect_encoding
from crmlib.prep.landing.sources import Landed, land_tables
from crmlib.prep.landing.writing import DeliveredFile

__all__ = ["BROKEN", "FILE", "LINE", "DeliveredFile", "Guess", "Landed", "detect_encoding", "land_tables"]
