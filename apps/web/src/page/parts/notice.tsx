import { render } from 'preact';
import { RefusedError } from '../ground/link.ts';
import { describeRefusal } from './errors.ts';
import { t } from '../ground/text.ts';

/** How long a notice is shown, in milliseconds. */
const SHOWN_MS = 5000;

/** Says in passing why something did not work. */
export const notify = (text: string): void => show(text, 'alert');

/** Says in passing that something was done. */
export const tell = (text: string): void => show(text, 'status');

function show(text: string, role: 'alert' | 'status'): void {
  const place = document.createElement('div');
  place.className = 'notices';
  // What stands outside of an open dialog cannot be seen.
  (document.querySelector('dialog[open]') ?? document.body).append(place);
  render(
    <p class="notice" role={role}>
      {text}
    </p>,
    place,
  );
  setTimeout(() => {
    render(null, place);
    place.remove();
  }, SHOWN_MS);
}

/** Does something, and says so if the server refuses it. @returns whether it was done */
export async function attempt(act: Promise<unknown>): Promise<boolean> {
  try {
    await act;
    return true;
  } catch (error) {
    notify(error instanceof RefusedError ? describeRefusal(error.refusal) : t('errorInternal'));
    return false;
  }
}
