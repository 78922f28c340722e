export type Decoded = { text: string } | { before: string; invalidAt: number };

/**
 * Strict UTF-8, byte order mark kept. On bad input: the text before the first invalid byte, and where that is,
 * counted in bytes from 0.
 */
export function decodeUtf8(bytes: Uint8Array): Decoded {
  const text = decodePrefix(bytes, false);
  if (text !== undefined) return { text };
  // The longest prefix that decodes; an incomplete character at its end is not an error yet.
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodePrefix(bytes.subarray(0, middle), true) === undefined) bad = middle;
    else good = middle;
  }
  return { before: decodePrefix(bytes.subarray(0, good), true) ?? '', invalidAt: good };
}

function decodePrefix(bytes: Uint8Array, stream: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream });
  } catch {
    return undefined;
  }
}
