import { readingRule } from './reading.ts';

export const aliasExpansion = readingRule('alias-expansion', {
  title: 'Aliases stand for a bounded number of values',
  why: 'A few lines of aliases can stand for billions of values and take down the API server, the runner or the deployment tool that expands them (a “billion laughs” file).',
  fix: 'Write the values out, or let aliases not name mappings and lists that hold aliases themselves.',
  source: 'https://nvd.nist.gov/vuln/detail/CVE-2019-11253',
});
