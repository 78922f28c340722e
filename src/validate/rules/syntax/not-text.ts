import { readingRule } from './reading.ts';

export const notText = readingRule('not-text', {
  title: 'Files are UTF-8 text',
  why: 'YAML, JSON, TOML and Dockerfiles have to be UTF-8; another encoding turns into other characters or an error wherever the file is read.',
  fix: 'Save the file as UTF-8. A binary file should not have the name of a text file.',
  source: 'https://yaml.org/spec/1.2.2/#52-character-encodings',
});
