import { runCommandLine } from './run.ts';

// A stage that was cut short may leave sockets and timers behind; they must not keep the command alive.
process.exit(await runCommandLine(process.argv.slice(2)));
