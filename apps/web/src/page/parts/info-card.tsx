import { type ComponentChildren, type ComponentType, type FunctionComponent, h } from 'preact';

/** A card in the column beside a chat, or on a page of the settings. @param title stands above it @param level of that heading: 2 if the page has the first one, as the settings have */
export const InfoCard: FunctionComponent<{ title?: string; level?: 2 | 3; children: ComponentChildren }> = ({ title, level = 3, children }) => (
  <section class="info-card-place" aria-label={title}>
    {title !== undefined && h(`h${level}`, { class: 'info-card-title' }, title)}
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
