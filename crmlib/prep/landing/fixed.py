"""Fixed-width text, cut into columns by their widths."""

from collections.abc import Iterator
from itertools import accumulate, pairwise

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from crmlib.params import FileSource, ParameterError
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.archives import BLOCK, open_bytes
from crmlib.prep.landing.lines import Broken, Fault, broken_batch, text_batch, unique_names
from crmlib.prep.landing.scanning import Scan

_NO_DELIMITER = "\x01"


class FixedWidthFile:
    """One fixed-width file."""

    def __init__(self, scan: Scan, source: FileSource) -> None:
        if not source.widths:
            raise ParameterError(f"{scan.path.name}: a fixed-width file needs `widths`, one number a column")
        self.scan = scan
        self.delimiter = ""
        self.fault: Fault | None = None
        self._header = int(source.header)
        self._cuts = list(pairwise(accumulate(source.widths, initial=0)))
        self.names = tuple(source.names) if source.names is not None else self._header_names()
        if len(self.names) != len(source.widths):
            raise ParameterError(
                f"{scan.path.name}: `names` has {len(self.names)} columns and `widths` has {len(source.widths)}"
            )

    def batches(self) -> Iterator[pa.Table]:
        """Yield the rows as text with their line numbers; lines longer than the widths come as broken ones."""
        first = self._header + 1
        for lines in self._lines(skip=self._header):
            numbers = pa.array(range(first, first + len(lines)), pa.int64())
            first += len(lines)
            rest = pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(lines, self._cuts[-1][1]))
            filled, fits = pc.not_equal(pc.utf8_trim_whitespace(lines), ""), pc.equal(rest, "")
            keep = pc.and_(filled, fits)
            whole = lines.filter(keep)
            columns = {
                name: pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(whole, start, stop))
                for name, (start, stop) in zip(self.names, self._cuts, strict=True)
            }
            last = lines[-1].as_py().rstrip() if len(lines) else ""
            short = self.scan.ends_open and 0 < len(last) <= self._cuts[-1][0]
            self.fault = Fault("is cut off: its last line lacks columns", first - 1) if short else None
            yield text_batch(columns, numbers.filter(keep))
            too_long = pc.and_not(filled, fits)
            if pc.any(too_long).as_py():
                pairs = zip(numbers.filter(too_long).to_pylist(), lines.filter(too_long).to_pylist(), strict=True)
                yield broken_batch(self.names, [Broken(line, text) for line, text in pairs])

    def _header_names(self) -> tuple[str, ...]:
        if not self._header:
            return unique_names([""] * len(self._cuts))
        line = next(self._lines(skip=self._header - 1))[0].as_py()
        return unique_names([line[start:stop] for start, stop in self._cuts])

    def _lines(self, skip: int) -> Iterator[pa.Array]:
        """Read the file as one column of whole lines."""
        encoding = "utf8" if self.scan.encoding.startswith("utf-8") else self.scan.encoding
        try:
            with pacsv.open_csv(
                open_bytes(self.scan.path),
                pacsv.ReadOptions(
                    use_threads=False, block_size=BLOCK, skip_rows=skip, column_names=["line"], encoding=encoding
                ),
                pacsv.ParseOptions(delimiter=_NO_DELIMITER, quote_char=False, ignore_empty_lines=False),
                pacsv.ConvertOptions(column_types={"line": pa.string()}, strings_can_be_null=False),
            ) as reader:
                for batch in reader:
                    yield batch.column(0)
        except (pa.ArrowInvalid, UnicodeError):
            raise InputRejectedError.at(
                self.scan.path, f"is not {self.scan.encoding} text", "correct `encoding` or leave it out"
            ) from None
