import type { ComponentType, FunctionComponent } from 'preact';

interface RoundButtonProps {
  /** For screen readers, and shown under the pointer. */
  name: string;
  icon: ComponentType;
  disabled?: boolean;
  act(): void;
}

/** A button that is an icon. */
export const RoundButton: FunctionComponent<RoundButtonProps> = ({ name, icon: Icon, disabled, act }) => (
  <button class="round" type="button" aria-label={name} title={name} disabled={disabled} onClick={act}>
    <Icon />
  </button>
);
