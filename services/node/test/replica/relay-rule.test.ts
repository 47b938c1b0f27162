// To whom transactions are passed on (spec 05 §2.4).
import { create } from "@bufbuild/protobuf";
import type { NodeId } from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import { nodeKey } from "@fogbow/core-scp";
import { TxContextSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import type { PeerLink } from "../../src/replica/peers/peer-link.ts";
import { RelayRule } from "../../src/replica/relay-rule.ts";

const node = (n: number): NodeId => ({
  responderId: `${n}:1`,
  publicKey: bytes(new Uint8Array(32).fill(n), 32, "key"),
});
const tx = (n: number) => create(TxContextSchema, { txHash: new Uint8Array(32).fill(n) });

function make() {
  const sent: string[] = [];
  const links = [1, 2, 3].map((n) => {
    const config = { ...node(n), relayIncomingTxs: n === 1 };
    const relay = { relay: (hash: Uint8Array) => sent.push(`${hash[0]} to ${n}`) };
    return { key: nodeKey(config), config, relay } as unknown as PeerLink;
  });
  return { sent, rule: new RelayRule(node(0), links) };
}

test("what a client of this node proposes goes to all peers at once, and once", () => {
  const { sent, rule } = make();
  rule.relay(tx(7), node(0), "0:1");
  rule.relay(tx(7), node(0), "0:1");
  expect(sent).toEqual(["7 to 1", "7 to 2", "7 to 3"]);
});

test("what a peer proposes goes on only if the operator wants that, and never back", () => {
  const { sent, rule } = make();
  rule.relay(tx(7), node(2), "2:1");
  expect(sent).toEqual([]);
  rule.relay(tx(8), node(1), "2:1");
  expect(sent).toEqual(["8 to 3"]);
});
