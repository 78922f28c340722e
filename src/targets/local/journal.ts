import { messageOf, UserError } from '../../platform/errors.ts';
import type { JournalStore } from '../target.ts';
import { pathsIn } from './paths.ts';
import type { Session } from './session.ts';

/** Documents are read from their files and written by the supervisor, which knows the newest lease. */
export function journalOf(session: Session): JournalStore {
  return {
    read: async (key) => {
      const path = pathsIn(session.stateFolder).journal(key);
      const text = await session.platform.files.readText(path);
      if (text === undefined) return undefined;
      try {
        return JSON.parse(text);
      } catch (error) {
        throw new UserError(`${path} is damaged: ${messageOf(error)}`, {
          next: `look at ${path} and at \`cutover status\`, then remove the file`,
          docs: 'docs/local-target.md#state',
        });
      }
    },
    write: async (key, document, token) => {
      await session.call('journal.write', { key, document: document ?? null, token });
    },
  };
}
