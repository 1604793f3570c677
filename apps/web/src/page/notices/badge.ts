import { effect } from '@preact/signals';
import { folders } from '../ground/folders.ts';
import { t } from '../ground/text.ts';

const SIDE = 64;
const COUNT_MAX = 99;

/** Draws the sign of the page with a red dot on it. */
async function drawSign(address: string): Promise<string | undefined> {
  const sign = new Image();
  sign.src = address;
  await sign.decode();
  const canvas = document.createElement('canvas');
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.drawImage(sign, 0, 0, SIDE, SIDE);
  const radius = SIDE * 0.24;
  for (const [colour, size] of [['#ffffff', radius + 4], ['#d64550', radius]] as const) {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(SIDE - radius - 2, radius + 2, size, 0, 2 * Math.PI);
    context.fill();
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return blob ? URL.createObjectURL(blob) : undefined;
}

/** Shows how much is unread in the title of the window, and that there is something in its sign. */
export function startBadge(): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const plain = link?.href;
  let marked: Promise<string | undefined> | undefined;
  effect(() => {
    const { badge = 0 } = folders.value;
    document.title = badge > 0 ? `(${badge > COUNT_MAX ? `${COUNT_MAX}+` : badge}) ${t('appName')}` : t('appName');
    if (!link || plain === undefined) return;
    if (badge === 0) {
      link.href = plain;
      return;
    }
    marked ??= drawSign(plain).catch(() => undefined);
    void marked.then((address) => {
      if (address !== undefined && (folders.value.badge ?? 0) > 0) link.href = address;
    });
  });
}
