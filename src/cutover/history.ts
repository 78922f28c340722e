import * as v from 'valibot';
import type { JournalStore, Release } from '../targets/target.ts';
import { type Operation, releaseSchema } from './operation.ts';

const key = 'releases';
const kept = 10;

const history = v.object({
  schema: v.literal('cutover/releases/v1'),
  releases: v.array(releaseSchema),
});

/** The releases that went live, newest first, so that one whose colour is gone can be prepared again. */
export async function readHistory(journal: JournalStore): Promise<readonly Release[]> {
  const parsed = v.safeParse(history, await journal.read(key));
  if (!parsed.success) return [];
  return parsed.output.releases.map(releaseOf);
}

/** A journalled release in the target's terms. */
export function releaseOf(journalled: Operation['release']): Release {
  return { ...journalled, sha: journalled.sha };
}

/** Puts `release` first. */
export async function remember(journal: JournalStore, release: Release, token: number): Promise<void> {
  const earlier = (await readHistory(journal)).filter(({ id }) => id !== release.id);
  const document = { schema: 'cutover/releases/v1', releases: [release, ...earlier].slice(0, kept) };
  await journal.write(key, document, token);
}
