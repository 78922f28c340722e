/** `node --import no-network.js`: whatever would open a socket throws and is counted. */
import dgram from 'node:dgram';
import dns from 'node:dns';
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
globalThis.fetch = refuse;
syncBuiltinESMExports();
