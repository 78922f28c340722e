import type { Color } from '../../target.ts';
import type { Core } from './core.ts';
import { type Address, Entrance } from './entrance.ts';

interface Open {
  entrance: Entrance;
  /** Resolves when it listens. */
  address: Promise<Address>;
}

/** Addresses whose requests always go to one colour, live or not; at most one a colour. */
export class ColorEntrances {
  private readonly core: Core;
  private readonly open: Partial<Record<Color, Open>> = {};

  constructor(core: Core) {
    this.core = core;
  }

  /** Where the colour is reached; the same place for as long as it is open. @throws UserError when the port is taken */
  at(color: Color, address: Address): Promise<Address> {
    const known = this.open[color];
    if (known !== undefined) return known.address;
    const entrance = new Entrance(this.core, color);
    const opening = { entrance, address: entrance.listen(address) };
    this.open[color] = opening;
    opening.address.catch(() => {
      if (this.open[color] === opening) delete this.open[color];
    });
    return opening.address;
  }

  async close(color: Color): Promise<void> {
    const known = this.open[color];
    delete this.open[color];
    // One that is just being opened would go on to listen.
    await known?.address.catch(() => {});
    await known?.entrance.close();
  }
}
