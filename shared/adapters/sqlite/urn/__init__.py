"""The urn of the embedded mode: who may answer in one table, what was answered in others.

No row leads from a right or a ballot to an answer, a receipt or a comment. These lie each in a
table of their own, in the order of names that are random each by itself (a receipt is its own
name), and carry no time; a link carries the day of its last use. What the file still shows:

- Until it is stirred: pages fill in the order in which rows come, so that their places, and on
  which side of their table they lie, tell roughly in which order answers, receipts and comments
  came. So does the order in which rights were changed, in their own pages, and for longer.
- While it is stirred, which is done in slices (see `stirring`): how far that has come.
- Until then also, in the write-ahead log: which token, answer, receipt and comments were written by
  one transaction (those of many who came at once share one). Stirring, drawing, discarding and
  removing a comment write all pages back and cut the log to nothing, as does opening the file.
- For ever: what was decided about a comment, and by whom, under its random name.
- Until a batch is discarded: which answers and which receipts it holds, in two orders.
- For ever: which receipts were counted, as digests in their order; the log says so too. Pages tell
  roughly in which batch, and the log exactly.

What is deleted or moved is overwritten in the file. The blocks of a log that was cut, and copies of
the file by others, are beyond this: see the threat model.
"""

from shared.adapters.sqlite.urn.urn import SqliteUrn

__all__ = ["SqliteUrn"]
