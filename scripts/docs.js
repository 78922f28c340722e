/** npm run docs: writes the JSON schemas and everything between the `begin` and `end` markers of the Markdown files. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { commandNames, commands, helpFor, overview } from '../src/cli/commands.ts';
import { exitCodes } from '../src/hosts/exit-codes.ts';
import { chaosParts } from './chaos.js';
import { writeRulePages } from './rules.js';
import { smokeParts } from './smoke.js';

/** Files that were filled, for the formatter. */
const filled = [];

const root = fileURLToPath(new URL('..', import.meta.url));

/** Scripts that write one schema each, by running. */
const schemas = ['scripts/schema.js', 'scripts/record-schema.js'];

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

function inputsTable({ inputs = {} }) {
  const rows = Object.entries(inputs).map(([name, input]) => {
    const given = input.default === '' || input.default === undefined ? '' : `\`${input.default}\``;
    return [`\`${name}\``, input.description, given];
  });
  return rows.length === 0 ? 'None.' : table(['input', 'what for', 'default'], rows);
}

const outputsTable = ({ outputs = {} }) =>
  table(
    ['output', 'what it is'],
    Object.entries(outputs).map(([name, { description }]) => [`\`${name}\``, description]),
  );

const fenced = (text) => `\`\`\`text\n${text.trimEnd()}\n\`\`\``;

function commandLine() {
  const parts = commandNames.map(
    (name) => `### cutover ${name}\n\n${capital(commands[name].summary)}.\n\n${fenced(helpFor(name))}`,
  );
  return [fenced(overview()), ...parts].join('\n\n');
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

const meaning = {
  passed: 'every gate passed',
  failed: 'a gate failed, the release was rolled back or refused, or something broke',
  usage: 'the command line or the inputs cannot be used; nothing was done',
  inconclusive: 'something could not be measured, which is never taken for success',
  cancelled: 'told to stop; the resume command was printed',
};

const exits = () =>
  table(
    ['exit code', 'name', 'when'],
    Object.entries(exitCodes).map(([name, code]) => [code, name, meaning[name]]),
  );

/** Replaces what stands between the markers of one name. */
function fill(text, name, content) {
  const begin = `<!-- ${name}:begin`;
  const end = `<!-- ${name}:end -->`;
  const from = text.indexOf(begin);
  if (from < 0) return text;
  const start = text.indexOf('-->', from) + 3;
  const stop = text.indexOf(end, start);
  if (stop < 0) throw new Error(`${begin} has no end marker`);
  return `${text.slice(0, start)}\n${content}\n${text.slice(stop)}`;
}

function fillFile(file, parts) {
  const path = join(root, file);
  if (!existsSync(path)) return;
  const before = readFileSync(path, 'utf8');
  const after = Object.entries(parts).reduce((text, [name, content]) => fill(text, name, content), before);
  if (after !== before) writeFileSync(path, after);
  filled.push(file);
}

const actionParts = (folder) => {
  const action = parse(readFileSync(join(root, folder, 'action.yml'), 'utf8'));
  return { inputs: inputsTable(action), outputs: outputsTable(action) };
};

mkdirSync(join(root, 'schema'), { recursive: true });
for (const schema of schemas) {
  const { status } = spawnSync(process.execPath, [join(root, schema)], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
for (const name of readdirSync(join(root, 'actions'))) {
  fillFile(`actions/${name}/README.md`, actionParts(`actions/${name}`));
}
for (const file of ['README.md', 'docs/actions.md']) {
  fillFile(file, { ...actionParts('.'), cli: commandLine(), exits: exits() });
}
fillFile('docs/smoke.md', smokeParts());
fillFile('docs/chaos.md', chaosParts());

filled.push(...(await writeRulePages()));

// Tables are aligned by the formatter, as it would do it anyway at the next `npm run format`.
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
const { status } = spawnSync(process.execPath, [biome, 'format', '--write', ...filled], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
process.exit(status ?? 1);
