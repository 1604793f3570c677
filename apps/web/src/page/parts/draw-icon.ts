import { type ComponentChildren, type FunctionComponent, h } from 'preact';

/** Makes the component of an icon. Icons say nothing to screen readers: the button around one has the name. */
export function drawIcon(draw: () => ComponentChildren): FunctionComponent {
  const Icon: FunctionComponent = () =>
    h('svg', { class: 'icon', viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', 'stroke-width': 2, 'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': true }, draw());
  return Icon;
}
