/** Values that a statement accepts as parameters. An array needs its type in the statement: `unnest($1::bigint[])`. */
export type SqlValue = string | number | bigint | boolean | Uint8Array | null | readonly SqlValue[];
