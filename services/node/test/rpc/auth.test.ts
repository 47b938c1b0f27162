// Handshakes of clients and peers.
import { create } from "@bufbuild/protobuf";
import { beginChannel, Session } from "@fogbow/core-attest";
import { AuthMessageSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { seededRandom } from "../../../../enclaves/runtime/test/test-parts.ts";
import { spend } from "../../../../stores/ledger-db/test/economy.ts";
import { clientAuth } from "../../src/rpc/client/auth.ts";
import { clientTxPropose } from "../../src/rpc/client/client-tx-propose.ts";
import { peerAuth } from "../../src/rpc/peer/auth.ts";
import { sealed, servedNode } from "./served-node.ts";

test("a client's handshake gives a channel that proposals go through", async () => {
  const { served } = await servedNode();
  const pending = beginChannel({ responderId: "node0.test:443" }, { random: seededRandom("handshake") });
  const { data } = await clientAuth(served)(create(AuthMessageSchema, { data: pending.request }));
  const session = new Session((await pending.finish(data, () => undefined)).keys);
  expect(await clientTxPropose(served)(sealed(session, spend(served.ledger, [0n])))).toMatchObject({ result: 0 });
});

test("what is no handshake is refused", async () => {
  const { served } = await servedNode();
  const nonsense = create(AuthMessageSchema, { data: new Uint8Array(50) });
  await expect(clientAuth(served)(nonsense)).rejects.toThrow("The enclave refuses the message.");
  await expect(peerAuth(served)(nonsense)).rejects.toThrow("The enclave refuses the message.");
});
