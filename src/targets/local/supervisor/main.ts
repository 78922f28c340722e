import { messageOf, UserError } from '../../../platform/errors.ts';
import { systemPlatform } from '../../../platform/platform.ts';
import { superviseFolder } from './life.ts';

/** The supervisor's process: `node main.ts <state folder> [newest generation seen]`. Its output is the supervisor's log. */
const log = (text: string) => void process.stdout.write(`${new Date().toISOString()} ${text}\n`);
// A full disk must not end the proxies.
process.stdout.on('error', () => {});

process.on('uncaughtException', (error) => {
  // What one connection or one process does wrong must not end all the others.
  log(`unexpected: ${error.stack ?? error.message}`);
});

const [stateFolder, after] = process.argv.slice(2);
try {
  if (!stateFolder) throw new UserError('usage: supervisor <state folder>');
  const platform = systemPlatform((event) => log(JSON.stringify(event)));
  const generation = after === undefined ? undefined : Number(after);
  await superviseFolder({ stateFolder, after: generation, platform, log });
  process.exit(0);
} catch (error) {
  log(
    error instanceof UserError ? error.message : error instanceof Error ? `${error.stack}` : messageOf(error),
  );
  process.exit(1);
}
