import { readingRule } from './reading.ts';

export const tabIndentation = readingRule('tab-indentation', {
  title: 'YAML is indented with blanks',
  why: 'YAML forbids tabs in indentation, so the whole document is refused by everything that reads it.',
  fix: 'Replace the tab with blanks; `indent_style = space` in .editorconfig keeps it so.',
  source: 'https://yaml.org/spec/1.2.2/#61-indentation-spaces',
});
