/** Part of npm run docs: the tables of docs/chaos.md, from the registry of faults and the schema of experiments. */
import { faultKinds } from '../src/chaos/faults/index.ts';
import { commonEntries, experimentSchema } from '../src/chaos/schema/experiment.ts';
import { protectSchema } from '../src/config/schema/environment.ts';
import { keys, keysOf, table } from './key-tables.js';

const kinds = () =>
  table(
    ['fault', 'what it does', 'hits', 'takes instances down'],
    Object.values(faultKinds).map(({ kind, description, hits, takesDown }) => [
      `[\`${kind}\`](#${kind})`,
      description,
      hits === 'instances' ? 'some instances' : 'the whole colour',
      takesDown ? 'yes' : 'no',
    ]),
  );

const support = ({ support: targets }) =>
  table(
    ['target', 'how', 'needs', 'else'],
    Object.entries(targets).map(([target, { how, permission, fallback }]) => [
      target,
      how,
      permission,
      fallback ?? '–',
    ]),
  );

const each = () => Object.values(faultKinds).map(one).join('\n\n');

const one = (fault) =>
  [
    `### ${fault.kind}`,
    fault.description,
    `\`\`\`yaml\n${fault.example.trim()}\n\`\`\``,
    ownKeys(fault),
    support(fault),
    `**Seen by:** ${fault.seenBy}`,
    ...(fault.limits ? [`**Limits:** ${fault.limits}`] : []),
  ].join('\n\n');

function ownKeys({ entries, oneOf }) {
  if (Object.keys(entries).length === 0) return 'It has no keys of its own.';
  const choice = oneOf ? `\n\nExactly one of ${oneOf.map((key) => `\`${key}\``).join(', ')} is given.` : '';
  return `${keys(entries)}${choice}`;
}

/** What stands between the markers of docs/chaos.md. */
export const chaosParts = () => ({
  'chaos-kinds': kinds(),
  'chaos-common': keys(commonEntries),
  'chaos-each': each(),
  'chaos-experiment': keysOf(experimentSchema),
  'chaos-protect': keysOf(protectSchema),
});
