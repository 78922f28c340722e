import {
  CORE_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  intCoreTag,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  type Schema,
  seqTag,
} from 'js-yaml';

/**
 * Whole numbers as the Go programs that read these files take them: `0644` is octal (kubectl, Compose), beside the forms
 * of YAML 1.2.
 */
const intTag = defineScalarTag<number>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: intCoreTag.implicitFirstChars,
  resolve: (source, isExplicit, tagName) =>
    /^[-+]?0[0-7]+$/.test(source)
      ? Number.parseInt(source, 8)
      : intCoreTag.resolve(source, isExplicit, tagName),
  identify: intCoreTag.identify,
});

/** Tags of applications (`!Ref`, `!vault`, Compose's `!reset`) mean nothing here; what they stand on is read as it is. */
const anyTag = { matchByTagPrefix: true, identify: () => false };
const anyScalar = defineScalarTag<string>('!', { ...anyTag, resolve: (source) => source });
const anySequence = defineSequenceTag<unknown[]>('!', {
  ...anyTag,
  create: seqTag.create,
  addItem: seqTag.addItem,
});
const anyMapping = defineMappingTag<Record<string, unknown>>('!', {
  ...anyTag,
  create: mapTag.create,
  addPair: mapTag.addPair,
  has: mapTag.has,
  keys: mapTag.keys,
  get: mapTag.get,
});

/** Both are handed on as text by every program that reads these files. */
const textTags = ['binary', 'timestamp'].map((name) =>
  defineScalarTag<string>(`tag:yaml.org,2002:${name}`, {
    resolve: (source) => source,
    identify: () => false,
  }),
);

/** YAML 1.2 core with merge keys, octal numbers and foreign tags. */
export const yamlSchema: Schema = CORE_SCHEMA.withTags(
  mergeTag,
  intTag,
  anyScalar,
  anySequence,
  anyMapping,
  ...textTags,
);

/** Words that YAML 1.1 takes for truth values, as kubectl does. */
const words = new Map([
  ...['true', 'True', 'TRUE', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE', 'no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
]);

const truthTag = defineScalarTag<boolean>('tag:yaml.org,2002:bool', {
  implicit: true,
  implicitFirstChars: ['t', 'T', 'y', 'Y', 'o', 'O', 'f', 'F', 'n', 'N'],
  resolve: (source) => words.get(source) ?? NOT_RESOLVED,
  identify: () => false,
});

/** As `yamlSchema`, with `yes`, `no`, `on` and `off` as truth values: how kubectl reads a manifest. */
export const manifestSchema: Schema = yamlSchema.withTags(truthTag);
