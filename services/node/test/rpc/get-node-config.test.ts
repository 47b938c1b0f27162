// GetNodeConfig.
import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { getNodeConfig } from "../../src/rpc/client/get-node-config.ts";
import { servedNode } from "./served-node.ts";

test("clients learn tokens, fees, governors and keys", async () => {
  const { served, enclave } = await servedNode();
  const config = await getNodeConfig(served)(create(EmptySchema));
  expect(config).toMatchObject({
    peerResponderId: "node0.test:8443",
    clientResponderId: "node0.test:443",
    blockVersion: 4,
    blockSigningKey: { data: enclave.initial.blockSigningKey?.data },
    scpMessageSigningKey: { data: served.options.self.publicKey },
    governorsSignature: { data: new Uint8Array(64).fill(6) },
  });
  expect(Object.keys(config.tokenConfigMap)).toEqual(["0", "5", "9"]);
  expect(config.tokenConfigMap["5"]).toMatchObject({ tokenId: 5n, minimumFee: 1_024n, governors: { threshold: 1 } });
  expect(config.tokenConfigMap["0"]?.governors).toBeUndefined();
});
