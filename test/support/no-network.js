/**
 * `node --import no-network.js`: whatever would open a socket throws and is counted. The count is written into the file that
 * NETWORK_ATTEMPTS names, when the process ends.
 */
import dgram from 'node:dgram';
import dns from 'node:dns';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';

globalThis.networkAttempts = 0;

const refuse = () => {
  globalThis.networkAttempts += 1;
  throw new Error('the network is blocked');
};

for (const [module, names] of [
  [net, ['connect', 'createConnection', 'createServer']],
  [tls, ['connect', 'createServer']],
  [dns, ['lookup', 'resolve', 'resolve4', 'resolve6']],
  [dns.promises, ['lookup', 'resolve', 'resolve4', 'resolve6']],
  [http, ['request', 'get', 'createServer']],
  [https, ['request', 'get', 'createServer']],
  [dgram, ['createSocket']],
]) {
  for (const name of names) module[name] = refuse;
}
net.Socket.prototype.connect = refuse;
net.Server.prototype.listen = refuse;
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) dns.Resolver.prototype[name] = refuse;
globalThis.fetch = refuse;
syncBuiltinESMExports();

const file = process.env.NETWORK_ATTEMPTS;
if (file) process.on('exit', () => writeFileSync(file, String(globalThis.networkAttempts)));
