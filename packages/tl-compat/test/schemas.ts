import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { indexSchema, parseSchema, type Schema } from '@aerogram/tl-codegen';

/** The schema of one layer, as committed. */
export function loadSchema(layer: number): Schema {
  return indexSchema(layer, parseSchema(readFileSync(fileURLToPath(new URL(`../../schema/api-${layer}.tl`, import.meta.url)), 'utf8')));
}
