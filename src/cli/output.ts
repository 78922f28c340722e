import type { Terminal } from '../hosts/terminal.ts';
import type { TextStyle } from '../report/text.ts';

/** Where a command writes: progress to the terminal, its result to stdout. */
export interface Output {
  format: 'text' | 'json';
  terminal: Terminal;
  /** The one JSON object of `--json`. */
  json(value: unknown): void;
}

/** The terminal's colours for texts of report/. */
export const styleOf = ({ paint }: Terminal): TextStyle => ({
  strong: (text) => paint('bold', text),
  good: (text) => paint('good', text),
  bad: (text) => paint('bad', text),
  dim: (text) => paint('quiet', text),
});
