import * as v from 'valibot';
import { choice, pattern } from './fields.ts';
import { encodeFinding } from './finding.ts';
import { imageGlob } from './image.ts';
import { expecting, leaf, listOf, mapping, section } from './leaf.ts';

export const severities = ['error', 'warning', 'notice'] as const;

/** Ids of rules are checked by the stage, which knows them. */
const rulePattern = '^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$';
const ruleAllowed = 'the id of a rule, such as image-pinned; docs/rules.md lists them';
const rule = (description: string) =>
  pattern(description, { noun: 'the id of a rule', allowed: ruleAllowed, pattern: rulePattern });

/** Relative, without backslashes, control characters and `..`. */
const insidePattern =
  '^(?![/~!])(?![A-Za-z]:)(?!(?:.*\\/)?\\.\\.(?:\\/|$))[^\\\\\\u0000-\\u001f\\u007f]{1,1000}$';

const ignoreEntry = section('A finding that you decided to live with.', {
  rule: rule('The rule that is not applied.'),
  path: v.optional(
    pattern('Files in which it is not, relative to the workspace; globs may be used. Default: all.', {
      noun: 'a path or glob',
      allowed: 'a relative path or glob with /, such as k8s/dev/**',
      pattern: insidePattern,
    }),
  ),
  reason: pattern('Why that is right.', {
    noun: 'a reason',
    allowed: 'a text that says why',
    pattern: '\\S',
  }),
  until: v.optional(
    leaf<string>({
      description: 'The last day on which this counts; from then on it is a finding of its own.',
      noun: 'a day',
      allowed: 'a day, written 2026-12-31',
      parse: (given) => (/^\d{4}-\d{2}-\d{2}$/.test(String(given)) ? String(given) : undefined),
      json: { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
      examples: ['2026-12-31'],
    }),
  ),
});

const ignoreList = expecting(
  v.pipe(
    v.array(
      ignoreEntry as v.GenericSchema as v.GenericSchema<unknown, v.InferOutput<typeof ignoreEntry>>,
      ({ input }) =>
        encodeFinding({
          message: input === null ? 'is empty' : '{given} is not a list',
          allowed: 'a list of mappings with rule and reason',
        }),
    ),
    v.metadata({ description: 'Findings that you decided to live with.' }),
  ) as v.GenericSchema as v.GenericSchema<readonly unknown[], readonly v.InferOutput<typeof ignoreEntry>[]>,
  'a list of mappings with rule and reason',
);

/** `validate:` of cutover.yml. */
export const validateSchema = section('What is checked before a release, and how strictly.', {
  'kubernetes-version': v.optional(
    leaf<string>({
      description:
        'Version of the cluster that manifests are checked against, in quotes. Default: the newest known.',
      noun: 'a version of Kubernetes',
      allowed: 'a version with its minor, such as "1.34"',
      parse: (given) => (/^1\.\d{1,2}$/.test(String(given)) ? String(given) : undefined),
      json: { type: 'string', pattern: '^1\\.[0-9]{1,2}$' },
      examples: ['1.34'],
    }),
  ),
  'external-images': v.optional(
    listOf(
      'Images that come from elsewhere, such as databases. With it, or with image of a component, any other image that the release does not build is an error.',
      'a list of repositories, such as [postgres, quay.io/prometheus/*]',
      imageGlob('Repository of an image from elsewhere; without a host it is one of docker.io.'),
    ),
  ),
  severity: v.optional(
    mapping(
      'Rules that weigh more or less than usual.',
      { noun: 'the id of a rule', allowed: ruleAllowed, pattern: rulePattern },
      choice('How much it weighs; what is to be left out goes under ignore, with its reason.', severities),
    ),
    {},
  ),
  ignore: v.optional(ignoreList, []),
  baseline: v.optional(
    pattern('File with the findings that were there before, written by cutover validate --write-baseline.', {
      noun: 'the path of a file',
      allowed: 'a relative path with /, such as cutover-baseline.json',
      pattern: insidePattern,
    }),
  ),
});
