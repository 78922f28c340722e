/** `npm run bench -- <name>` runs bench/<name>.js; without a name it lists them. */
import { readdirSync } from 'node:fs';

const [name] = process.argv.slice(2);
const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.js') && file !== 'run.js')
  .map((file) => file.slice(0, -3));

if (name === undefined) console.log(`Benchmarks: ${known.join(', ')}. Run one with: npm run bench -- <name>`);
else if (known.includes(name)) {
  process.argv.splice(2, 1);
  const benchmark = await import(`./${name}.js`);
  // Most print their table and return their figures, which are the last line; the others do both themselves.
  if (typeof benchmark.run === 'function') console.log(JSON.stringify(await benchmark.run()));
} else {
  console.error(`There is no benchmark "${name}". Known: ${known.join(', ')}`);
  process.exitCode = 2;
}
