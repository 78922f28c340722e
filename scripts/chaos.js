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

const each = () =>
  Object.values(faultKinds)
    .map((kind) => {
      const own = Object.keys(kind.entries).length === 0 ? 'It has no keys of its own.' : keys(kind.entries);
      return `### ${kind.kind}\n\n${kind.description}\n\n${own}\n\n${support(kind)}`;
    })
    .join('\n\n');

/** What stands between the markers of docs/chaos.md. */
export const chaosParts = () => ({
  'chaos-kinds': kinds(),
  'chaos-common': keys(commonEntries),
  'chaos-each': each(),
  'chaos-experiment': keysOf(experimentSchema),
  'chaos-protect': keysOf(protectSchema),
});
