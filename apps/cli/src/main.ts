import { findBuilt } from '@aerogram/runtime';
import { createProgram } from './program.ts';

// A closed output, as in `aerogram status | head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const [, , group, command] = process.argv;
const cdn = group === 'cdn' && command === 'serve' ? findBuilt('cdn.js') : undefined;
try {
  // A program of its own, which contains nothing that knows a database or a key of a file.
  if (cdn !== undefined) await import(cdn);
  else await createProgram(process.env, (line) => console.log(line)).parseAsync();
} catch (error) {
  console.error(`aerogram: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
