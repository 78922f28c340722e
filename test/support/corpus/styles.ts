import { dump, loadAll } from 'js-yaml';

/** Ways in which the same manifest is written; marks go along. */
export const styles = [
  'plain',
  'crlf',
  'comments',
  'wide',
  'flow',
  'json',
  'joined',
  'anchors',
  'quoted',
  'bom',
] as const;
export type Style = (typeof styles)[number];

const marks = '(?:«[a-z0-9-]+»)+';

/** JSON text of marked values: marks come before the quotes, and numbers and truth values lose theirs. */
function json(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    new RegExp(`"(${marks})((?:[^"\\\\]|\\\\.)*)"(\\s*:)?`, 'g'),
    (_, marked: string, rest: string, colon: string | undefined) => {
      const isBare = colon === undefined && /^(?:-?\d+(?:\.\d+)?|true|false|null)$/.test(rest);
      return `${marked}${isBare ? rest : `"${rest}"`}${colon ?? ''}`;
    },
  );
}

/** What is missing in an item of a list is told at its start: its first key in block style, its brace in flow style. */
const atBraces = (text: string): string =>
  text.replace(new RegExp(`\\{(\\s*)(${marks})(?="?name"?:)`, 'g'), '$2{$1');

const documents = (text: string): unknown[] => loadAll(text) as unknown[];

/** The same values with an own layout of YAML. */
const laidOut = (text: string, options: { indent?: number; flowLevel?: number }): string =>
  documents(text)
    .map((document) => dump(document, { lineWidth: -1, noRefs: true, ...options }))
    .join('---\n');

/** A comment on a line of its own before each list item, and one behind each fourth line that holds a plain value. */
const commented = (text: string): string =>
  text
    .split('\n')
    .map((line, index) => {
      if (/^\s*- name: /.test(line))
        return `${/^\s*/.exec(line)?.[0] ?? ''}# see docs/runbook.md: "how to"\n${line}`;
      return index % 4 === 3 && /^\s*[\w./-]+: [\w./-]+$/.test(line) ? `${line} # kept on purpose` : line;
    })
    .join('\n');

/** Keys and texts in double quotes. */
const quoted = (text: string): string =>
  text
    .split('\n')
    .map((line) =>
      line.replace(
        new RegExp(`^(\\s*(?:- )?(?:${marks})?)([\\w./-]+):( (?:${marks})?)?([a-zA-Z][\\w./:@-]*)?$`),
        (_, lead: string, key: string, gap: string | undefined, value: string | undefined) =>
          `${lead}"${key}":${gap ?? ''}${value === undefined ? '' : quotedValue(value)}`,
      ),
    )
    .join('\n');

const quotedValue = (value: string): string =>
  /^(?:true|false|null|yes|no|on|off)$/i.test(value) ? value : `"${value}"`;

/** Selector and labels of a Deployment through an anchor, limits through a merge key. */
const anchored = (text: string): string =>
  text
    .replace(
      /matchLabels:\n( +)(app\.kubernetes\.io\/name: \S+)\n( +)template:\n( +)metadata:\n( +)labels:\n +\2\n/,
      'matchLabels: &labels\n$1$2\n$3template:\n$4metadata:\n$5labels: *labels\n',
    )
    .replace(
      /requests:\n( +)(cpu: \w+)\n +(memory: \w+)\n( +)limits:\n +memory: (\w+)\n/,
      'requests: &requests\n$1$2\n$1$3\n$4limits:\n$1<<: *requests\n$1memory: $5\n',
    );

const transforms: Readonly<Record<Style, (text: string) => string>> = {
  plain: (text) => text,
  joined: (text) => text,
  crlf: (text) => text.replaceAll('\n', '\r\n'),
  comments: commented,
  wide: (text) => laidOut(text, { indent: 4 }),
  flow: (text) => atBraces(laidOut(text, { flowLevel: 3 })),
  json: (text) => {
    const found = documents(text);
    return `${atBraces(json(found.length === 1 ? found[0] : { apiVersion: 'v1', kind: 'List', items: found }))}\n`;
  },
  anchors: anchored,
  quoted,
  bom: (text) => `\uFEFF${text}`,
};

/** Files that a style leaves alone: those with marks that only the text as written can hold. */
export const isRewriting = (style: Style): boolean => ['wide', 'flow', 'json'].includes(style);

/** The files in another style. Only manifests change their layout; line ends and comments go everywhere they may. */
export function styled(files: Readonly<Record<string, string>>, style: Style): Record<string, string> {
  if (style === 'joined') return joined(files);
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => {
      const isManifest = path.startsWith('k8s/');
      if (!isManifest && !(style === 'crlf' && !path.endsWith('.sh'))) return [path, text];
      const name = style === 'json' ? path.replace(/\.yml$/, '.json') : path;
      return [name, transforms[style](text)];
    }),
  );
}

/** All manifests as the documents of one file. */
function joined(files: Readonly<Record<string, string>>): Record<string, string> {
  const paths = Object.keys(files).filter((path) => path.startsWith('k8s/'));
  const others = Object.entries(files).filter(([path]) => !paths.includes(path));
  if (paths.length === 0) return { ...files };
  const all = paths.map((path) => `# ${path}\n${files[path] ?? ''}`).join('---\n');
  return { ...Object.fromEntries(others), 'k8s/all.yml': all };
}
