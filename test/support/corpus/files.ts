import type { Workspace } from './generate.ts';

/** A character that stands for one byte that is not UTF-8 in any place. */
export const strayByte = '\u{F00FF}';

/** Bytes of every file of the corpus by its path. */
export function committed(workspaces: readonly Workspace[]): Map<string, Buffer> {
  return new Map(
    workspaces.flatMap(({ name, files }) =>
      Object.entries(files).map(([path, text]) => [`${name}/${path}`, bytesOf(text)] as const),
    ),
  );
}

function bytesOf(text: string): Buffer {
  const pieces = text.split(strayByte).map((piece) => Buffer.from(piece, 'utf8'));
  return Buffer.concat(
    pieces.flatMap((piece, index) => (index === 0 ? [piece] : [Buffer.from([0xff]), piece])),
  );
}

/** expected.json: what has to be found in each workspace, one line a finding. */
export function tableOf(workspaces: readonly Workspace[]): string {
  const entries = workspaces.map(({ name, defects, settings, expected }) => {
    const findings = expected.map((place) => `      ${JSON.stringify(place)}`).join(',\n');
    const list = findings === '' ? '[]' : `[\n${findings}\n    ]`;
    return `  ${JSON.stringify(name)}: {\n    "defects": ${JSON.stringify(defects)},\n    "settings": ${JSON.stringify(settings)},\n    "findings": ${list}\n  }`;
  });
  return `{\n${entries.join(',\n')}\n}\n`;
}
