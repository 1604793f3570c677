/**
 * Yields all pages of a listing, one after the other.
 * @param readPage reads the page after this row, the first page for undefined; a page without rows ends it
 */
export async function* pagesOf<Row>(readPage: (last: Row | undefined) => Promise<readonly Row[]>): AsyncGenerator<readonly Row[]> {
  for (let last: Row | undefined; ; ) {
    const rows = await readPage(last);
    last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
  }
}

/** Yields the rows of all pages, one page after the other. Parameter as in {@link pagesOf}. */
export async function* pageThrough<Row>(readPage: (last: Row | undefined) => Promise<readonly Row[]>): AsyncGenerator<Row> {
  for await (const rows of pagesOf(readPage)) yield* rows;
}
