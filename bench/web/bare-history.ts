import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { findRepositoryRoot } from '@aerogram/dev-env/load';

/** A list of lines of text that is drawn as far as it can be seen, by the library that the web client uses. */
const SCRIPT = `
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
const scroller = document.querySelector('main');
const log = document.querySelector('[role=log]');
const list = new Virtualizer({ count: 400, getScrollElement: () => scroller, estimateSize: () => 40, overscan: 8, observeElementRect, observeElementOffset, scrollToFn: elementScroll, onChange: draw });
function draw() {
  log.style.height = list.getTotalSize() + 'px';
  log.replaceChildren(...list.getVirtualItems().map(({ index, start }) => { const row = document.createElement('article'); row.textContent = 'line ' + index; row.style.cssText = 'position: absolute; transform: translateY(' + start + 'px)'; return row; }));
}
list._didMount();
list._willUpdate();
draw();
scroller.scrollTop = scroller.scrollHeight;
`;
const PAGE = '<!doctype html><title>Bare history</title><main style="height: 700px; overflow: auto"><div role="log" style="position: relative"></div></main><script src="/script.js"></script>';

/** Serves the list. */
export async function serveBareHistory(): Promise<{ address: string } & AsyncDisposable> {
  const { outputFiles } = await build({ stdin: { contents: SCRIPT, resolveDir: join(findRepositoryRoot(), 'apps/web') }, bundle: true, write: false, format: 'iife', minify: true });
  const server = createServer(({ url }, response) => {
    const isScript = url === '/script.js';
    response.writeHead(200, { 'Content-Type': isScript ? 'text/javascript' : 'text/html' }).end(isScript ? outputFiles[0]!.text : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<unknown>((resolve) => server.close(resolve));
    },
  };
}
