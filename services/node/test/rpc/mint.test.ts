// ProposeMintConfigTx and ProposeMintTx.
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { tryConsensusValue } from "@fogbow/core-scp";
import { mintConfigTxToWire, mintTxToWire } from "@fogbow/core-transaction";
import { MintConfigTxSchema, MintTxSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { appendContents, configureMinting, forming, mint } from "../../../../stores/ledger-db/test/economy.ts";
import { proposeMintConfigTx } from "../../src/rpc/client/propose-mint-config-tx.ts";
import { proposeMintTx } from "../../src/rpc/client/propose-mint-tx.ts";
import { type ServedNode, servedNode } from "./served-node.ts";

const config = (...args: Parameters<typeof configureMinting>) =>
  create(MintConfigTxSchema, mintConfigTxToWire(configureMinting(...args)));
const minted = (...args: Parameters<typeof mint>) => create(MintTxSchema, mintTxToWire(mint(...args)));

function configure({ served }: ServedNode): void {
  const signerSet = forming().governors(5n as never);
  if (signerSet === undefined) throw new Error("Token 5 has governors.");
  const validatedMintConfigTxs = [{ mintConfigTx: configureMinting(1), signerSet }];
  appendContents(served.ledger, { keyImages: [], outputs: [], validatedMintConfigTxs, mintTxs: [] });
}

test("a configuration that its governors signed is proposed in full", async () => {
  const { served, proposed } = await servedNode();
  expect(await proposeMintConfigTx(served)(config(1))).toMatchObject({ result: { code: 0 }, blockCount: 1n });
  expect(proposed.map((value) => tryConsensusValue(value)?.name)).toEqual(["MintConfigTx"]);
});

test("a configuration is refused with the reason", async () => {
  const { served, proposed } = await servedNode();
  const propose = proposeMintConfigTx(served);
  expect((await propose(config(1, {}, 21))).result).toMatchObject({ code: 5 }); // Not the governors.
  expect((await propose(config(1, { tokenId: 9n as never, configs: [] }))).result).toMatchObject({
    code: 10,
    tokenId: 9n,
  });
  expect((await propose(config(1, { tombstoneBlock: 1n }))).result).toMatchObject({ code: 6 });
  expect((await propose(config(1, { tombstoneBlock: 99_999n }))).result).toMatchObject({ code: 7 });
  expect(proposed).toEqual([]);
});

test("what is minted within a configuration is proposed, what is not is refused with the reason", async () => {
  const node = await servedNode();
  const propose = proposeMintTx(node.served);
  expect((await propose(minted(2, 500n))).result).toMatchObject({ code: 12 }); // Nothing is configured.
  configure(node);
  expect((await propose(minted(2, 500n))).result).toMatchObject({ code: 0 });
  expect((await propose(minted(2, 500n, 19))).result).toMatchObject({ code: 12 });
  expect((await propose(minted(2, 2_000_000n))).result).toMatchObject({ code: 9 });
  expect((await propose(minted(2, 500n, 11, 1n))).result).toMatchObject({ code: 6 });
  expect(node.proposed.map((value) => tryConsensusValue(value)?.name)).toEqual(["MintTx"]);
});

test("a nonce counts once", async () => {
  const node = await servedNode();
  configure(node);
  expect((await proposeMintConfigTx(node.served)(config(1))).result).toMatchObject({ code: 11 });
});

test("what is no minting transaction is refused, and everything is when the node does not serve", async () => {
  const { served } = await servedNode();
  const code = (answer: Promise<unknown>): Promise<Code> =>
    answer.then(
      () => Code.Unknown,
      (error) => ConnectError.from(error).code,
    );
  expect(await code(proposeMintTx(served)(create(MintTxSchema)))).toBe(Code.InvalidArgument);
  expect(await code(proposeMintConfigTx(served)(create(MintConfigTxSchema)))).toBe(Code.InvalidArgument);
  const idle = (await servedNode({ isServing: () => false })).served;
  expect(await code(proposeMintTx(idle)(minted(2, 500n)))).toBe(Code.Unavailable);
  expect(await code(proposeMintConfigTx(idle)(config(1)))).toBe(Code.Unavailable);
});
