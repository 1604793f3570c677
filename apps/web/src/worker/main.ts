import { WebWorker } from './worker.ts';

/** Number of this build, put in by the bundler. */
declare const __BUILD__: string;

const worker = new WebWorker(__BUILD__);

// Shared by all tabs where the browser can do that; else the worker of one tab.
if ('onconnect' in self) {
  self.onconnect = (event: MessageEvent): void => {
    const [port] = event.ports;
    if (!port) return;
    worker.connect(port);
    port.start();
  };
} else {
  worker.connect(self);
}
