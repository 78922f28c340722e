/** GitHub drops a job summary above 1 MiB as a whole; a little is left for what it adds itself. */
export const largestSummary = 1024 * 1024 - 1024;

/** The summary, cut after a whole line where it would be too large. Bytes count, not characters. */
export function fitSummary(markdown: string, limit: number = largestSummary): string {
  if (Buffer.byteLength(markdown) <= limit) return markdown;
  const note = '\n\n… cut here: the whole text is in the report.\n';
  const kept = Buffer.from(markdown).subarray(0, Math.max(0, limit - Buffer.byteLength(note)));
  const end = kept.lastIndexOf(0x0a);
  return `${kept.subarray(0, Math.max(0, end)).toString('utf8')}${note}`;
}
