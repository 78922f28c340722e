import type { Socket } from 'node:net';
import { type Piece, send } from '../wire.ts';
import type { Faults } from './faults.ts';
import { HeldPieces } from './held-pieces.ts';
import type { Passage } from './passage.ts';

/** Whose socket it is. */
export interface OutletOwner {
  /** What goes on at the moment; undefined: no fault concerns it. */
  passageNow(): Passage | undefined;
  /** Held bytes have gone out: more may be sent, unless the socket itself is full. */
  outletMoved(): void;
  /** A fault resets the client's connection. */
  resetByFault(): void;
}

/** The way out to one socket. Everything that is sent goes through here; as long as no fault is set, straight through. */
export class Outlet {
  private readonly faults: Faults;
  private readonly socket: Socket;
  private readonly direction: 'requests' | 'answers';
  private readonly owner: OutletOwner;
  private held: HeldPieces | undefined;
  private isEnding = false;

  constructor(faults: Faults, to: { socket: Socket; direction: 'requests' | 'answers' }, owner: OutletOwner) {
    this.faults = faults;
    this.socket = to.socket;
    this.direction = to.direction;
    this.owner = owner;
  }

  /** Something is held back. */
  get holds(): boolean {
    return this.held !== undefined && !this.held.isEmpty;
  }

  /** No more should be sent now. */
  get isFull(): boolean {
    return this.socket.writableNeedDrain || (this.held?.isFull ?? false);
  }

  /** The connection has been ended, or will be when what is held back has gone out. */
  get hasEnded(): boolean {
    return this.isEnding || this.socket.writableEnded;
  }

  /** Nothing but what faults may have stopped stands still for good. */
  get isStopped(): boolean {
    return this.holds && this.owner.passageNow()?.hit('blackhole') !== undefined;
  }

  /** The bytes are not referenced after the call. False: wait until `outletMoved` or the socket's `drain`. */
  send(piece: Piece): boolean {
    return this.faults.any ? this.sendThroughFaults(piece) : send(this.socket, piece);
  }

  /** Calls `then`, which is to end the connection, when everything is sent and no fault keeps it open. */
  end(then: () => void): void {
    const passage = this.faults.any ? this.owner.passageNow() : undefined;
    if (passage === undefined && !this.holds) then();
    else {
      this.isEnding = true;
      this.holding().addEnd(passage, then);
    }
  }

  /** Sends what is held back, whatever the faults say. */
  flush(): void {
    this.held?.flush();
  }

  /** Forgets what is held back. */
  drop(): void {
    this.held?.drop();
  }

  private sendThroughFaults(piece: Piece): boolean {
    const passage = this.owner.passageNow();
    if (passage === undefined && !this.holds) return send(this.socket, piece);
    const canReset = this.direction === 'answers' || passage?.isUpgraded;
    if (canReset && passage?.suffer('reset') !== undefined) {
      this.owner.resetByFault();
      return true;
    }
    this.holding().add(piece, passage);
    return !this.isFull;
  }

  private holding(): HeldPieces {
    this.held ??= new HeldPieces(this.faults, { socket: this.socket, direction: this.direction }, () =>
      this.owner.outletMoved(),
    );
    return this.held;
  }
}
