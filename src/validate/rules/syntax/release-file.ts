import { readingRule } from './reading.ts';

export const releaseFile = readingRule('release-file', {
  title: 'The release file is valid',
  why: 'Without a valid release file nothing is known of components, environments and the application’s own configuration, so rules about them are not applied.',
  fix: 'Mend what is named; the allowed values are listed in docs/configuration.md and by the JSON schema in an editor.',
});
