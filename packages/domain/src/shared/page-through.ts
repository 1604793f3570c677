/**
 * Yields the rows of all pages, one page after the other.
 * @param readPage reads the page after this row, the first page for undefined; a page without rows ends it
 */
export async function* pageThrough<Row>(readPage: (last: Row | undefined) => Promise<readonly Row[]>): AsyncGenerator<Row> {
  for (let last: Row | undefined; ; ) {
    const rows = await readPage(last);
    yield* rows;
    last = rows.at(-1);
    if (last === undefined) return;
  }
}
