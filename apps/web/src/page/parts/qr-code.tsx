import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../ground/text.ts';

/** Empty squares around the code beside the one that the package draws, without which cameras do not find it. */
const MARGIN = 2;

/** Draws the dark squares of a code as one path. Pure. */
function qrPath(rows: boolean[][]): string {
  return rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x + MARGIN} ${y + MARGIN}h1v1h-1z`] : []))).join('');
}

/** An address as a code that a camera reads. */
export const QrCode: FunctionComponent<{ url: string }> = ({ url }) => {
  const rows = useSignal<boolean[][]>([]);
  useEffect(() => {
    // Few people want a code, so what draws it comes when it is needed.
    void import('qr').then(({ default: encode }) => (rows.value = encode(url, 'raw', { border: 1 })));
  }, [url]);
  const side = rows.value.length + 2 * MARGIN;
  return (
    <svg class="qr" role="img" aria-label={t('qrCode')} viewBox={`0 0 ${side} ${side}`} shape-rendering="crispEdges">
      <path fill="currentColor" d={qrPath(rows.value)} />
    </svg>
  );
};
