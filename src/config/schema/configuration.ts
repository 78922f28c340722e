import * as v from 'valibot';
import { nameAllowed, namePattern } from './component.ts';
import { choice, pattern, text, wholeNumber } from './fields.ts';
import { encodeFinding } from './finding.ts';
import { expecting, leaf, listOf, type Scalar, section } from './leaf.ts';
import { either, list } from './lists.ts';
import { regularExpression } from './regular-expression.ts';

/** The checks that `production-safe` stands for; each can be asked for by itself. */
export const productionSafe = [
  'config-environment',
  'config-debug',
  'config-log-level',
  'config-authentication',
  'config-secrets',
  'config-rate-limiting',
  'config-tls',
  'config-cors',
  'config-risk-limits',
] as const;

export const ruleSets = ['production-safe', ...productionSafe] as const;

export const configFormats = ['yaml', 'json', 'toml', 'env'] as const;

/** What a value of a configuration file can be. */
export const valueTypes = ['string', 'number', 'integer', 'boolean', 'list', 'mapping'] as const;

/** What an inline rule can demand, as it is written. */
export const operators = [
  'required',
  'equals',
  'min',
  'max',
  'in',
  'pattern',
  'min-length',
  'type',
  'forbidden',
] as const;

const anyNumber = (description: string) =>
  leaf<number>({
    description,
    noun: 'a number',
    allowed: 'a number, such as 0.05 or 100',
    parse: (given) => numberIn(given),
    json: { type: 'number' },
    examples: [0.05],
  });

function numberIn(given: Scalar): number | undefined {
  if (typeof given === 'number') return given;
  const isWritten =
    typeof given === 'string' &&
    /^[-+]?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:[eE][-+]?\d{1,3})?$/.test(given);
  const value = isWritten ? Number(given) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

const flag = (description: string) =>
  leaf<true>({
    description,
    noun: 'true',
    allowed: 'true; leave the key out where it does not apply',
    parse: (given) => (given === true ? given : undefined),
    json: { const: true },
  });

const scalar = (description: string) =>
  leaf<Scalar>({
    description,
    noun: 'a text, a number, true or false',
    allowed: 'a text, a number, true or false',
    parse: (given) => given,
    json: { type: ['string', 'number', 'boolean'] },
  });

const pathShape = /^(?:"[^"]{1,200}"|[^."\s]{1,200})(?:\.(?:"[^"]{1,200}"|[^."\s]{1,200})){0,31}$/;

const configPath = leaf<readonly string[]>({
  description:
    'Keys that lead to the value; * stands for each item of a list or mapping, a key with a dot is quoted.',
  noun: 'a path of keys',
  allowed: 'keys with dots between them, such as risk_management.max_daily_loss or servers.*.port',
  parse: (given) => (pathShape.test(String(given)) ? pathSteps(String(given)) : undefined),
  json: { type: ['string', 'number'], pattern: pathShape.source },
  examples: ['risk_management.max_daily_loss'],
});

function pathSteps(given: string): readonly string[] {
  return (given.match(/"[^"]*"|[^."]+/g) ?? []).map((step) => step.replace(/^"(.*)"$/, '$1'));
}

const isMapping = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shape = section('A rule of your own about one value.', {
  path: configPath,
  required: v.optional(flag('The value must be there, and not be empty.')),
  equals: v.optional(scalar('What the value must be.')),
  min: v.optional(anyNumber('Smallest number allowed.')),
  max: v.optional(anyNumber('Largest number allowed.')),
  in: v.optional(listOf('Values allowed.', 'a list of texts, numbers, true or false', scalar('A value.'))),
  pattern: v.optional(
    regularExpression(
      'Regular expression (JavaScript, Unicode) that the value must match; ^ and $ are not implied.',
    ),
  ),
  'min-length': v.optional(wholeNumber('Fewest characters of a text, or items of a list.', [1, 1_000_000])),
  type: v.optional(choice('What kind of value it must be.', valueTypes)),
  forbidden: v.optional(
    either(
      Array.isArray,
      listOf(
        'Values that must not stand there.',
        'a list of texts, numbers, true or false',
        scalar('A value.'),
      ),
      flag('The value must not be there at all.'),
      'true, or a list of values that must not stand there',
    ),
  ),
  message: v.optional(text('What to say where the rule is broken, and why it matters.')),
});

type Shape = v.InferOutput<typeof shape>;

const inlineRule = expecting(
  v.pipe(
    shape,
    v.rawCheck<Shape>(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const finding = unusable(dataset.value);
      if (finding !== undefined) addIssue({ message: encodeFinding(finding) });
    }),
  ) as v.GenericSchema<object, Shape>,
  'a mapping with path and what must hold',
);

function unusable({ path, message, ...demands }: Shape): { message: string; allowed?: string } | undefined {
  if (Object.values(demands).every((demand) => demand === undefined)) {
    return { message: 'demands nothing', allowed: `path and at least one of ${operators.join(', ')}` };
  }
  if (demands.min !== undefined && demands.max !== undefined && demands.min > demands.max) {
    return { message: `min ${demands.min} is above max ${demands.max}, so no value would do` };
  }
  if (demands.required && demands.forbidden === true) {
    return { message: 'required and forbidden contradict each other' };
  }
  return undefined;
}

const item = either(
  isMapping,
  inlineRule,
  choice('A set of rules, or one of its rules.', ruleSets),
  `${ruleSets[0]}, the name of one of its rules, or a mapping with path and what must hold`,
);

const environmentName = pattern('Name of an environment.', {
  noun: 'an environment name',
  allowed: nameAllowed,
  pattern: namePattern,
});

const entry = section("One of the application's configuration files, and what must hold in it.", {
  file: pattern('The file, relative to this one; globs may be used.', {
    noun: 'the path of a file',
    allowed: 'a relative path with / that stays in the folder of this file; * and ** stand for any names',
    // Relative, without backslashes, control characters and `..`.
    pattern: '^(?![/~!])(?![A-Za-z]:)(?!(?:.*\\/)?\\.\\.(?:\\/|$))[^\\\\\\u0000-\\u001f\\u007f]{1,1000}$',
  }),
  component: v.optional(
    pattern('Component that reads it. Default: the only one, or the one whose folder it is in.', {
      noun: 'a component name',
      allowed: nameAllowed,
      pattern: namePattern,
    }),
  ),
  environments: v.optional(
    listOf('Environments that use it. Default: all.', 'a list of environment names', environmentName),
  ),
  format: v.optional(choice('How it is written. Default: by its name.', configFormats)),
  rules: v.optional(list('What must hold in it.', 'a list of rules', item), []),
  env: v.optional(
    listOf(
      'Variables that the component must have, whether or not the file uses them.',
      'a list of names of variables',
      pattern('Name of a variable.', {
        noun: 'the name of an environment variable',
        allowed: 'letters, digits and _, not starting with a digit',
        pattern: '^[A-Za-z_][A-Za-z0-9_]{0,199}$',
      }),
    ),
  ),
});

export const inlineRuleSchema = inlineRule;
export const configEntrySchema = entry;
export const configSchema = list(
  "The application's own configuration files, and what must hold in them.",
  'a list of mappings with file',
  entry,
);
