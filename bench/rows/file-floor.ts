import type { BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';

/** Transfers of files without files, to which the rows of files are compared. */
export async function benchFileFloor({ fileFloor }: BenchOptions): Promise<Row[]> {
  return (await fileFloor()).rows;
}
