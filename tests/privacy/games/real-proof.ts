// Whoever runs a node sees, for each ring member of a payment, the size of the tree in which its proof was made. When the real
// input's proof was fetched at another time than the others', that size names it. Wallets of ours fetch all at once.
import { chooseDecoys } from "@fogbow/core-transaction";
import type { FogLedgerClient } from "@fogbow/sdk";
import { chance } from "../chance.ts";
import { LocalFog } from "../fog/local-fog.ts";
import { Person } from "../fog/person.ts";
import { randomFrom } from "../fog/random.ts";
import { type Rate, rateOf } from "../interval.ts";

/** How often the real member is named, of 11. */
export interface ProofRates {
  /** When its proof is fetched first, and a block comes before the decoys' are. */
  readonly apart: Rate;
  /** When all are fetched in one request, as our client does. */
  readonly together: Rate;
}

/** A ring member as a node's host sees it, in the order of the ring. */
interface Member {
  readonly treeSize: bigint;
  readonly isReal: boolean;
}

const BLOCK_OUTPUTS = 4;
/** Outputs before the first payment: there must be decoys to choose from. */
const OUTPUTS = 40;

/** Plays so many payments of each kind. */
export async function playProofs(seed: number, payments: number): Promise<ProofRates> {
  const draw = chance(seed);
  const random = randomFrom(`decoys ${seed}`);
  const payee = new Person("somebody whose proofs are looked at");
  const pay = () => payee.pay(1n, undefined);
  const capacity = 2 ** Math.ceil(Math.log2(OUTPUTS + BLOCK_OUTPUTS * (payments + 2)));
  const fog = await LocalFog.start({ capacity, origin: Array.from({ length: OUTPUTS }, () => pay().txOut) });
  const addBlock = (): Promise<void> =>
    fog.add(
      Array.from({ length: BLOCK_OUTPUTS }, () => pay().txOut),
      [pay().keyImage],
    );
  const { ledger } = fog.clients("a wallet that pays");
  let [apart, together] = [0, 0];
  try {
    for (let i = 0; i < payments; i++) {
      const realIndex = BigInt(Math.floor(draw() * Number(fog.txoCount)));
      const [decoys = []] = chooseDecoys({ ledgerSize: fog.txoCount, realIndexes: [realIndex], random });
      const members = await membersOf([realIndex, ...decoys], realIndex, fog, ledger);
      if (guess(members, draw).isReal) together += 1;
      const early = await membersOf([realIndex], realIndex, fog, ledger);
      await addBlock();
      const late = await membersOf(decoys, realIndex, fog, ledger);
      if (guess([...early, ...late], draw).isReal) apart += 1;
    }
  } finally {
    await fog.close();
  }
  return { apart: rateOf(apart, payments), together: rateOf(together, payments) };
}

async function membersOf(
  indices: readonly bigint[],
  realIndex: bigint,
  fog: LocalFog,
  ledger: FogLedgerClient,
): Promise<Member[]> {
  const { outputs } = await ledger.getOutputs(indices, { txoCount: fog.txoCount });
  // In the order of rings, which is that of public keys.
  const inOrder = [...outputs].sort((a, b) => Buffer.compare(a.txOut.publicKey, b.txOut.publicKey));
  return inOrder.map(({ index, proof }) => ({ treeSize: proof.highestIndex, isReal: index === realIndex }));
}

/** The member whose tree size is the rarest of the ring; any of them, when there are several. */
function guess(members: readonly Member[], draw: () => number): Member {
  const times = (size: bigint): number => members.filter(({ treeSize }) => treeSize === size).length;
  const fewest = Math.min(...members.map(({ treeSize }) => times(treeSize)));
  const rarest = members.filter(({ treeSize }) => times(treeSize) === fewest);
  return rarest[Math.floor(draw() * rarest.length)] as Member; // There is one at least.
}
