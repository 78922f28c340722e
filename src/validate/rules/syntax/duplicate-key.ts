import { readingRule } from './reading.ts';

export const duplicateKey = readingRule('duplicate-key', {
  title: 'A key stands once in a mapping',
  why: 'The value that counts depends on the program that reads the file: kubectl takes the last one without a word, others refuse the file. A limit or a probe that you see in review may not be the one that runs.',
  fix: 'Delete one of the two, or give it the name that was meant.',
  source: 'https://yaml.org/spec/1.2.2/#mapping',
});
