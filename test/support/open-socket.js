/** Tries to reach the network in one way; for the test of no-network.js. */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns';
import { get } from 'node:http';
import { get as secureGet } from 'node:https';
import { connect } from 'node:net';
import { connect as secureConnect } from 'node:tls';

const ways = {
  net: () => connect(9, '127.0.0.1'),
  tls: () => secureConnect(9, '127.0.0.1'),
  dns: () => lookup('localhost', () => {}),
  http: () => get('http://127.0.0.1:9/'),
  https: () => secureGet('https://127.0.0.1:9/'),
  dgram: () => createSocket('udp4'),
  fetch: () => fetch('http://127.0.0.1:9/'),
};

try {
  ways[process.argv[2]]();
  console.log('open');
  process.exit(1);
} catch (error) {
  console.log(error.message === 'the network is blocked' ? `blocked ${globalThis.networkAttempts}` : error);
}
