import { signal } from '@preact/signals';

const wide = matchMedia('(min-width: 701px)');

/** Whether the window has room for a list and a chat side by side. A phone shows one of them. */
export const isWide = signal(wide.matches);
wide.addEventListener('change', () => (isWide.value = wide.matches));
