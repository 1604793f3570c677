import type { ComponentChildren, ComponentType, FunctionComponent } from 'preact';

/** A card in the column beside a chat. @param title stands above it */
export const InfoCard: FunctionComponent<{ title?: string; children: ComponentChildren }> = ({ title, children }) => (
  <section class="info-card-place" aria-label={title}>
    {title !== undefined && <h3 class="info-card-title">{title}</h3>}
    <div class="info-card">{children}</div>
  </section>
);

interface RowProps {
  icon?: ComponentType;
  text: ComponentChildren;
  /** What is set, in a word. */
  value?: ComponentChildren;
}

const RowContent: FunctionComponent<RowProps> = ({ icon: Icon, text, value }) => (
  <>
    {Icon && <Icon />}
    <span class="info-row-text" dir="auto">
      {text}
    </span>
    {value !== undefined && (
      <span class="info-row-value">
        <bdi>{value}</bdi>
      </span>
    )}
  </>
);

/** A row of a card that leads to a page. */
export const InfoLink: FunctionComponent<RowProps & { href: string }> = ({ href, ...row }) => (
  <a class="info-row" href={href}>
    <RowContent {...row} />
  </a>
);

/** A row of a card that does something. */
export const InfoAction: FunctionComponent<RowProps & { isDangerous?: boolean; isBusy?: boolean; act(): void }> = ({ isDangerous, isBusy, act, ...row }) => (
  <button class={`info-row${isDangerous ? ' is-dangerous' : ''}`} type="button" aria-busy={isBusy} disabled={isBusy} onClick={act}>
    <RowContent {...row} />
  </button>
);
