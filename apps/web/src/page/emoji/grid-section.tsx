import type { ComponentChildren, FunctionComponent } from 'preact';

/** Height of the heading of a section, in pixels, as in the styles. */
export const HEADING = 32;

interface GridSectionProps {
  title: string;
  /** In pixels, known before it is drawn. */
  height: number;
  isNear: boolean;
  draw(): ComponentChildren;
}

/** A part of a long grid, below its heading. One that is far from what can be seen is only room. */
export const GridSection: FunctionComponent<GridSectionProps> = ({ title, height, isNear, draw }) => (
  <div {...(isNear ? { role: 'rowgroup', 'aria-label': title } : { 'aria-hidden': true })} style={{ blockSize: `${height}px` }}>
    <h3 role="presentation">
      <bdi>{title}</bdi>
    </h3>
    {isNear && draw()}
  </div>
);
