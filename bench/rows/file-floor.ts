import { measureFileFloor } from '../file-floor.ts';
import type { BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';

/** Transfers of parts without files, to which the rows of files are compared. */
export function benchFileFloor({ seconds }: BenchOptions): Promise<Row[]> {
  return measureFileFloor(seconds);
}
