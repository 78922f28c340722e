import { type Document, mappingOf, valueAt } from '../document.ts';
import { offsetsWithin, type TextValue } from '../within.ts';
import type { Manifest, Unreadable } from '../workspace.ts';
import { isTemplate } from './helm.ts';
import { positionAt } from './lines.ts';
import { brokenDocument } from './places.ts';
import { readYaml } from './yaml.ts';

/** Documents of YAML and JSON files as they are written, by file. */
export type Originals = ReadonlyMap<string, readonly Document[]>;

/** What the texts of a ConfigMap hold. Each document's places are those of the file that it is written in. */
export interface EmbeddedFiles {
  readonly documents: readonly Document[];
  readonly problems: readonly Unreadable[];
}

/** The files of Prometheus in a ConfigMap: rules and scrape configurations. */
export function embeddedIn(manifest: Manifest, originals: Originals): EmbeddedFiles {
  const found = textsOf(manifest).map((one) => readText(one, originals));
  return {
    documents: found.flatMap(({ documents }) => documents),
    problems: found.flatMap(({ problems }) => problems),
  };
}

/** The keys that such a file has at its top, at the beginning of a line. */
const topKey = /^["']?(?:groups|scrape_configs)["']?[ \t]*:/m;

function textsOf({ document, kind, apiVersion, value }: Manifest): readonly TextValue[] {
  if (kind !== 'ConfigMap' || apiVersion !== 'v1') return [];
  return Object.entries(mappingOf(value['data']) ?? {}).flatMap(([key, text]) =>
    typeof text === 'string' && topKey.test(text) ? [{ document, path: ['data', key], text }] : [],
  );
}

/** An object that kustomize has built is written elsewhere: in a manifest, or in files that it is generated from. */
function readText(embedded: TextValue, originals: Originals): EmbeddedFiles {
  const { document, path, text } = embedded;
  if (document.extent(path)) return readWritten(embedded);
  const { file = document.file } = document.position(path);
  const resource = originals.get(file.path)?.find(({ value }) => valueAt(value, path) === text);
  if (resource) return readWritten({ ...embedded, document: resource });
  const generated = [...originals.values()].find(([first]) => first?.file.text === text);
  return { documents: generated ?? [], problems: [] };
}

/** Names by which a file is one of Prometheus, whatever it holds: `alerts.yml`, `gateway.rules.yaml`, `api.rules`. */
const prometheusName =
  /(?:^|[._-])(?:prometheus|alerts?|alerting|recording|rules?)(?:[._-][\w.-]*)?\.ya?ml$|\.rules$/i;

function readWritten(embedded: TextValue): EmbeddedFiles {
  const { document, path, text } = embedded;
  const { documents, problems } = readYaml({ path: document.file.path, text });
  const isTold = prometheusName.test(String(path.at(-1))) && !isTemplate(text);
  const frame: Frame = { ...embedded, offsetOf: offsetsWithin(embedded) };
  return {
    documents: documents.map((inner) => placedIn(frame, inner)),
    problems: isTold ? problems.map((problem) => problemIn(frame, problem)) : [],
  };
}

interface Frame extends TextValue {
  /** In the file, of a character of the text. */
  readonly offsetOf: (index: number) => number | undefined;
}

function placedIn(frame: Frame, inner: Document): Document {
  const { document, path, offsetOf } = frame;
  return {
    file: document.file,
    index: document.index,
    value: inner.value,
    base: [...(document.base ?? []), ...path],
    position: (at, part) => {
      const offset = offsetOf(inner.position(at, part).offset);
      return offset === undefined ? document.position(path) : positionAt(document.file, offset);
    },
    extent: (at) => extentIn(frame, inner.extent(at)),
  };
}

type Extent = ReturnType<Document['extent']>;

/** Only where the file has the same characters there, blanks aside: no escapes, no doubled quotes. */
function extentIn({ document, text, offsetOf }: Frame, inner: Extent): Extent {
  if (!inner) return undefined;
  const wanted = text.slice(inner.start, inner.end).trimEnd();
  const start = offsetOf(inner.start);
  const last = offsetOf(inner.start + Math.max(wanted.length - 1, 0));
  if (start === undefined || last === undefined) return undefined;
  const written = document.file.text.slice(start, last + 1);
  return withoutBlanks(written) === withoutBlanks(wanted) ? { start, end: last + 1 } : undefined;
}

const withoutBlanks = (text: string): string => text.replace(/\s+/g, '');

function problemIn(
  { document, path, offsetOf }: Frame,
  { problem, document: inner, message }: Unreadable,
): Unreadable {
  const { file } = document;
  const offset = offsetOf(inner.position([]).offset) ?? document.position(path).offset;
  const base = [...(document.base ?? []), ...path, ...(inner.base ?? [])];
  return { problem, file, document: brokenDocument(file, offset, base), message };
}
