import type { SetRef } from '../../protocol/index.ts';

/** Names the set of a link such as `#/link/addstickers/NAME`. Pure. @returns undefined for other links */
export function setOfRoute(route: string): SetRef | undefined {
  const name = /^#\/link\/add(?:stickers|emoji)\/(\w{1,64})$/.exec(route)?.[1];
  return name === undefined ? undefined : { by: 'name', name };
}

/** Shows a set, above what stands on the page. The dialog is loaded then. */
export async function openSet(ref: SetRef): Promise<void> {
  const { showSet } = await import('./set-dialog.tsx');
  await showSet(ref);
}
