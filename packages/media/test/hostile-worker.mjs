// A process that makes photos, but crashes, hangs or fills its memory when the byte after the signature of a JPEG says so.
const made = { outcome: 'made', photo: { sizes: [], stripped: new Uint8Array() } };
process.once('disconnect', () => process.exit());
// Node would write the stack of a crash straight to the output of the tests, where it looks like a failure. So the process only ends.
process.once('uncaughtException', () => process.exit(1));
process.on('message', ({ id, task: { bytes } }) => {
  if (bytes[3] === 1) process.kill(process.pid, 'SIGSEGV');
  if (bytes[3] === 2) for (;;);
  const kept = [];
  // With more than its limit the process ends, or allocating fails.
  if (bytes[3] === 3) for (let n = 0; n < 40; n++) kept.push(Buffer.alloc(100 * 1024 * 1024, 1));
  process.send({ kind: 'result', id, result: { ...made, pid: process.pid, settings: Object.keys(process.env).filter((name) => name.startsWith('AEROGRAM_')) } });
});
process.send({ kind: 'ready', version: 'hostile' });
