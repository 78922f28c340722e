/** One WebSocket frame (RFC 6455 §5.2); masked ones with a fixed mask. */
export function frame(opcode: number, payload: Buffer, masked = false): Buffer {
  const size = payload.length;
  const bit = masked ? 0x80 : 0;
  const head =
    size < 126
      ? Buffer.from([0x80 | opcode, bit | size])
      : size < 65_536
        ? Buffer.from([0x80 | opcode, bit | 126, size >> 8, size & 255])
        : Buffer.concat([Buffer.from([0x80 | opcode, bit | 127, 0, 0, 0, 0]), uint32(size)]);
  if (!masked) return Buffer.concat([head, payload]);
  const mask = Buffer.from([9, 8, 7, 6]);
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
