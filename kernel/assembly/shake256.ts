// SHAKE256 (FIPS 202 §6.2): Keccak-f[1600] at a rate of 136 bytes, as long an output as is asked for. Time and addresses
// depend on the lengths alone.
import { keccakPermute } from "./keccak";

const RATE: usize = 136;

const state = memory.data(200, 16);

/** out = the first `outLength` bytes of SHAKE256 of `length` bytes at `data`. */
export function shake256(out: usize, outLength: i32, data: usize, length: i32): void {
  memory.fill(state, 0, 200);
  let position: usize = 0;
  for (let i: usize = 0; i < <usize>length; i++) {
    store<u8>(state + position, load<u8>(state + position) ^ load<u8>(data + i));
    position += 1;
    if (position === RATE) {
      keccakPermute(state);
      position = 0;
    }
  }
  // Padding: the suffix 1111 of SHAKE and the first one of pad10*1, and its last in the block's last bit.
  store<u8>(state + position, load<u8>(state + position) ^ 0x1f);
  store<u8>(state + RATE - 1, load<u8>(state + RATE - 1) ^ 0x80);
  for (let done: usize = 0; done < <usize>outLength; done += RATE) {
    keccakPermute(state);
    memory.copy(out + done, state, min(RATE, <usize>outLength - done));
  }
  memory.fill(state, 0, 200);
}
