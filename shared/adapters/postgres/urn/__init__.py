"""The urn on PostgreSQL: who may answer in one table, what was answered in others.

No row leads from a right or a ballot to an answer, a receipt or a comment. These lie each in a
table of their own under names that are random each by itself (a receipt is its own name), and carry
no time; a link carries the day of its last use. What the database still shows:

- Until it is stirred: PostgreSQL stamps every row with the number of its transaction, and right,
  answer, receipt and comments of a slip are written in one (slips of many who come at once share
  it). Stirring stamps all of a box alike, or of a large part of it (see `stamping`), and writes the
  tables anew, in the order of their names. Then a stamp tells of a box when the last of it came.
- For longer: the stamps of rights and ballots, and dead versions of these, which tell in which
  order rights were used and ballots cast, but of no answer.
- Until a batch is discarded and the tables are written anew, which is done when it is stirred next:
  which answers and which receipts it holds, in two orders, as the log says too. Their stamps say
  nothing else, as only what was stirred is drawn.
- For ever: which receipts were counted, as digests, and by their stamps in which batch; the log
  says so too.
- A dead version of a row that another transaction, under way when the table is written anew, could
  still see stays in the table; if it may tell whose it was, nothing is drawn until it is gone.
- The write-ahead log shows what was written together until its segments are reused, and so does
  every archive and replica of it; so do the blocks of old files until the file system gives them
  away, and every backup that was made while something waited. See the threat model.

Several processes use an urn at once. Locks of the database keep them apart, and leave no trace:
putting in shares a questionnaire's lock, shutting it has the lock alone; drawing has another; who
changes what waits shares a third one, which stamping has alone. Stirring goes by turns.
"""

from shared.adapters.postgres.urn.urn import PostgresUrn

__all__ = ["PostgresUrn"]
