// Tests of outputs that an enclave makes, against answers of the public reference library: hashes of whole outputs, which
// every node must make alike.
import { fromHex, toHex } from "@fogbow/core-bytes";
import { BASE_POINT, publicKey } from "@fogbow/core-crypto";
import { decodeTx, FeeMap, txOutHash } from "@fogbow/core-transaction";
import { expect, test } from "vitest";
import { feeOutputs } from "../../src/form/fee-outputs.ts";
import { addressWithoutFog } from "../../src/form/fee-recipient.ts";
import { mintedOutputs } from "../../src/index.ts";
import { filled, mintTx } from "./candidates.ts";

const parentId = filled(7, 32);
const point = publicKey(BASE_POINT);
/** Pays 128 of token 1 in fees, and has nothing else in it. */
const TX = decodeTx(fromHex("0a0c1880012901000000000000001200"));

test("minted outputs are those of the reference library, two for the same amount and recipient too", () => {
  const mintTxs = [mintTx(1), mintTx(1), mintTx(2, { encryptedFogHint: filled(3, 84) })];
  const hashes = mintedOutputs(mintTxs, { parentId, blockVersion: 4 }).map((each) => toHex(txOutHash(each)));
  expect(hashes).toEqual([
    "b6f9a06166925a07f45ff7d1434774687dc67f13ccca006f9607212c2ae6ceed",
    "0887d9d056a8c636d1e10890ca077a38ff97e6c283f28e9512c5821df332d32f",
    "db3cb898a47868d82a4a7141db0fd0daa84750abaf87fd03137311ac040983cd",
  ]);
});

test("fee outputs are those of the reference library, of either version of amounts", () => {
  const hashes = (blockVersion: 2 | 4): string[] =>
    feeOutputs([TX, TX], {
      parentId,
      blockVersion,
      minimumFees: new FeeMap([
        [0n, 128n],
        [1n, 128n],
      ]),
      feeRecipient: addressWithoutFog({ viewPublicKey: point, spendPublicKey: point }),
    }).map((each) => toHex(txOutHash(each)));
  expect(hashes(4)).toEqual([
    "2c096b3ce5c1d3fae4f3b8e0b234ded4c17e3cfd667e659de595d98733e47875",
    "dcaf374815476dae971113308e556f3c3ea7b6881a2a3d4b96b09cacd49c6fdf",
  ]);
  expect(hashes(2)).toEqual([
    "a6e32dcf41d9936775ca28f3021263a0ee2ec14d65ffe1eaa555d581496c9cb8",
    "43345dcb64dbe0d0e8baedc6734a4cf687a0139bcd7a7388980a289e5b7f5d8a",
  ]);
});
