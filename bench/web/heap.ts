import type { Browser, CDPSession, Page } from 'playwright-core';

/** Bytes of JavaScript that a page and the shared worker of its window hold, after everything that nobody needs was thrown away. */
export async function measureHeap(browser: Browser, page: Page): Promise<number> {
  const own = await page.context().newCDPSession(page);
  const ofPage = await usedAfterCollection((method) => own.send(method as 'Runtime.getHeapUsage'));
  const root = await browser.newBrowserCDPSession();
  const { targetInfos } = await root.send('Target.getTargets');
  const worker = targetInfos.find(({ type }) => type === 'shared_worker');
  if (worker === undefined) throw new Error('the page has no shared worker');
  const { sessionId } = await root.send('Target.attachToTarget', { targetId: worker.targetId, flatten: false });
  const ofWorker = await usedAfterCollection((method) => sendTo(root, sessionId, method));
  await root.detach();
  return ofPage + ofWorker;
}

async function usedAfterCollection(send: (method: string) => Promise<unknown>): Promise<number> {
  // What was freed by the first round may have held what the second one frees.
  for (let round = 0; round < 2; round++) await send('HeapProfiler.collectGarbage');
  return ((await send('Runtime.getHeapUsage')) as { usedSize: number }).usedSize;
}

/** Sends a command to something that has no session of its own in the library. */
function sendTo(root: CDPSession, sessionId: string, method: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const listen = (event: { sessionId: string; message: string }): void => {
      const answer = JSON.parse(event.message) as { id?: number; result?: unknown; error?: { message: string } };
      if (event.sessionId !== sessionId || answer.id !== 1) return;
      root.off('Target.receivedMessageFromTarget', listen);
      if (answer.error) reject(new Error(`${method}: ${answer.error.message}`));
      else resolve(answer.result);
    };
    root.on('Target.receivedMessageFromTarget', listen);
    void root.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: 1, method }) });
  });
}
