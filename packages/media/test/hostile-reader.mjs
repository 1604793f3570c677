// A process that reads files, but does what the bytes after the eighth say.
import { spawn } from 'node:child_process';

process.once('disconnect', () => process.exit());
// Node would write the stack of a crash straight to the output of the tests, where it looks like a failure. So the process only ends.
process.once('uncaughtException', () => process.exit(1));
/** Uses CPU time. */
const burn = (ms) => {
  const from = process.cpuUsage();
  for (let usedUs = 0; usedUs < 1000 * ms; ) {
    const { user, system } = process.cpuUsage(from);
    usedUs = user + system;
  }
};
/** Lets a child use CPU time, as ffmpeg does. */
const burnInChild = (ms) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', `(${burn})(${ms})`]);
    child.once('close', resolve);
  });
const waiting = new Map();
let lastCall = 0;
const read = (id, from, to) =>
  new Promise((resolve) => {
    const call = ++lastCall;
    waiting.set(call, resolve);
    process.send({ kind: 'read', id, call, from, to });
  });
async function perform(id, size) {
  const what = Buffer.from((await read(id, 8, Math.min(size, 20))) ?? []).toString();
  if (what === 'crash') process.kill(process.pid, 'SIGSEGV');
  if (what === 'hang') for (;;);
  if (what === 'burn') burn(100);
  if (what === 'child burns') await burnInChild(100);
  if (what === 'child hangs') await burnInChild(Infinity);
  const kept = [];
  // With more than its limit the process ends, or allocating fails.
  if (what === 'fill') for (let n = 0; n < 40; n++) kept.push(Buffer.alloc(100 * 1024 * 1024, 1));
  if (what.startsWith('read all')) {
    await read(id, 0, size);
    await read(id, 10, 5);
    await read(id, 0, Number.NaN);
    for (let at = 0; at < size; at += 8 * 1024 * 1024) await read(id, at, Math.min(size, at + 8 * 1024 * 1024));
  }
  const facts = what === 'title' ? { title: 'A'.repeat(301) } : {};
  process.send({ kind: 'result', id, result: { outcome: 'read', facts } });
}
process.on('message', (message) => {
  if (message.kind === 'task') return void perform(message.id, message.task.size);
  waiting.get(message.call)(message.bytes);
  waiting.delete(message.call);
});
process.send({ kind: 'ready', version: 'hostile' });
