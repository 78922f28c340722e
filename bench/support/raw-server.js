/** Answers every request without a body at once, on raw sockets; prints its port. Ends with its parent. */
import { createServer } from 'node:net';

const answer =
  'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nX-Cutover-Color: blue\r\n\r\nok\n';
const end = '\r\n\r\n';

const server = createServer({ noDelay: true }, (socket) => {
  let rest = '';
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (text) => {
    const requests = (rest + text).split(end);
    rest = requests.pop();
    if (requests.length > 0) socket.write(answer.repeat(requests.length), 'latin1');
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(), 500);
