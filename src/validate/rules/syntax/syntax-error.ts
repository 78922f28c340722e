import { readingRule } from './reading.ts';

export const syntaxError = readingRule('syntax-error', {
  title: 'Files are valid YAML, JSON, TOML, env files and Dockerfiles',
  why: 'What cannot be parsed is not applied, or only in part, and the release stops half-way. Nothing else in the broken document is checked.',
  fix: 'Mend the syntax at the place named; the other documents of the file are checked all the same.',
  source: 'https://yaml.org/spec/1.2.2/',
});
