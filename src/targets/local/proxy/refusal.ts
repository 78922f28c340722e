/** Why a message is not passed on. `status` is the answer that the client gets for a request. */
export class Refusal {
  readonly status: 400 | 408 | 413 | 431 | 501 | 505;
  /** A few words for people: `a line ends in a bare LF`. */
  readonly reason: string;

  constructor(status: Refusal['status'], reason: string) {
    this.status = status;
    this.reason = reason;
  }
}

const phrases = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  505: 'HTTP Version Not Supported',
} as const;

/** What the proxy itself, rather than a backend, can answer. */
export type OwnStatus = keyof typeof phrases;

/** Why the proxy answered by itself; the value of the header `x-cutover-reason`. */
export type OwnReason =
  /** 400, 413, 431, 501, 505: the request's bytes are not acceptable. */
  | 'bad-request'
  /** 408: the head or the body did not come in time. */
  | 'client-timeout'
  /** 503: no colour is live, or the live colour has no instance. */
  | 'no-backend'
  /** 502: every instance of the colour refused the connection. */
  | 'backend-refused'
  /** 502: the instance closed the connection after the request was sent to it and before it answered. */
  | 'backend-closed'
  /** 502: the instance's answer is not acceptable HTTP. */
  | 'backend-malformed'
  /** 502: the colour's drain deadline came before the answer. */
  | 'drain-deadline';

export interface OwnAnswer {
  status: OwnStatus;
  reason: OwnReason;
  /** One sentence for people, in the body. */
  text: string;
  /** Further header lines, each with its CRLF. */
  fields: string;
  /** HEAD: the answer has no body. */
  withoutBody: boolean;
}

/** The bytes (latin1) of an answer of our own. */
export function ownAnswer(answer: OwnAnswer): string {
  // The text may quote what a peer sent; it must not be able to leave the body or garble a terminal.
  const body = `${answer.text.replace(/[^\x20-\x7e]/g, '?')}\n`;
  const head =
    `HTTP/1.1 ${answer.status} ${phrases[answer.status]}\r\n` +
    'content-type: text/plain; charset=utf-8\r\n' +
    `content-length: ${body.length}\r\n` +
    `x-cutover-reason: ${answer.reason}\r\n` +
    `${answer.fields}\r\n`;
  return answer.withoutBody ? head : head + body;
}
