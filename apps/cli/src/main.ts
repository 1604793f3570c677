import { createProgram } from './program.ts';

// A closed output, as in `aerogram status | head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await createProgram(process.env, (line) => console.log(line)).parseAsync();
} catch (error) {
  console.error(`aerogram: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
