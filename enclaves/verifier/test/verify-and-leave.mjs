// A process that verifies bytes which are no transaction, never closes its pool, and has nothing else to do.
import { workerPool } from "../dist/index.js";

const pool = workerPool({ threads: 1 });
const context = { blockVersion: 4, currentIndex: 1n, minimumFees: [[0n, 128n]], rootProofs: [] };
for (let i = 0; i < 2; i++) {
  const [answer] = await pool.verify([Uint8Array.of(255)], context);
  process.stdout.write(`${answer.code}\n`);
}
