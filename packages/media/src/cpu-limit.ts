/** How often the CPU time is read, in milliseconds. */
const CHECK_MS = 100;

/**
 * Ends this process at once when it has used more CPU time than this from now on. The time on the clock says little about a picture: a busy machine gives a
 * process of the lowest priority hardly any CPU. Decoding runs in threads of libvips, so timers go on meanwhile.
 * @param cpuMs milliseconds
 * @returns ends the limit
 */
export function limitCpu(cpuMs: number): () => void {
  const from = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(from);
    // An orderly exit would wait for the threads.
    if ((user + system) / 1000 > cpuMs) process.kill(process.pid, 'SIGKILL');
  }, CHECK_MS);
  return () => clearInterval(timer);
}
