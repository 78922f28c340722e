import { readingRule } from './reading.ts';

export const tooLarge = readingRule('too-large', {
  title: 'Files are small enough to be read',
  why: 'A file this large is more than any part of a release, often generated data that got in by mistake; it was not checked.',
  fix: 'Split it into several files, or leave it out with `paths`.',
});
