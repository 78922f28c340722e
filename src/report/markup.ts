/** Text that is known to be well-formed HTML, SVG or XML. Only `markup` and `join` make it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

export type Content = string | number | Markup | readonly Content[] | undefined;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Without what XML 1.0 does not allow (control characters, lone surrogates, U+FFFE, U+FFFF) and without the characters
 * that turn the direction of text, which can make a value read as another one.
 */
export function printable(text: string): string {
  return text.toWellFormed().replace(/(?![\t\n\r])[\p{Cc}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, '');
}

/** An address that is safe as a link in HTML and Markdown as it stands: no other scheme, no quotes, no brackets. */
export const plainAddress = /^https:\/\/[a-z0-9.-]+(:\d+)?(\/[\w./-]*)?$/i;

/** A value as text content or as a quoted attribute of HTML, SVG or XML. */
export function escapeMarkup(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function render(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string') return escapeMarkup(content);
  if (typeof content === 'number') return String(content);
  return content.map(render).join('');
}

/**
 * Template tag for HTML, SVG and XML: everything that is put in is escaped unless it is `Markup` already. `undefined`
 * leaves nothing, lists are joined.
 */
export function markup(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const parts = strings.map((text, i) => text + (i < values.length ? render(values[i]) : ''));
  return new Markup(parts.join(''));
}
